import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeTestAuthority, type TestAuthority } from '../../broker/testing/certificates.ts';
import { readAuthorityFiles, readIdentityFiles, summaryOf } from './read-files.ts';
import { clientFileCases, type FileCase, filePassphrase } from './testing/client-files.ts';

/** The same files open in Electron as well: e2e/own-connections.spec.ts. */
let folder: string;
let authority: TestAuthority;
let cases: FileCase[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-files-'));
  authority = await makeTestAuthority(join(folder, 'ca'));
  cases = await clientFileCases(authority);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const file = (name: string, content: string | Uint8Array) => ({ name, bytes: new Uint8Array(Buffer.from(content)) });

it('finds the pair in every form and encryption of openssl, in any order', async () => {
  expect(cases.length).toBeGreaterThan(15);
  for (const { name, files, encrypted } of cases) {
    for (const order of [files, files.toReversed()]) {
      const read = await readIdentityFiles(order, encrypted ? filePassphrase : undefined);
      expect(read, name).toMatchObject({ certificate: expect.stringMatching(/^-----BEGIN CERTIFICATE/) });
      expect('key' in read && read.key, name).toMatch(/^-----BEGIN PRIVATE KEY/);
      expect('certificate' in read && summaryOf(read.certificate), name).toMatchObject([{ name: 'files-client' }]);
    }
    if (!encrypted) continue;
    expect(await readIdentityFiles(files, undefined), name).toMatchObject({ problem: 'passphrase-missing' });
    expect(await readIdentityFiles(files, 'gefälschter Schlüssel n 7'), name).toMatchObject({ problem: 'passphrase-wrong' });
  }
});

it('says which half is missing, and when the halves are not of one piece', async () => {
  const one = await authority.issue('one');
  const two = await authority.issue('two');
  const wrong = async (...texts: string[]) => {
    const read = await readIdentityFiles(
      texts.map((text, i) => file(`file-${i}`, text)),
      undefined,
    );
    return 'problem' in read ? read : null;
  };
  expect(await wrong(one.certificate)).toEqual({ problem: 'key-missing', file: '' });
  expect(await wrong(one.key)).toEqual({ problem: 'certificate-missing', file: '' });
  expect(await wrong(one.certificate, two.key)).toEqual({ problem: 'mismatch', file: '' });
  expect(await wrong(one.certificate, one.key, two.certificate, two.key)).toEqual({ problem: 'several', file: '' });
  expect(await wrong()).toEqual({ problem: 'nothing', file: '' });
  expect(await wrong(one.certificate, one.key, 'no such thing')).toEqual({ problem: 'unreadable', file: 'file-2' });
  expect(await wrong('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')).toMatchObject({ problem: 'unreadable' });
  expect(await readIdentityFiles([{ name: 'big', bytes: new Uint8Array(2_000_000) }], undefined)).toEqual({
    problem: 'too-large',
    file: 'big',
  });
  // another's certificate beside it does no harm
  expect(await wrong(one.certificate, one.key, two.certificate)).toBeNull();
  // an authority is nobody's client certificate
  const { stdout } = await promisify(execFile)('openssl', ['x509', '-in', 'ca.crt'], { cwd: authority.folder });
  expect(await wrong(stdout, one.key)).toEqual({ problem: 'mismatch', file: '' });
});

it('takes authorities only from files that have some', async () => {
  const one = await authority.issue('leaf');
  const ca = await readFile(authority.caFile);
  expect(readAuthorityFiles([file('ca.crt', ca)])).toMatchObject({ ca: expect.stringContaining('BEGIN CERTIFICATE') });
  expect(readAuthorityFiles([file('leaf.crt', one.certificate)])).toEqual({ problem: 'no-authority', file: 'leaf.crt' });
  expect(readAuthorityFiles([file('leaf.key', one.key)])).toEqual({ problem: 'no-certificate', file: 'leaf.key' });
  expect(readAuthorityFiles([file('x', new Uint8Array([0x30, 3, 2, 1, 1]))])).toEqual({ problem: 'unreadable', file: 'x' });
});
