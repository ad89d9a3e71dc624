import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { spkiSha256 } from '../pki/keys.ts';
import { pemToDer } from '../pki/pem.ts';
import { readCertificate } from '../pki/read.ts';
import { inScratchFolder } from '../pki/testing/run.ts';
import type { Imported } from './findings.ts';
import { planImport } from './plan-import.ts';
import { readFolder } from './read-folder.ts';
import { wipeImported } from './read-source.ts';
import { readXca } from './read-xca.ts';
import { easyRsa } from './testing/easy-rsa.ts';
import { passwordHash as hash, openssl, scriptFolder } from './testing/script-folder.ts';
import { xca } from './testing/xca.ts';

const soon = () => ({ now: Date.now() + 60_000 });

const lintedAs = (imported: Imported, place: string) =>
  imported.findings.flatMap((found) => (found.kind === 'lint' && found.place === place ? [found.finding.rule] : []));
const kinds = (imported: Imported) => imported.findings.filter(({ kind }) => kind !== 'lint');

/** Every key belongs to a certificate, as openssl sees it, and nothing of it stands in the findings. */
function expectPaired(imported: Imported): void {
  for (const { spkiFingerprint, pkcs8 } of imported.keys) {
    const all = [...imported.authorities, ...imported.certificates];
    const owner = all.find((certificate) => certificate.spkiFingerprint === spkiFingerprint);
    expect(owner === undefined ? '' : spkiSha256(readCertificate(owner.der).spki)).toBe(spkiFingerprint);
    expect(JSON.stringify(imported.findings)).not.toContain(pkcs8.toString('base64').slice(60, 90));
  }
  expect(JSON.stringify(imported.findings)).not.toContain('$7$');
}

