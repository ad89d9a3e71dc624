import type { CallOutput } from '../../../../shared/contract.ts';

type Scan = CallOutput<'rotation.scan'>;

const columns = [
  'state',
  'not_after',
  'not_before',
  'file',
  'position',
  'subject',
  'issuer',
  'serial',
  'fingerprint_sha256',
] as const;

/** A cell of a CSV (RFC 4180). Names come from files of others: a spreadsheet must not take one for a formula. */
function cell(value: string | number): string {
  const text = String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The table of a scan for a spreadsheet; times as ISO 8601 in UTC, files that could not be read at the end. */
export function scanCsv({ certificates, unreadable }: Pick<Scan, 'certificates' | 'unreadable'>): string {
  const time = (at: number) => new Date(at).toISOString();
  const lines = [
    columns.join(','),
    ...certificates.map((each) =>
      [
        each.state,
        time(each.notAfter),
        time(each.notBefore),
        each.file,
        each.position + 1,
        each.subject,
        each.issuer,
        each.serial,
        each.fingerprint,
      ]
        .map(cell)
        .join(','),
    ),
    ...unreadable.map(({ file, reason }) => ['unreadable', '', '', file, '', reason, '', '', ''].map(cell).join(',')),
  ];
  return `${lines.join('\r\n')}\r\n`;
}
