import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storeExceptions } from '../authority/create-project.ts';
import { testPlan, testVault } from '../authority/testing/fixtures.ts';
import { generateEcKey } from '../pki/keys.ts';
import { buildRequest } from '../pki/request.ts';
import { softwareSigner } from '../pki/signer.ts';
import type { Vault } from '../vault/vault.ts';
import { provision } from './provision.ts';
import { reviewRequests } from './review-requests.ts';
import { revokeAndPublish } from './revoke.ts';
import { shareCertificate } from './share-certificate.ts';
import { signRequests } from './sign-requests.ts';
import { openSimulated, planSimulation, prepareSimulation } from './simulate-meters.ts';

let folder: string;
let vault: Vault;
let projectId: number;
const place = { host: 'broker', port: 8883, interval: 5, search: '', limit: null };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-simulate-'));
  vault = await testVault(join(folder, 'v.fieldkey'));
  const { session } = vault;
  const meters = Array.from({ length: 12 }, (_, i) => ({ id: `meter-${i + 1}`, role: 'device' as const }));
  ({ projectId } = await provision(session, testPlan({ devices: [...meters, { id: 'dash-1', role: 'dashboard' }] })));
  const deviceId = (name: string) => session.tables.device.where('name = ?', name)[0]?.id ?? 0;
  const of = (name: string) => session.tables.certificate.where('device_id = ?', deviceId(name))[0]?.id ?? 0;
  await revokeAndPublish(session, of('meter-3'), { reason: 'keyCompromise' });
  shareCertificate(session, projectId, deviceId('meter-4'), [deviceId('meter-5')]);
  // a device that made its key itself
  const signer = softwareSigner(generateEcKey('p256').pkcs8);
  const bytes = await buildRequest({ kind: 'device', subject: { commonName: 'gw-1' }, signer });
  const { requests } = await reviewRequests(session, projectId, [{ name: 'gw-1.csr', bytes }], 'device');
  await signRequests(
    session,
    projectId,
    requests.map(({ pem, id, role }) => ({ pem, id, role, existing: false })),
  );
});
afterAll(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

it('says how many devices can be simulated, and why others cannot', () => {
  const plan = (search: string, limit: number | null = null) => planSimulation(vault.session, projectId, { search, limit });
  expect(plan('')).toEqual({
    usable: 10,
    first: 'meter-1',
    last: 'meter-12',
    noKey: 1,
    noCertificate: 1,
    noTopic: 1,
    shared: 1,
  });
  // as people count, and capitals make no difference
  expect(plan('METER-', 2)).toMatchObject({ usable: 2, first: 'meter-1', last: 'meter-2' });
  expect(plan('meter-1')).toMatchObject({ usable: 4, first: 'meter-1', last: 'meter-12', noKey: 0 });
  expect(plan('nobody')).toMatchObject({ usable: 0, first: '', last: '' });
});

it('notes every device before its key leaves the vault, and gives each the topic of its role', async () => {
  const { session } = vault;
  const { members, observer } = await prepareSimulation(session, { projectId, ...place, observe: true });
  expect(members).toHaveLength(10);
  expect(members[0]).toMatchObject({ id: 'meter-1', topic: 'lab/energy/meter-1' });
  expect(observer?.identity.id).toBe('observer');
  expect(observer?.filters).toEqual(['lab/energy/+']);
  const [entry] = session.database
    .prepare<[], { detail: string }>("SELECT detail FROM audit WHERE action = 'simulation.begin'")
    .all();
  const detail = JSON.parse(entry?.detail ?? '{}') as Record<string, unknown>;
  expect(detail).toMatchObject({ host: 'broker', port: 8883, devices: 10, interval: 5, observer: true });
  expect(detail['list']).toBe(members.map(({ id }) => id).join(' '));
  const opened = openSimulated(session, projectId, [members[0]?.certificateId ?? 0, members[1]?.certificateId ?? 0]);
  expect(opened.map(({ id }) => id)).toEqual(['meter-1', 'meter-2']);
  expect(opened.every(({ key }) => new TextDecoder().decode(key).includes('PRIVATE KEY'))).toBe(true);
  expect(() => openSimulated(session, projectId + 1, [members[0]?.certificateId ?? 0])).toThrow('CERTIFICATE_NOT_FOUND');
});

it('refuses a load above the limit, and one of nobody, without an entry in the log', async () => {
  const { session } = vault;
  const count = () => session.database.prepare<[], number>('SELECT count(*) FROM audit').pluck().get();
  const before = count();
  const request = { projectId, ...place, observe: false };
  await expect(prepareSimulation(session, { ...request, search: 'nobody' })).rejects.toThrow('INPUT_INVALID');
  // ten a hundredth of a second are 1,000 a second; less is more than that
  await expect(prepareSimulation(session, { ...request, interval: 0.009 })).rejects.toThrow('INPUT_INVALID');
  expect(count()).toBe(before);
});

it('gives a device with an exception a topic that the broker takes from it, and leaves out who may write none', () => {
  const { session } = vault;
  const own = { device: 'meter-1', write: ['lab/solar/{device}'], read: [], deny: ['lab/energy/#'] };
  const silenced = { device: 'meter-2', write: [], read: [], deny: ['lab/+/meter-2'] };
  session.write(() => storeExceptions(session, projectId, [own, silenced]));
  return prepareSimulation(session, { projectId, ...place, search: 'meter-', observe: true }).then(({ members, observer }) => {
    expect(members.find(({ id }) => id === 'meter-1')?.topic).toBe('lab/solar/meter-1');
    expect(members.find(({ id }) => id === 'meter-6')?.topic).toBe('lab/energy/meter-6');
    expect(members.some(({ id }) => id === 'meter-2')).toBe(false);
    expect(observer?.filters).toEqual(['lab/solar/+', 'lab/energy/+']);
    expect(planSimulation(session, projectId, { search: 'meter-2', limit: null })).toMatchObject({ usable: 0, noTopic: 1 });
  });
});
