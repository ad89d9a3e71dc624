import { chmod, chown, cp, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openTestIdentity } from '../authority/test-identity.ts';
import { testPlan, testVault } from '../authority/testing/fixtures.ts';
import { freePort, type RunningMosquitto, startMosquitto } from '../broker/testing/mosquitto.ts';
import { connectTestClient, type TestClient } from '../broker/testing/mqtt-client.ts';
import { readmeCommands, runAsReadmeSays } from '../broker/testing/readme-commands.ts';
import { openssl } from '../pki/testing/judges.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { Vault } from '../vault/vault.ts';
import { addDevices } from './add-devices.ts';
import { changeAccess, changeBrokerSettings } from './change-project.ts';
import { exportProject } from './export-project.ts';
import { exportState } from './export-state.ts';
import { provision } from './provision.ts';
import { rekeyExport } from './rekey-export.ts';
import { replaceAndPublish } from './replace.ts';

/**
 * What an act means is decided by the broker: each is done in the vault, only the files that the program names are
 * copied, Mosquitto is started with them, and old and new identities try to connect.
 */
let scratch: string;
let vault: Vault;
let projectId: number;
let port: number;
let broker: RunningMosquitto | undefined;
let sticks = 0;

const stick = () => join(scratch, `stick-${sticks}`);
const installed = () => join(scratch, 'etc/mosquitto');

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fieldkey-acts-'));
  await chmod(scratch, 0o755);
  port = await freePort();
  vault = await testVault(join(scratch, 'v.fieldkey'));
  const paths = { directory: installed(), data: join(scratch, 'lib'), log: join(scratch, 'log') };
  const plan = testPlan({
    broker: { names: ['localhost'], addresses: ['127.0.0.1'], port, ...paths },
    devices: [{ pattern: 'm-{1..4}' }, { id: 'dash-1', role: 'dashboard' }],
  });
  ({ projectId } = await provision(vault.session, plan));
  await exported();
  const kit = join(stick(), 'lab/broker');
  await runAsReadmeSays(readmeCommands(await readFile(join(kit, 'README.txt'), 'utf8')), kit, scratch);
  broker = await startMosquitto(join(installed(), 'mosquitto.conf'));
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
afterAll(async () => {
  await broker?.stop();
  vault?.close();
  await rm(scratch, { recursive: true, force: true });
});

/** Exports everything to a new stick. */
async function exported(): Promise<number> {
  sticks++;
  const medium = { label: `stick ${sticks}`, volumeId: String(sticks) };
  return (await exportProject(vault.session, projectId, { directory: stick(), medium })).exportId;
}

/** Puts these files of the newest export in place of the installed ones, keeping owner and mode, and starts the broker anew. */
async function install(files: readonly string[]): Promise<void> {
  await broker?.stop();
  for (const file of files) {
    const target = join(installed(), file);
    const { uid, gid, mode } = await stat(target);
    await cp(join(stick(), 'lab/broker', file), `${target}.new`);
    await chown(`${target}.new`, uid, gid);
    await chmod(`${target}.new`, mode);
    await rename(`${target}.new`, target);
  }
  broker = await startMosquitto(join(installed(), 'mosquitto.conf'));
}

const clients: TestClient[] = [];
interface Bundle {
  readonly certificate: string;
  readonly key: string;
  readonly ca: string;
}
async function bundle(id: string): Promise<Bundle> {
  const read = (name: string) => readFile(join(stick(), 'lab/devices', id, name), 'utf8');
  return { certificate: await read('client.crt'), key: await read('client.key'), ca: await read('ca.crt') };
}
async function connect({ ca, ...identity }: Bundle): Promise<TestClient> {
  const client = await connectTestClient({ port, ca, identity });
  clients.push(client);
  return client;
}
const accepted = async (who: Bundle) => expect(await connect(who)).toBeDefined();
const refused = async (who: Bundle) => expect(connect(who)).rejects.toThrow();
const deviceId = (name: string) => vault.session.tables.device.where('name = ?', name)[0]?.id ?? 0;
const changed = () => exportState(vault.session, projectId).changedKitFiles;

