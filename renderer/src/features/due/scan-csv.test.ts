import { expect, test } from 'vitest';
import { scanCsv } from './scan-csv.ts';

test('quotes what needs it, and no name becomes a formula', () => {
  const text = scanCsv({
    certificates: [
      {
        state: 'expired',
        notAfter: 0,
        notBefore: Date.UTC(1969, 0, 1),
        file: 'a, b.pem',
        position: 0,
        subject: '=HYPERLINK("x")',
        issuer: 'CN=old',
        serial: '0a',
        fingerprint: 'ff',
      },
    ],
    unreadable: [{ file: '-x.crt', reason: 'not DER' }],
  });
  expect(text.split('\r\n')).toEqual([
    'state,not_after,not_before,file,position,subject,issuer,serial,fingerprint_sha256',
    `expired,1970-01-01T00:00:00.000Z,1969-01-01T00:00:00.000Z,"a, b.pem",1,"'=HYPERLINK(""x"")",CN=old,0a,ff`,
    "unreadable,,,'-x.crt,,not DER,,,",
    '',
  ]);
});
