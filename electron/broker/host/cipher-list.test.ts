import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { recommendedCiphers } from '../../../shared/model/kit.ts';
import { suitesOfList } from '../../../shared/rules/cipher-list.ts';

const run = promisify(execFile);

/** What OpenSSL makes of a list, of those suites that Erlang has for such certificates; in its order. */
async function byOpenssl(list: string): Promise<string[]> {
  const { stdout } = await run('openssl', ['ciphers', '-s', '-tls1_2', list === 'DEFAULT' ? list : `@SECLEVEL=0:${list}`]).catch(
    () => ({ stdout: '' }),
  );
  const all = suitesOfList('ALL') ?? [];
  return stdout
    .trim()
    .split(':')
    .filter((name) => all.includes(name));
}

it('means the same as OpenSSL, in the same order', async () => {
  const word = fc.constantFrom(
    ...[
      'ECDHE',
      'EECDH',
      'DHE',
      'EDH',
      'kRSA',
      'RSA',
      'aRSA',
      'ECDSA',
      'AES',
      'AES128',
      'AES256',
      'AESGCM',
      'AESCCM',
      'CHACHA20',
    ],
    ...['SHA1', 'SHA256', 'SHA384', 'TLSv1.2', 'ALL', 'HIGH', 'ECDHE-RSA-AES128-GCM-SHA256', 'AES256-SHA', 'DHE-RSA-AES128-SHA'],
    ...['aNULL', 'MD5', 'CAMELLIA', 'PSK', 'AESCCM8', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  );
  const part = fc
    .tuple(fc.constantFrom('', '', '', '!', '-', '+'), fc.array(word, { minLength: 1, maxLength: 2 }))
    .map(([sign, words]) => sign + [...new Set(words)].join('+'));
  const lists = fc.sample(fc.array(part, { minLength: 1, maxLength: 5 }), { numRuns: 100, seed: 20261122 });
  const fixed = [recommendedCiphers, 'ECDHE+AESGCM:ECDHE+CHACHA20', 'HIGH:!aNULL:!MD5', 'DEFAULT', 'AES256:AES128:@STRENGTH'];
  const wrong: unknown[] = [];
  for (const list of [...fixed, ...lists.map((parts) => parts.join(':'))]) {
    const [ours, theirs] = [suitesOfList(list), await byOpenssl(list)];
    if (JSON.stringify(ours) !== JSON.stringify(theirs)) wrong.push({ list, ours, theirs });
  }
  expect(wrong.slice(0, 3)).toEqual([]);
});

it('names nothing that Erlang does not know, and gives no answer for a word that it does not know itself', async () => {
  const names = suitesOfList('ALL') ?? [];
  const code = `[io:format("~s~n", [N]) || N <- string:lexemes(hd(init:get_plain_arguments()), ":"),
    lists:member(ssl:str_to_suite(N), ssl:cipher_suites(all, 'tlsv1.2'))], halt().`;
  const { stdout } = await run('erl', ['-noshell', '-eval', code, '-extra', names.join(':')]);
  expect(stdout.trim().split('\n')).toEqual(names);
  expect(names).toHaveLength(31);
  expect(suitesOfList('ECDHE+AESGCM:PROFILE=SYSTEM')).toBeNull();
  expect(suitesOfList('ECDHE+AESGMC')).toBeNull();
  expect(suitesOfList('aNULL')).toEqual([]);
  expect(suitesOfList(recommendedCiphers)).toEqual([
    ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
    ...['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
    ...['DHE-RSA-AES256-GCM-SHA384', 'DHE-RSA-AES128-GCM-SHA256', 'DHE-RSA-CHACHA20-POLY1305'],
  ]);
});
