import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityOf } from '../authority/certificate-identity.ts';
import { lintStored } from '../authority/certificate-lint.ts';
import { deviceDetail, listDevices } from '../authority/device-view.ts';
import { dueList } from '../authority/due.ts';
import { currentCertificate } from '../authority/lookup.ts';
import { issueTestCertificate } from '../authority/test-certificate.ts';
import { openTestIdentity } from '../authority/test-identity.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { connectTestClient } from '../broker/testing/mqtt-client.ts';
import { openssl } from '../import/testing/script-folder.ts';
import { readCertificate } from '../pki/read.ts';
import { backToVersion } from '../vault/testing/older-schema.ts';
import { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { exportProject } from './export-project.ts';
import { exportState } from './export-state.ts';
import { provision } from './provision.ts';
import { reviewRequests } from './review-requests.ts';
import { revokeAndPublish } from './revoke.ts';
import { changeMany } from './revoke-many.ts';
import { signRequests } from './sign-requests.ts';
import { BrokerMachine } from './testing/imported-kit.ts';

const day = 86_400_000;
let scratch: string;
let vault: Vault;
let projectId: number;
let machine: BrokerMachine;
let clock = 0;
const at = (name: string) => join(scratch, name);
const place = { host: 'mqtt.lab.example', port: 8883 };

beforeEach(async () => {
  clock = 0;
  scratch = await mkdtemp(join(tmpdir(), 'fieldkey-test-certificate-'));
  await chmod(scratch, 0o755);
  machine = await BrokerMachine.at(scratch);
  vault = await testVault(at('v.fieldkey'), { now: () => Date.now() + clock });
  const { settings } = machine;
  const plan = testPlan({
    project: 'lab',
    broker: { ...settings, names: [...settings.names], addresses: [...settings.addresses] },
  });
  ({ projectId } = await provision(vault.session, plan));
  await signOutside('outside-1');
});
afterEach(async () => {
  expect(await verifyVault(vault.session)).toMatchObject({ sound: true, findings: [] });
  await machine.stop();
  vault.close();
  await rm(scratch, { recursive: true, force: true });
});

/** A device that made its key itself: `NAME.key` never comes into the vault. */
async function signOutside(name: string): Promise<void> {
  const request = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${name}`];
  await openssl('req', ...request, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`));
  const bytes = await readFile(at(`${name}.csr`));
  const { requests } = await reviewRequests(vault.session, projectId, [{ name: `${name}.csr`, bytes }], 'device');
  const wanted = requests.map(({ pem, id, role }) => ({ pem, id, role, existing: false }));
  expect((await signRequests(vault.session, projectId, wanted)).issued).toHaveLength(1);
}

const deviceId = (name: string) => vault.session.tables.device.where('name = ?', name)[0]?.id ?? 0;
const asDevice = (name: string) =>
  openTestIdentity(vault.session, {
    projectId,
    identity: { kind: 'device', deviceId: deviceId(name), takeoverAccepted: true },
    ...place,
  });

