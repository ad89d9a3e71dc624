import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testVault } from '../authority/testing/fixtures.ts';
import { planImport } from '../import/plan-import.ts';
import { readSource } from '../import/read-source.ts';
import { easyRsaPki } from '../import/testing/easy-rsa.ts';
import { openssl } from '../import/testing/script-folder.ts';
import { xcaDatabase } from '../import/testing/xca.ts';
import type { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { addDevices } from './add-devices.ts';
import { exportProject } from './export-project.ts';
import { importProject } from './import-project.ts';
import { reviewOf } from './import-review.ts';
import { BrokerMachine } from './testing/imported-kit.ts';

let scratch: string;
let vault: Vault;
let machine: BrokerMachine;
const file = (name: string) => join(scratch, 'old', name);
const bundle = (id: string) => join(scratch, 'stick/moved/devices', id);
const passphrase = 'sesame';

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fieldkey-tools-'));
  await chmod(scratch, 0o755);
  await mkdir(file('.'));
  vault = await testVault(join(scratch, 'v.fieldkey'));
  machine = await BrokerMachine.at(scratch);
});
afterEach(async () => {
  await machine.stop();
  vault.close();
  await rm(scratch, { recursive: true, force: true });
});

/** Reads, imports, adds `new-1`, exports and installs: everything that a person does with what another tool left. */
async function moveIn(path: string) {
  const imported = await readSource(path, { now: Date.now() + 60_000, passphrase });
  const planned = await planImport(imported, Date.now());
  const review = reviewOf(planned);
  const { session } = vault;
  const request = { project: 'moved', digest: review.digest, broker: machine.settings };
  const report = await importProject(session, planned, request);
  await addDevices(session, report.projectId, [{ id: 'new-1', role: 'device' }]);
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  await exportProject(session, report.projectId, { directory: join(scratch, 'stick') });
  await machine.install(join(scratch, 'stick/moved'));
  return { review, report };
}

describe('the whole import, to a real broker that takes the old device and the new one', () => {
  it('of a PKI of the real easy-rsa, its CA key with a passphrase, one client revoked, one with an encrypted key', async () => {
    const pki = file('pki');
    await easyRsaPki(pki, passphrase);
    const { review, report } = await moveIn(pki);
    expect(review).toMatchObject({
      source: 'easy-rsa',
      authorities: [{ name: 'Easy CA', keyHere: true, issues: true, revoked: 1 }],
      broker: { names: ['localhost'], addresses: ['127.0.0.1'] },
    });
    expect(review.devices.map(({ id, role, keyHere, revoked }) => [id, role, keyHere, revoked]).toSorted()).toEqual([
      ['gw-1', 'gateway', true, false],
      ['meter-1', 'device', true, false],
      ['meter-2', 'device', true, true],
    ]);
    expect(report).toMatchObject({ authorities: 1, devices: 3, keys: 5, revoked: 1 });
    const old = (certificate: string, key: string) =>
      machine.accepts(join(pki, 'ca.crt'), join(pki, certificate), join(pki, key));
    expect(await old('issued/meter-1.crt', 'private/meter-1.key')).toBe(true);
    // revoked by easy-rsa, which puts it aside, and by our list as well
    const aside = review.devices.find(({ id }) => id === 'meter-2')?.places[0] ?? '';
    expect(aside).toMatch(/^revoked\/certs_by_serial\//);
    expect(await old(aside, aside.replace('certs_by', 'private_by').replace('.crt', '.key'))).toBe(false);
    expect(await machine.acceptsBundle(bundle('new-1'))).toBe(true);
    // the key that was encrypted is in the vault and goes to the stick
    expect(await machine.acceptsBundle(bundle('gw-1'))).toBe(true);
  });

  it('of a database of the real XCA, under its password', async () => {
    await xcaDatabase(file, passphrase);
    const before = await readFile(file('x.xdb'));
    const { review, report } = await moveIn(file('x.xdb'));
    expect(review).toMatchObject({
      source: 'xca',
      authorities: [{ name: 'XCA CA', keyHere: true, issues: true }],
      broker: { places: ['mqtt-server'] },
      devices: [{ id: 'dev-1', keyHere: true }],
    });
    expect(report).toMatchObject({ devices: 1, keys: 3 });
    expect(await machine.accepts(file('ca.crt'), file('dev-1.crt'), file('dev-1.key'))).toBe(true);
    for (const id of ['dev-1', 'new-1']) expect(await machine.acceptsBundle(bundle(id))).toBe(true);
    expect(await readFile(file('x.xdb'))).toEqual(before);
  });

  it('of PKCS#12 and DER files in a folder', async () => {
    await signedFiles();
    const { review } = await moveIn(file('given'));
    expect(review).toMatchObject({
      source: 'files',
      authorities: [{ place: 'authority.p12', keyHere: true, issues: true }],
      devices: [
        { id: 'meter-1', keyHere: true },
        { id: 'meter-2', keyHere: false },
      ],
      leftOut: [],
    });
    for (const id of ['meter-1', 'meter-2']) {
      expect(await machine.accepts(file('ca.pem'), file(`${id}.pem`), file(`${id}.key`))).toBe(true);
    }
    for (const id of ['meter-1', 'new-1']) expect(await machine.acceptsBundle(bundle(id))).toBe(true);
  });

  it('of one PEM file that holds the authority, its key and a device', async () => {
    await signedFiles();
    const parts = await Promise.all(['ca.key', 'ca.pem', 'meter-1.pem'].map((name) => readFile(file(name), 'utf8')));
    await writeFile(file('all.pem'), parts.join('text between the blocks\n'));
    const { review } = await moveIn(file('all.pem'));
    expect(review).toMatchObject({ source: 'files', devices: [{ id: 'meter-1', keyHere: false }], leftOut: [] });
    expect(await machine.accepts(file('ca.pem'), file('meter-1.pem'), file('meter-1.key'))).toBe(true);
    expect(await machine.acceptsBundle(bundle('new-1'))).toBe(true);
  });
});

/** An authority as PKCS#12, `meter-1` as PKCS#12 and `meter-2` as DER without a key in `given`; the PEM files beside it. */
async function signedFiles(): Promise<void> {
  await mkdir(file('given'));
  const rsa = ['-newkey', 'rsa:2048', '-nodes', '-subj'];
  await openssl(
    'req',
    '-x509',
    ...rsa,
    '/O=Plant/CN=Plant CA',
    '-days',
    '3650',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
  );
  await writeFile(file('client.ext'), 'basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth\n');
  for (const id of ['meter-1', 'meter-2']) {
    await openssl('req', ...rsa, `/O=Plant/CN=${id}`, '-keyout', file(`${id}.key`), '-out', file(`${id}.csr`));
    const sign = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '300'];
    await openssl('x509', '-req', '-in', file(`${id}.csr`), ...sign, '-extfile', file('client.ext'), '-out', file(`${id}.pem`));
  }
  const pack = (name: string, id: string, ...more: string[]) =>
    openssl('pkcs12', '-export', '-inkey', file(`${id}.key`), '-in', file(`${id}.pem`), ...more, '-out', file(`given/${name}`));
  await pack('authority.p12', 'ca', '-passout', `pass:${passphrase}`);
  await pack('meter-1.pfx', 'meter-1', '-certfile', file('ca.pem'), '-passout', `pass:${passphrase}`);
  await openssl('x509', '-in', file('meter-2.pem'), '-outform', 'DER', '-out', file('given/meter-2.der'));
}