describe('folders', () => {
  test('of the certificate script: CA, server, clients, passwords; what is weak is named', async () => {
    await inScratchFolder(async (file) => {
      await scriptFolder(file);
      const imported = await readFolder(file('.'), soon());
      expect(imported.source).toBe('script');
      expect(imported.authorities).toMatchObject([{ place: 'ca/ca.crt' }]);
      expect(imported.certificates.map(({ place }) => place)).toEqual([
        'meter-1/client.crt',
        'meter-2/client.crt',
        'server/server.crt',
      ]);
      expect(imported.keys).toHaveLength(4);
      expectPaired(imported);
      expect(imported.credentials.map(({ user }) => user)).toEqual(['meter-1', 'meter-2']);
      expect(imported.credentials[0]?.hash).toBe(hash);
      expect(kinds(imported)).toEqual([
        { place: 'meter-1/passwd', kind: 'password-line', line: 2 },
        { place: 'meter-2/passwd', kind: 'password-line', line: 2 },
      ]);
      expect(lintedAs(imported, 'ca/ca.crt')).toContain('foreign-validity-long');
      expect(lintedAs(imported, 'ca/ca.crt')).toContain('foreign-ca-key-usage');
      expect(lintedAs(imported, 'meter-1/client.crt')).toContain('foreign-version-1');
      expect(lintedAs(imported, 'meter-1/client.crt')).toContain('foreign-validity-long');
    });
  });

  test('of easy-rsa, with an encrypted CA key and a revoked client', async () => {
    await inScratchFolder(async (file) => {
      const easyrsa = easyRsa(file('pki'));
      await easyrsa('init-pki');
      await easyrsa('--req-cn=Easy CA', '--passin=pass:sesame', '--passout=pass:sesame', 'build-ca');
      for (const name of ['meter-1', 'meter-2']) await easyrsa('--passin=pass:sesame', 'build-client-full', name, 'nopass');
      await easyrsa('--passin=pass:sesame', 'revoke', 'meter-2', 'keyCompromise');
      await easyrsa('--passin=pass:sesame', 'gen-crl');
      const imported = await readFolder(file('pki'), { ...soon(), passphrase: 'sesame' });
      expect(imported.source).toBe('easy-rsa');
      expect(imported.authorities).toMatchObject([{ place: 'ca.crt' }]);
      const revoked = imported.certificates
        .map(({ der }) => readCertificate(der))
        .find(({ commonName }) => commonName === 'meter-2');
      expect(imported.certificates.map(({ der }) => readCertificate(der).commonName).toSorted()).toEqual(['meter-1', 'meter-2']);
      expect(imported.keys).toHaveLength(3);
      expectPaired(imported);
      // said by both the list and the index
      for (const { serial, reason } of imported.revocations) expect([serial, reason]).toEqual([revoked?.serial, 'keyCompromise']);
      expect(imported.revocations.map(({ place }) => place).toSorted()).toEqual(['crl.pem', 'index.txt']);
      const locked = await readFolder(file('pki'), { ...soon(), passphrase: 'wrong' });
      expect(kinds(locked)).toContainEqual({ place: 'private/ca.key', kind: 'key-encrypted' });
      expect(kinds(locked)).toContainEqual({ place: 'ca.crt', kind: 'certificate-without-key' });
    });
  });

  test('of a root and a site authority, each with an index: every revocation goes to its own authority, a damaged one is named', async () => {
    await inScratchFolder(async (file) => {
      const root = easyRsa(file('all/root'));
      const site = easyRsa(file('all/site'));
      await root('init-pki');
      await root('--req-cn=Root CA', 'build-ca', 'nopass');
      await site('init-pki');
      await site('--req-cn=Site CA', 'build-ca', 'nopass', 'subca');
      await root('import-req', file('all/site/reqs/ca.req'), 'site');
      await root('sign-req', 'ca', 'site');
      await copyFile(file('all/root/issued/site.crt'), file('all/site/ca.crt'));
      await root('build-client-full', 'old-1', 'nopass');
      for (const name of ['meter-1', 'meter-2']) await site('build-client-full', name, 'nopass');
      await root('revoke', 'old-1', 'superseded');
      await site('revoke', 'meter-2', 'keyCompromise');
      const plan = async () => {
        const imported = await readFolder(file('all'), soon());
        wipeImported(imported);
        return planImport(imported, soon().now);
      };
      const revoked = ({ authorities }: Awaited<ReturnType<typeof plan>>) =>
        authorities.map(({ info, revocations }) => [info.commonName, [...revocations.values()].map(({ reason }) => reason)]);
      const whole = await plan();
      expect(revoked(whole)).toEqual([
        ['Root CA', ['superseded']],
        ['Site CA', ['keyCompromise']],
      ]);
      expect(whole.leftOut.filter(({ why }) => why === 'revocation')).toEqual([]);

      // an index that lies apart, and the same serial in it: then who issued it says whose it is
      await rename(file('all/site/index.txt'), file('all/index.txt'));
      expect(revoked(await plan())).toEqual(revoked(whole));

      const index = await readFile(file('all/index.txt'), 'utf8');
      await writeFile(file('all/index.txt'), index.replace(/Z,keyCompromise\t\S+/, 'Z,keyCompromise\tFF'));
      const unknown = await plan();
      expect(revoked(unknown)).toContainEqual(['Site CA', []]);
      expect(unknown.leftOut).toContainEqual({ place: 'index.txt', name: 'ff', why: 'revocation' });
      await writeFile(file('all/index.txt'), index.replace('Z,keyCompromise', ',keyCompromise'));
      expect((await plan()).leftOut).toContainEqual({ place: 'index.txt', name: '', why: 'revocation' });
    });
  });

  test('of loose files: PEM bundles, DER, PKCS#12, damaged ones', async () => {
    await inScratchFolder(async (file) => {
      const args = [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-subj',
        '/CN=d',
        '-days',
        '90',
        '-addext',
        'basicConstraints=CA:FALSE',
      ];
      await mkdir(file('in'));
      await openssl(...args, '-keyout', file('k.pem'), '-out', file('c.pem'));
      await openssl(
        'pkcs12',
        '-export',
        '-inkey',
        file('k.pem'),
        '-in',
        file('c.pem'),
        '-passout',
        'pass:sesame',
        '-out',
        file('in/d.p12'),
      );
      await openssl(...args, '-keyout', file('in/lonely.key'), '-out', file('x.pem'));
      await writeFile(file('in/damaged.crt'), '-----BEGIN CERTIFICATE-----\nAAAA\n');
      await writeFile(file('in/notes.txt'), 'nothing');
      const imported = await readFolder(file('in'), { ...soon(), passphrase: 'sesame' });
      expect(imported).toMatchObject({ source: 'files', authorities: [], certificates: [{ place: 'd.p12' }] });
      expect(imported.keys.map(({ place }) => place)).toEqual(['d.p12', 'lonely.key']);
      expect(kinds(imported)).toEqual([
        { place: 'damaged.crt', kind: 'unreadable', code: 'FILE_MALFORMED', detail: 'the block CERTIFICATE does not end' },
        { place: 'lonely.key', kind: 'key-without-certificate' },
      ]);
      const unopened = await readFolder(file('in'), soon());
      expect(kinds(unopened)).toContainEqual({ place: 'd.p12', kind: 'key-encrypted' });
      await expect(readFolder(file('none'), soon())).rejects.toMatchObject({ code: 'FILE_MALFORMED' });
    });
  });
});

