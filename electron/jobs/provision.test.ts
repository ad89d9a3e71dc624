import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { reissueBroker } from '../authority/broker-certificate.ts';
import { brokerCertificate, brokerOf, issuingAuthority, latestCrl } from '../authority/lookup.ts';
import { testPlan, testVault } from '../authority/testing/fixtures.ts';
import type { VaultSession } from '../vault/session.ts';
import type { Vault } from '../vault/vault.ts';
import { provision } from './provision.ts';

const day = 86_400_000;
let folder: string;
let vault: Vault;
let session: VaultSession;
let clock: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-provision-'));
  clock = Date.now();
  vault = await testVault(join(folder, 'v.fieldkey'), { now: () => clock });
  session = vault.session;
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const ends = (projectId: number) => ({
  broker: brokerCertificate(session, brokerOf(session, projectId)?.id ?? 0)?.not_after ?? 0,
  crl: latestCrl(session, issuingAuthority(session, projectId).id)?.next_update ?? 0,
});

it('makes good a run that was killed between the new broker certificate and the new revocation list', async () => {
  const plan = testPlan();
  const { projectId } = await provision(session, plan);
  clock += 300 * day;
  vault.session.confirmClock();
  // what stays of such a run: the certificate is stored, the list is not
  await reissueBroker(session, projectId, plan.broker, 'p256');
  expect(ends(projectId).crl).toBeLessThan(ends(projectId).broker);
  expect(await provision(session, plan)).toMatchObject({ broker: 'unchanged', issued: 0 });
  expect(ends(projectId).crl).toBeGreaterThan(ends(projectId).broker);
});

it('issues the broker anew when its certificate is due, and only then', async () => {
  const plan = testPlan();
  const { projectId } = await provision(session, plan);
  const first = ends(projectId);
  clock += 360 * day;
  vault.session.confirmClock();
  expect(await provision(session, plan)).toMatchObject({ broker: 'unchanged' });
  clock += 10 * day;
  expect(await provision(session, plan)).toMatchObject({ broker: 'reissued' });
  expect(ends(projectId).broker).toBeGreaterThan(first.broker);
  expect(ends(projectId).crl).toBeGreaterThan(ends(projectId).broker);
  expect(await provision(session, plan)).toMatchObject({ broker: 'unchanged' });
});
