import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { reissueBroker } from '../authority/broker-certificate.ts';
import { brokerAwaits } from '../authority/broker-origin.ts';
import { brokerCertificate, brokerOf, trustOf } from '../authority/lookup.ts';
import { projectOverview } from '../authority/project-view.ts';
import { testPlan, testVault } from '../authority/testing/fixtures.ts';
import type { VaultSession } from '../vault/session.ts';
import type { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { reviewBrokerRequest, signBrokerRequest } from './broker-request.ts';
import { changeBrokerSettings } from './change-project.ts';
import { exportProject } from './export-project.ts';
import { exportState } from './export-state.ts';
import { reviewBrokerAnswer, takeBrokerAnswer } from './outside-answer.ts';
import { previewBroker } from './preview.ts';
import { contextOf } from './project-files.ts';
import { provision } from './provision.ts';
import { makeBrokerOwn, renewBroker } from './renew.ts';

const run = promisify(execFile);
let folder: string;
let vault: Vault;
let session: VaultSession;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-awaited-'));
  vault = await testVault(join(folder, 'v.fieldkey'), {});
  session = vault.session;
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const openssl = (args: string, ...more: string[]) => run('openssl', [...args.split(' '), ...more], { cwd: folder });
const file = (name: string) => ({ name, bytes: readFileSync(join(folder, name)) });
const present = (projectId: number) => brokerCertificate(session, brokerOf(session, projectId)?.id ?? 0);
const count = (sql: string) => Number(session.database.prepare(sql).pluck().get());
const exported = async (projectId: number, name: string) => {
  const written = await exportProject(session, projectId, { directory: folder, medium: { label: name, volumeId: '' } });
  return written.directory;
};
const ec = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes';

it('makes no key for a broker that somebody else runs, not even on the way, and signs their request', async () => {
  const plan = { ...testPlan(), brokerCertificate: 'request' as const };
  const { projectId } = await provision(session, plan);
  const devices = plan.devices.length;
  // root, observer, canary, and one for each device: none of the broker
  const keys = () => count('SELECT count(*) FROM private_key');
  expect(keys()).toBe(3 + devices);
  expect(present(projectId)).toBeUndefined();
  expect(projectOverview(session, projectId, session.now()).broker?.origin).toMatchObject({ awaits: 'request', issuer: null });

  // nothing that a person does meanwhile makes one
  expect(await provision(session, plan)).toMatchObject({ broker: 'unchanged', issued: 0 });
  const { broker } = contextOf(session, projectId);
  const changed = await changeBrokerSettings(session, projectId, { ...broker, names: ['broker.local'], addresses: [] });
  expect(changed).toEqual({ reissued: false, filesToCopy: [] });
  await expect(renewBroker(session, projectId, 'renew')).rejects.toMatchObject({ code: 'BROKER_NOT_OURS' });
  await expect(reissueBroker(session, projectId, broker, 'p256')).rejects.toMatchObject({ code: 'BROKER_NOT_OURS' });
  expect(previewBroker(session, projectId)).toEqual([]);
  expect(exportState(session, projectId)).toMatchObject({ changedKitFiles: [], devicesToExport: devices });
  expect(keys()).toBe(3 + devices);

  // the first export: bundles of the devices, and nothing for the broker
  const first = await exported(projectId, 'first');
  expect(existsSync(join(first, 'broker'))).toBe(false);
  expect(existsSync(join(first, 'devices', plan.devices[0]?.id ?? '', 'client.key'))).toBe(true);
  expect(count('SELECT count(*) FROM export WHERE with_broker = 1')).toBe(0);

  await openssl(`req ${ec} -keyout theirs.key -out theirs.csr -subj /CN=x -addext subjectAltName=DNS:broker.local`);
  const { pem } = reviewBrokerRequest(session, projectId, file('theirs.csr').bytes);
  const { filesToCopy } = await signBrokerRequest(session, projectId, { pem, names: ['broker.local'], addresses: [] });
  expect(filesToCopy).toEqual(expect.arrayContaining(['mosquitto.conf', 'certs/server.crt', 'certs/ca.crt']));
  expect(filesToCopy).not.toContain('certs/server.key');
  expect(brokerAwaits(session, projectId)).toBeNull();
  const second = await exported(projectId, 'second');
  expect(existsSync(join(second, 'broker/certs/server.crt'))).toBe(true);
  expect(existsSync(join(second, 'broker/certs/server.key'))).toBe(false);
  await openssl('verify -CAfile', join(second, 'broker/certs/ca.crt'), join(second, 'broker/certs/server.crt'));
  expect((await verifyVault(session)).findings).toEqual([]);
});

it('takes the certificate that a broker has already, for a key that stays there, and another one when that is renewed', async () => {
  const { projectId } = await provision(session, { ...testPlan(), brokerCertificate: 'given' });
  const { broker } = contextOf(session, projectId);
  await changeBrokerSettings(session, projectId, { ...broker, names: ['broker.local'], addresses: [] });
  await openssl(`req -x509 ${ec} -keyout root.key -out root.crt -days 900 -subj`, '/O=Corp/CN=Corp Root');
  const issue = async (name: string, names = 'DNS:broker.local') => {
    writeFileSync(join(folder, 'ext'), `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
    await openssl(`req ${ec} -keyout ${name}.key -out ${name}.csr -subj /CN=broker`);
    await openssl(`x509 -req -in ${name}.csr -CA root.crt -CAkey root.key -days 80 -extfile ext -out ${name}.crt`);
  };
  const judge = (...names: string[]) => reviewBrokerAnswer(session, projectId, names.map(file), { asGiven: true }).refusal;
  await issue('leaf');
  // without being told that it is one, it answers no request
  expect(reviewBrokerAnswer(session, projectId, [file('leaf.crt'), file('root.crt')]).refusal).toBe('no-request');
  expect(judge('root.key')).toBe('no-certificate');
  expect(judge('leaf.crt')).toBe('chain-incomplete');
  expect(judge('root.crt')).toBe('is-authority');
  await issue('other', 'DNS:other.local');
  expect(judge('other.crt', 'root.crt')).toBe('name');
  // a key that this vault keeps is nobody's to give
  writeFileSync(join(folder, 'ext'), 'subjectAltName=DNS:broker.local\nextendedKeyUsage=serverAuth\n');
  const first = await exported(projectId, 'first');
  const own = join(first, 'devices', testPlan().devices[0]?.id ?? '');
  await openssl('x509 -x509toreq -signkey', join(own, 'client.key'), '-in', join(own, 'client.crt'), '-out', 'own.csr');
  await openssl('x509 -req -in own.csr -CA root.crt -CAkey root.key -days 80 -extfile ext -out own.crt');
  expect(judge('own.crt', 'root.crt')).toBe('key-known');

  const { filesToCopy } = await takeBrokerAnswer(session, projectId, [file('leaf.crt'), file('root.crt')], { asGiven: true });
  expect(filesToCopy).toContain('certs/server.crt');
  expect(filesToCopy).not.toContain('certs/server.key');
  expect(projectOverview(session, projectId, session.now()).broker?.origin).toMatchObject({
    awaits: null,
    keyHere: false,
    issuer: expect.stringContaining('Corp Root'),
  });
  const taken = present(projectId);
  expect(session.hasPrivateKey(taken?.key_id ?? null)).toBe(false);
  // devices trust both, the broker lets in those of ours alone
  expect(trustOf(session, projectId, 'broker')).toHaveLength(2);
  expect(trustOf(session, projectId, 'clients')).toHaveLength(1);
  const kit = join(await exported(projectId, 'second'), 'broker');
  expect(existsSync(join(kit, 'certs/server.key'))).toBe(false);
  expect(readFileSync(join(kit, 'README.txt'), 'utf8')).toContain('NO KEY IS IN THIS FOLDER');

  // public authorities renew with another key
  await issue('next');
  expect(judge('next.crt', 'root.crt')).toBeNull();
  await takeBrokerAnswer(session, projectId, [file('next.crt'), file('root.crt')], { asGiven: true });
  expect(present(projectId)).toMatchObject({ predecessor_id: taken?.id });
  expect((await verifyVault(session)).findings).toEqual([]);
});

it('can still become a broker with key and certificate of its own', async () => {
  const { projectId } = await provision(session, { ...testPlan(), brokerCertificate: 'given' });
  const { filesToCopy } = await makeBrokerOwn(session, projectId);
  expect(filesToCopy).toContain('certs/server.key');
  expect(brokerAwaits(session, projectId)).toBeNull();
  expect(session.hasPrivateKey(present(projectId)?.key_id ?? null)).toBe(true);
});