describe('XCA', () => {
  test('a database of the real program: certificates, keys under its password, a list of revocations', async () => {
    await inScratchFolder(async (file) => {
      const ca = ['-subj', '/CN=XCA CA', '-days', '3650', '-keyout', file('ca.key'), '-out', file('ca.crt')];
      await openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...ca);
      await openssl(
        'req',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-subj',
        '/CN=dev-1',
        '-keyout',
        file('d.key'),
        '-out',
        file('d.csr'),
      );
      const sign = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-set_serial', '77', '-days', '300'];
      await openssl('x509', '-req', '-in', file('d.csr'), ...sign, '-out', file('d.crt'));
      await xca(dirname(file('x')), '--import ca.key ca.crt d.key d.crt', 'sesame');
      const before = await readFile(file('x.xdb'));
      const imported = await readXca(file('x.xdb'), { ...soon(), passphrase: 'sesame' });
      expect(imported).toMatchObject({ source: 'xca', authorities: [{ place: 'XCA CA' }], certificates: [{ place: 'dev-1' }] });
      const expected = pemToDer(await readFile(file('d.key'), 'utf8'))[0]?.der;
      expect(imported.keys.map(({ pkcs8 }) => pkcs8)).toContainEqual(expected);
      expect(imported.keys).toHaveLength(2);
      expectPaired(imported);
      expect(lintedAs(imported, 'dev-1')).toContain('foreign-version-1');
      await expect(readXca(file('x.xdb'), { ...soon(), passphrase: 'wrong' })).rejects.toMatchObject({
        code: 'PASSPHRASE_WRONG',
      });
      await expect(readXca(file('x.xdb'), soon())).rejects.toMatchObject({ code: 'PASSPHRASE_MISSING' });
      expect(await readFile(file('x.xdb'))).toEqual(before);

      // the command line of XCA cannot revoke, so the rows are ours; what they mean is for its own list to say
      const database = new Database(file('x.xdb'));
      const row = database.prepare('INSERT INTO revocations SELECT item, ?, ?, ?, NULL, ? FROM certs WHERE ca = 1');
      for (let code = 0; code <= 6; code += 1) row.run(`1${code}`, '20261101000000Z', '20261101000000Z', code);
      database.close();
      const revoked = async () =>
        (await readXca(file('x.xdb'), { ...soon(), passphrase: 'sesame' })).revocations.map(({ place, ...rest }) => rest);
      const inTable = await revoked();
      expect(inTable).toHaveLength(7);
      await xca(dirname(file('x')), `--password=pass:sesame --crlgen='XCA CA'`, 'sesame');
      expect(await revoked()).toEqual(inTable);
    });
  });

  test('what is no such database', async () => {
    await inScratchFolder(async (file) => {
      await writeFile(file('no.xdb'), 'hello');
      await expect(readXca(file('no.xdb'), soon())).rejects.toMatchObject({ code: 'FILE_MALFORMED' });
      await expect(readXca(file('none.xdb'), soon())).rejects.toMatchObject({ code: 'FILE_MALFORMED' });
    });
  });
});