describe('a test certificate of a device that keeps its key itself', () => {
  it('is what the tester speaks with, and neither what the device works with, nor exported, nor due', async () => {
    const { session } = vault;
    const outside = deviceId('outside-1');
    const works = currentCertificate(session, outside)?.id;
    expect(() => asDevice('outside-1')).toThrow('KEY_UNAVAILABLE');
    await exportProject(session, projectId, { directory: at('stick') });
    const before = exportState(session, projectId);
    const row = await issueTestCertificate(session, projectId, outside);
    expect(row.not_after - Date.now()).toBeLessThanOrEqual(day);
    expect(row.not_after - Date.now()).toBeGreaterThan(day - 60_000);
    const identity = asDevice('outside-1');
    expect(identity.id).toBe('outside-1');
    expect(identity.certificateChain).toContain(row.der.toString('base64').slice(0, 60));

    expect(currentCertificate(session, outside)?.id).toBe(works);
    const { device, certificates } = deviceDetail(session, outside, session.now());
    expect(device.certificateId).toBe(works);
    expect(certificates.map(({ id, kind, state }) => [id, kind, state])).toEqual([
      [row.id, 'test', 'valid'],
      [works, 'device', 'valid'],
    ]);
    const listed = listDevices(session, { projectId, search: 'outside', offset: 0, limit: 10 }, session.now());
    expect(listed.rows).toMatchObject([{ certificateId: works, state: 'valid' }]);
    expect(dueList(session, projectId, { withinDays: 30 }).devices.total).toBe(0);
    expect(exportState(session, projectId)).toEqual(before);
    expect((await exportProject(session, projectId, { directory: at('stick') })).unchanged).toBe(true);
    expect(lintStored(session, row.id)).toMatchObject({ findings: [] });
    expect(
      session.database.prepare("SELECT detail FROM audit WHERE action = 'certificate.issue' ORDER BY seq DESC").pluck().get(),
    ).toContain('"kind":"test"');

    // tomorrow it is nothing any more
    clock = 2 * day;
    expect(() => asDevice('outside-1')).toThrow('KEY_UNAVAILABLE');
    expect(deviceDetail(session, outside, session.now()).certificates[0]).toMatchObject({ kind: 'test', state: 'expired' });
  });

  it('is not for a device whose key is here, nor for one that was revoked', async () => {
    const { session } = vault;
    const [inside] = session.tables.device.where("name <> 'outside-1'");
    const refused = { code: 'TEST_CERTIFICATE_REFUSED' };
    await expect(issueTestCertificate(session, projectId, inside?.id ?? 0)).rejects.toMatchObject(refused);
    await expect(issueTestCertificate(session, projectId + 1, deviceId('outside-1'))).rejects.toMatchObject({
      code: 'DEVICE_NOT_FOUND',
    });
    const works = currentCertificate(session, deviceId('outside-1'));
    await revokeAndPublish(session, works?.id ?? 0, { reason: 'certificateHold' });
    await expect(issueTestCertificate(session, projectId, deviceId('outside-1'))).rejects.toMatchObject(refused);
    expect(session.tables.testCertificate.where('1')).toEqual([]);
  });

  it('goes with the device when that is revoked', async () => {
    const { session } = vault;
    const outside = deviceId('outside-1');
    const row = await issueTestCertificate(session, projectId, outside);
    const request = { deviceIds: [outside], certificateIds: [], act: 'revoke', reason: 'cessationOfOperation' } as const;
    const { certificates } = await changeMany(session, projectId, request);
    expect(certificates.map(({ id, deviceId: of }) => [id, of])).toEqual([
      [row.id, outside],
      [currentCertificateOfRevoked(outside), outside],
    ]);
    expect(session.tables.certificate.get(row.id)?.status).toBe('revoked');
  });

  it('is the device for a real broker, until it is revoked', async () => {
    const { session } = vault;
    const row = await issueTestCertificate(session, projectId, deviceId('outside-1'));
    const { certificateChain, key, ca } = identityOf(session, projectId, row);
    expect(readCertificate(row.der).commonName).toBe('outside-1');
    await Promise.all([writeFile(at('test.crt'), certificateChain), writeFile(at('test.key'), key), writeFile(at('ca.crt'), ca)]);
    const accepted = () => machine.accepts(at('ca.crt'), at('test.crt'), at('test.key'));
    const { directory } = await exportProject(session, projectId, { directory: at('stick') });
    await machine.install(directory);
    expect(await accepted()).toBe(true);
    // what the access list allows the device, and nothing else: the broker knows it by its name
    const read = (name: string) => readFile(at(name), 'utf8');
    const identity = { certificate: await read('test.crt'), key: await read('test.key') };
    const client = await connectTestClient({ port: machine.port, ca: await read('ca.crt'), identity });
    expect([0, 16]).toContain(await client.publish('lab/energy/outside-1'));
    expect(await client.publish('lab/energy/meter-1')).toBe(135);
    await client.close();
    const works = () => machine.accepts(at('ca.crt'), join(directory, 'devices/outside-1/client.crt'), at('outside-1.key'));
    expect(await works()).toBe(true);

    await changeMany(session, projectId, {
      deviceIds: [],
      certificateIds: [row.id],
      act: 'revoke',
      reason: 'cessationOfOperation',
    });
    await machine.install((await exportProject(session, projectId, { directory: at('stick-2') })).directory);
    expect(await accepted()).toBe(false);
    expect(await works()).toBe(true);
    expect(() => asDevice('outside-1')).toThrow('KEY_UNAVAILABLE');
  });
});

it('works in a vault of the version before, and what is taken out of the table is found', async () => {
  vault.close();
  backToVersion(at('v.fieldkey'), 11);
  vault = Vault.open(at('v.fieldkey'), { kdfCost: testKdfCost });
  const session = await vault.unlock(testSecret.passphrase, testSecret.operator);
  expect(session.tables.testCertificate.where('1')).toEqual([]);
  await issueTestCertificate(session, projectId, deviceId('outside-1'));
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  const [kept] = session.database.prepare<[], object>('SELECT * FROM test_certificate').all();
  session.database.prepare('DELETE FROM test_certificate').run();
  expect((await verifyVault(session)).rows).toMatchObject([{ kind: 'missing', table: 'test_certificate' }]);
  session.database
    .prepare('INSERT INTO test_certificate VALUES (@id, @certificate_id, @device_id, @mac)')
    .run(kept as Record<string, never>);
});

const currentCertificateOfRevoked = (id: number) =>
  vault.session.tables.certificate.where('device_id = ? ORDER BY id DESC LIMIT 1', id)[0]?.id ?? 0;
