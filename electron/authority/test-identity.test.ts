import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { defaultAccess } from '../../shared/model/access.ts';
import { standardKit } from '../../shared/model/kit.ts';
import { provision } from '../jobs/provision.ts';
import { shareCertificate } from '../jobs/share-certificate.ts';
import type { Vault } from '../vault/vault.ts';
import { openTestIdentity } from './test-identity.ts';
import { testVault } from './testing/fixtures.ts';

let folder: string;
let vault: Vault;
let projectId: number;
const place = { host: 'mqtt.lab.example', port: 8883 };
const broker = {
  names: ['localhost'],
  addresses: [],
  port: 8883,
  target: 'mosquitto-2.0',
  directory: '/etc/mosquitto',
  data: '/d',
  log: '/l',
  days: 397,
  kit: standardKit,
} as const;

async function project(name: string): Promise<number> {
  const plan = {
    project: name,
    subject: {},
    authority: { key: 'p256', years: 20 },
    broker,
    devices: [
      { id: 'meter-001', role: 'device' },
      { id: 'meter-002', role: 'device' },
    ],
    deviceDays: 397,
    access: defaultAccess,
  } as const;
  return (await provision(vault.session, plan)).projectId;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-identity-'));
  vault = await testVault(join(folder, 'v.fieldkey'));
  projectId = await project('lab');
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

it('opens the observer and a device, each with its own key, and notes who was opened and for what', () => {
  const device = vault.session.tables.device.where('name = ?', 'meter-001')[0];
  for (const [identity, id] of [
    [{ kind: 'observer' }, 'observer'],
    [{ kind: 'device', deviceId: device?.id ?? 0, takeoverAccepted: true }, 'meter-001'],
  ] as const) {
    const opened = openTestIdentity(vault.session, { projectId, identity, ...place });
    expect(opened.id).toBe(id);
    const certificate = new X509Certificate(opened.certificateChain);
    expect(certificate.checkPrivateKey(createPrivateKey(Buffer.from(opened.key)))).toBe(true);
    expect(certificate.verify(new X509Certificate(opened.ca).publicKey)).toBe(true);
    const noted = vault.session.database.prepare('SELECT * FROM audit ORDER BY seq DESC LIMIT 1').get();
    expect(noted).toMatchObject({ action: 'tester.connect', subject: id, operator: 'Ana', project_id: projectId });
    expect(JSON.stringify(noted)).not.toContain('PRIVATE KEY');
  }
});

it('opens the certificate that a device works with, also when that is another one’s, under its own name', () => {
  const [first, second] = vault.session.tables.device.where('project_id = ? ORDER BY id', projectId);
  const identity = { kind: 'device', deviceId: second?.id ?? 0, takeoverAccepted: true } as const;
  const before = new X509Certificate(openTestIdentity(vault.session, { projectId, identity, ...place }).certificateChain);
  expect(before.subject).toContain('CN=meter-002');
  shareCertificate(vault.session, projectId, first?.id ?? 0, [second?.id ?? 0]);
  const opened = openTestIdentity(vault.session, { projectId, identity, ...place });
  expect(new X509Certificate(opened.certificateChain).subject).toContain('CN=meter-001');
  expect(opened.id).toBe('meter-002');
  const noted = vault.session.database.prepare('SELECT subject FROM audit ORDER BY seq DESC LIMIT 1').get();
  expect(noted).toMatchObject({ subject: 'meter-002' });
});

it('opens nothing of another project and nothing of a locked vault', async () => {
  const other = await project('other');
  const deviceId = vault.session.tables.device.where('project_id = ?', projectId)[0]?.id ?? 0;
  const identity = { kind: 'device', deviceId, takeoverAccepted: true } as const;
  expect(() => openTestIdentity(vault.session, { projectId: other, identity, ...place })).toThrow('DEVICE_NOT_FOUND');
  expect(() => openTestIdentity(vault.session, { projectId: 99, identity, ...place })).toThrow('PROJECT_NOT_FOUND');
  const { session } = vault;
  session.close();
  expect(() => openTestIdentity(session, { projectId, identity, ...place })).toThrow('VAULT_LOCKED');
});