it('takes added devices without a new file, and says so', async () => {
  await addDevices(vault.session, projectId, [{ id: 'late-1', role: 'device' }]);
  expect(changed()).toEqual([]);
  await exported();
  await accepted(await bundle('late-1'));
});

it('refuses the old certificate and takes the new one after a replacement', async () => {
  const old = await bundle('m-1');
  const other = await bundle('m-2');
  await accepted(old);
  await replaceAndPublish(vault.session, projectId, { deviceIds: [deviceId('m-1')], reason: 'superseded' });
  expect(changed()).toEqual(['certs/crl.pem']);
  await exported();
  // until the broker has the new list, both are good: nobody is cut off in between
  await accepted(await bundle('m-1'));
  await accepted(old);
  await install(['certs/crl.pem']);
  await refused(old);
  await accepted(await bundle('m-1'));
  await accepted(other);
});

it('delivers by the changed access once the acl is copied', async () => {
  const access = testPlan().access.map((rule) => (rule.role === 'device' ? { ...rule, read: ['{project}/all'] } : rule));
  const { filesToCopy } = changeAccess(vault.session, projectId, access);
  expect(filesToCopy).toEqual(['acl']);
  expect(changed()).toEqual(['acl']);
  await exported();
  await install(filesToCopy);
  const meter = await connect(await bundle('m-2'));
  await meter.subscribe('lab/all', 'lab/commands/m-2');
  const observer = await connect(await observerIdentity());
  await observer.publish('lab/commands/m-2', 'no longer');
  await observer.publish('lab/all', 'hello');
  // the later one has arrived, the earlier one has not: it never will
  await expect.poll(() => meter.received).toEqual(['lab/all hello']);
});

it('is found under its new address with the files that are named', async () => {
  const settings = { ...testPlan().broker, names: ['localhost', 'mqtt.new.example'], addresses: ['127.0.0.1'] };
  const paths = { port, directory: installed(), data: join(scratch, 'lib'), log: join(scratch, 'log') };
  const { reissued, filesToCopy } = await changeBrokerSettings(vault.session, projectId, { ...settings, ...paths });
  expect(reissued).toBe(true);
  expect(filesToCopy).toEqual(expect.arrayContaining(['certs/server.crt', 'certs/server.key']));
  await exported();
  await install(filesToCopy);
  await accepted(await bundle('m-2'));
  const [broker, root] = [newest('broker'), newest('root')];
  const question = { purpose: 'server', host: 'mqtt.new.example' } as const;
  expect(await openssl({ root: root.der, leaf: broker.der }, question)).toMatchObject({ ok: true });
});

it('shuts out everybody who was on a lost stick, the broker key included', async () => {
  const exportId = await exported();
  const lost = { meter: await bundle('m-3'), dash: await bundle('dash-1') };
  const lostBroker = newest('broker');
  const done = await rekeyExport(vault.session, exportId, 'keyCompromise');
  expect(done).toMatchObject({ replaced: 6, brokerReissued: true });
  const files = changed();
  expect(files).toEqual(['certs/server.crt', 'certs/server.key', 'certs/crl.pem']);
  await exported();
  await install(files);
  for (const who of Object.values(lost)) await refused(who);
  for (const id of ['m-1', 'm-2', 'm-3', 'm-4', 'late-1', 'dash-1']) await accepted(await bundle(id));
  const crl = await readFile(join(stick(), 'lab/broker/certs/crl.pem'), 'utf8');
  const der = Buffer.from(crl.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const judged = await openssl({ root: newest('root').der, leaf: lostBroker.der, crls: [der] }, { purpose: 'server' });
  expect(judged.ok).toBe(false);
  expect(judged.output).toContain('revoked');
  expect(exportState(vault.session, projectId).exports.find((entry) => entry.exportId === exportId)?.devicesStillAtRisk).toBe(0);
});

function newest(kind: CertificateRow['kind']): CertificateRow {
  return vault.session.tables.certificate.where('kind = ? ORDER BY id DESC', kind)[0] as CertificateRow;
}

async function observerIdentity(): Promise<Bundle> {
  const request = { projectId, identity: { kind: 'observer' }, host: 'localhost', port } as const;
  const { certificateChain, key, ca } = openTestIdentity(vault.session, request);
  return { certificate: certificateChain, key: Buffer.from(key).toString(), ca };
}
