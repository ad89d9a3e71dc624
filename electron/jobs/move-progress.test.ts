import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { chooseIssuers } from '../authority/choose-issuers.ts';
import { authoritiesOf, currentCertificate } from '../authority/lookup.ts';
import { startMove } from '../authority/moves.ts';
import { createSite } from '../authority/new-authority.ts';
import { testPlan, testVault } from '../authority/testing/fixtures.ts';
import type { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { exportProject } from './export-project.ts';
import { finishMove } from './move-fleet.ts';
import { moveProgress } from './move-progress.ts';
import { provision } from './provision.ts';
import { renewDevices } from './renew.ts';
import { releaseAndPublish, revokeAndPublish } from './revoke.ts';
import { shareCertificate } from './share-certificate.ts';

/** Whom a move waits for, and whom not. */
const day = 86_400_000;
let now: number;
let folder: string;
let vault: Vault;
let projectId: number;

beforeEach(async () => {
  now = Date.UTC(2026, 2, 1);
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-move-'));
  vault = await testVault(join(folder, 'v.fieldkey'), { now: () => now });
  ({ projectId } = await provision(vault.session, testPlan({ deviceDays: 90, devices: [{ pattern: 'm-{1..5}' }] })));
});
afterEach(async () => {
  expect(await verifyVault(vault.session)).toMatchObject({ sound: true, findings: [] });
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const rootId = () => authoritiesOf(vault.session, projectId)[0]?.id ?? 0;
const id = (name: string) => vault.session.tables.device.where('name = ?', name)[0]?.id ?? 0;
const certificate = (name: string) => currentCertificate(vault.session, id(name))?.id ?? 0;
const renew = (...names: string[]) => renewDevices(vault.session, projectId, { mode: 'renew', deviceIds: names.map(id) });
const bundles = () => exportProject(vault.session, projectId, { directory: join(folder, 'stick') });

it('does not wait for whoever is revoked or has ended, and counts who shares a certificate by its holder', async () => {
  now += 50 * day;
  await renew('m-1', 'm-2', 'm-3');
  shareCertificate(vault.session, projectId, id('m-1'), [id('m-4')]);
  const moveId = await startMove(vault.session, rootId());
  expect(moveProgress(vault.session, moveId)).toMatchObject({ devices: 5, reissued: 0, moved: 0 });
  await revokeAndPublish(vault.session, certificate('m-2'), { reason: 'keyCompromise' });
  const held = certificate('m-3');
  await revokeAndPublish(vault.session, held, { reason: 'certificateHold' });
  // the first certificates end: of m-5 it was the only one, m-4 uses that of m-1
  now += 41 * day;
  expect(moveProgress(vault.session, moveId)).toMatchObject({ devices: 3, reissued: 0 });
  await renew('m-1');
  expect(moveProgress(vault.session, moveId)).toMatchObject({ devices: 3, reissued: 2, moved: 0 });
  await bundles();
  expect(moveProgress(vault.session, moveId)).toMatchObject({ devices: 3, trusting: 2, moved: 2 });
  // a hold may be taken back: that one is waited for
  await expect(finishMove(vault.session, moveId)).rejects.toMatchObject({
    code: 'MOVE_INCOMPLETE',
    params: { remaining: 1, total: 3 },
  });
  await releaseAndPublish(vault.session, held);
  await renew('m-3');
  await bundles();
  expect(await finishMove(vault.session, moveId)).toMatchObject({ devices: 3, moved: 3, finishedAt: now });
});

it('leaves alone whoever another site authority below the same root has certified', async () => {
  const [first, second] = [await createSite(vault.session, rootId()), await createSite(vault.session, rootId())];
  for (const [site, names] of [
    [first, ['m-1', 'm-2']],
    [second, ['m-3']],
  ] as const) {
    chooseIssuers(vault.session, projectId, { devices: site, broker: null });
    await renew(...names);
  }
  const moveId = await startMove(vault.session, first);
  expect(moveProgress(vault.session, moveId)).toMatchObject({ devices: 2, reissued: 0 });
  await renew('m-1', 'm-2');
  await bundles();
  expect(await finishMove(vault.session, moveId)).toMatchObject({ devices: 2, moved: 2 });
});

it('asks of devices below another root only that their bundle trusts the new one', async () => {
  const first = await startMove(vault.session, rootId());
  await renew('m-1');
  const [old, next] = authoritiesOf(vault.session, projectId);
  chooseIssuers(vault.session, projectId, { devices: old?.id ?? 0, broker: null });
  const second = await startMove(vault.session, next?.id ?? 0);
  expect(moveProgress(vault.session, second)).toMatchObject({ devices: 5, trusting: 0, reissued: 4, moved: 0 });
  await bundles();
  expect(moveProgress(vault.session, second)).toMatchObject({ devices: 5, trusting: 5, reissued: 4, moved: 4 });
  await renew('m-1');
  await bundles();
  expect(await finishMove(vault.session, second)).toMatchObject({ devices: 5, moved: 5 });
  expect(moveProgress(vault.session, first)).toMatchObject({ devices: 5 });
});
