import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCrl } from '../pki/read-crl.ts';
import { openssl } from '../pki/testing/judges.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import type { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { createProject } from './create-project.ts';
import { deviceDetail } from './device-view.ts';
import { issueDevices } from './issue-devices.ts';
import { issuingAuthority, latestCrl } from './lookup.ts';
import { completeCrls, listInForce, publishCrl } from './publish-crl.ts';
import { replaceDevices, replacementsOf } from './replace-devices.ts';
import { testPlan, testVault } from './testing/fixtures.ts';

const profile = { key: 'p256', days: 365, reason: 'keyCompromise' } as const;
let folder: string;
let vault: Vault;
let session: VaultSession;
let projectId: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-replace-'));
  vault = await testVault(join(folder, 'v.fieldkey'));
  session = vault.session;
  projectId = await createProject(session, testPlan());
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

async function add(count: number): Promise<number[]> {
  const requests = Array.from({ length: count }, (_, i) => ({ id: `m-${i + 1}`, role: 'device' as const }));
  await issueDevices(session, projectId, requests, profile);
  return session.tables.device.where('project_id = ? ORDER BY id', projectId).map((row) => row.id);
}
const certificatesOf = (deviceId: number) => session.tables.certificate.where('device_id = ? ORDER BY id', deviceId);
const crl = () => latestCrl(session, issuingAuthority(session, projectId).id)?.der as Buffer;
const root = () => (session.tables.certificate.where("kind = 'root'")[0] as CertificateRow).der;

it('gives a new key and certificate and revokes the old one, which openssl refuses from then on', async () => {
  const [deviceId = 0, other = 0] = await add(2);
  await replaceDevices(session, projectId, replacementsOf(session, projectId, [deviceId, deviceId]), profile);
  await completeCrls(session, projectId);
  const [old, fresh] = certificatesOf(deviceId) as [CertificateRow, CertificateRow];
  expect(certificatesOf(deviceId)).toHaveLength(2);
  expect(fresh).toMatchObject({ predecessor_id: old.id, status: 'valid', common_name: 'm-1' });
  expect(fresh.key_id).not.toBe(old.key_id);
  expect(old).toMatchObject({ status: 'revoked', revocation_reason: 'keyCompromise' });
  const refused = await openssl({ root: root(), leaf: old.der, crls: [crl()] }, { purpose: 'client' });
  expect(refused.ok).toBe(false);
  expect(refused.output).toContain('revoked');
  for (const good of [fresh, certificatesOf(other)[0] as CertificateRow])
    expect(await openssl({ root: root(), leaf: good.der, crls: [crl()] }, { purpose: 'client' })).toMatchObject({ ok: true });
  expect(deviceDetail(session, deviceId, Date.now()).device).toMatchObject({ state: 'valid', revokedAt: null });
  const actions = [...session.audit.entries()].map(({ entry }) => entry).slice(-3);
  expect(actions.map((entry) => entry.action)).toEqual(['certificate.issue', 'certificate.revoke', 'crl.publish']);
  expect(actions[1]?.detail['fingerprint']).toBe(old.fingerprint.toString('hex'));
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
});

it('is completed by running it again, and replaces nothing twice', async () => {
  const ids = await add(450);
  const replacements = replacementsOf(session, projectId, ids);
  const stop = new AbortController();
  const first = replaceDevices(session, projectId, replacements, {
    ...profile,
    signal: stop.signal,
    onProgress: ({ done }) => done >= 200 && stop.abort(),
  });
  await expect(first).rejects.toMatchObject({ code: 'JOB_CANCELLED', params: { done: 200, total: 450 } });
  const valid = () =>
    session.database.prepare("SELECT count(*) FROM certificate WHERE device_id IS NOT NULL AND status = 'valid'").pluck().get();
  expect(valid()).toBe(450);
  // killed before its list: whoever exports next makes up for it
  expect(await replaceDevices(session, projectId, replacements, profile)).toBe(250);
  expect(await replaceDevices(session, projectId, replacements, profile)).toBe(0);
  expect(valid()).toBe(450);
  const before = latestCrl(session, issuingAuthority(session, projectId).id)?.number;
  await completeCrls(session, projectId);
  const { crlNumber } = listInForce(session, projectId);
  expect(crlNumber).toBeGreaterThan(before ?? 0);
  expect(readCrl(crl()).entries).toHaveLength(451);
  await completeCrls(session, projectId);
  expect(listInForce(session, projectId).crlNumber).toBe(crlNumber);
  expect(await verifyVault(session)).toMatchObject({ sound: true });
});

it('replaces a device once when it is asked for twice at the same time', async () => {
  const [deviceId = 0] = await add(1);
  const replacements = replacementsOf(session, projectId, [deviceId]);
  await Promise.all([1, 2].map(() => replaceDevices(session, projectId, replacements, profile)));
  expect(certificatesOf(deviceId).map((row) => row.status)).toEqual(['revoked', 'valid']);
});

it('revokes for good what was on hold, and every older certificate that still was valid', async () => {
  const [deviceId = 0] = await add(1);
  const [held] = certificatesOf(deviceId) as [CertificateRow];
  session.write((log) => {
    session.tables.certificate.update({ ...held, status: 'hold', revoked_at: 1, revocation_reason: 'certificateHold' });
    log('certificate.revoke', { projectId, subject: 'm-1', detail: { fingerprint: held.fingerprint.toString('hex') } });
  });
  await replaceDevices(session, projectId, replacementsOf(session, projectId, [deviceId]), profile);
  expect(session.tables.certificate.get(held.id)).toMatchObject({ status: 'revoked', revocation_reason: 'keyCompromise' });
  expect(await verifyVault(session)).toMatchObject({ sound: true });
});

it('does nothing for a device of another project, and nothing half when the vault is locked', async () => {
  const [deviceId = 0] = await add(1);
  const elsewhere = await createProject(session, testPlan({ project: 'other' }));
  expect(() => replacementsOf(session, elsewhere, [deviceId])).toThrow('DEVICE_NOT_FOUND');
  const replacements = replacementsOf(session, projectId, [deviceId]);
  const work = replaceDevices(session, projectId, replacements, profile);
  vault.lock();
  await expect(work).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
  session = await vault.unlock('correct horse battery', 'Ana');
  expect(certificatesOf(deviceId).map((row) => row.status)).toEqual(['valid']);
  await publishCrl(session, issuingAuthority(session, projectId).id);
});
