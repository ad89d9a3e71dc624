import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { earlierKit, recommendedCiphers, standardKit } from '../../shared/model/kit.ts';
import { brokerOf } from '../authority/lookup.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { changeBrokerSettings } from '../jobs/change-project.ts';
import { exportProject } from '../jobs/export-project.ts';
import { exportState } from '../jobs/export-state.ts';
import { previewBroker } from '../jobs/preview.ts';
import { provision } from '../jobs/provision.ts';
import { rekeyExport } from '../jobs/rekey-export.ts';
import type { VaultSession } from './session.ts';
import { backToVersion } from './testing/older-schema.ts';
import { Vault } from './vault.ts';
import { verifyVault } from './verify.ts';

let folder: string;
let vault: Vault | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-migration-11-'));
});
afterEach(() => {
  vault?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Broker settings as they were stored before there was a kit to choose, in the row and in the audit log. */
function withoutKit(session: VaultSession, projectId: number): void {
  const broker = brokerOf(session, projectId);
  if (!broker) throw new Error('no broker');
  const { parsed, ...row } = broker;
  const { kit: _, ...settings } = parsed;
  const text = JSON.stringify(settings);
  session.write((log) => {
    session.tables.broker.update({ ...row, settings: text });
    log('project.change', { projectId, subject: 'lab', detail: { broker: text } });
  });
}

async function olderVault(): Promise<{ session: VaultSession; projectId: number; exportId: number }> {
  const file = join(folder, 'v.fieldkey');
  const before = await testVault(file);
  const { projectId } = await provision(before.session, testPlan());
  withoutKit(before.session, projectId);
  const { exportId } = await exportProject(before.session, projectId, { directory: join(folder, 'stick') });
  before.close();
  backToVersion(file, 10);
  vault = Vault.open(file, { kdfCost: testKdfCost });
  return { session: await vault.unlock(testSecret.passphrase, testSecret.operator), projectId, exportId };
}

it('migration 11 leaves an earlier project its configuration, without a file to copy', async () => {
  const { session, projectId } = await olderVault();
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  expect(brokerOf(session, projectId)?.parsed.kit).toEqual(earlierKit);
  expect(exportState(session, projectId).changedKitFiles).toEqual([]);
  expect(readFileSync(join(folder, 'stick/lab/broker/mosquitto.conf'), 'utf8')).not.toContain('ciphers');
  // of an export of that time no texts are known: what differs is said, not shown
  const kit = { ...standardKit, maxQueuedMessages: 5 };
  const settings = { ...(brokerOf(session, projectId)?.parsed ?? (null as never)), kit };
  const conf = previewBroker(session, projectId, settings).find(({ path }) => path === 'mosquitto.conf');
  expect(conf).toMatchObject({ change: 'changed', before: null });
  expect(conf?.content).toContain(recommendedCiphers);
  // nothing of what was tried is stored
  expect(brokerOf(session, projectId)?.parsed.kit).toEqual(earlierKit);
});

it('a lost stick of that time is re-keyed, and the audit log still tells the settings', async () => {
  const { session, exportId } = await olderVault();
  expect(await rekeyExport(session, exportId, 'keyCompromise')).toMatchObject({ brokerReissued: true });
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
});

it('after the next export, a change of the kit is shown with what was exported', async () => {
  const { session, projectId } = await olderVault();
  await exportProject(session, projectId, { directory: join(folder, 'other') });
  const stored = brokerOf(session, projectId)?.parsed ?? (null as never);
  await changeBrokerSettings(session, projectId, { ...stored, kit: { ...stored.kit, maxQueuedMessages: 5 } });
  const conf = previewBroker(session, projectId).find(({ path }) => path === 'mosquitto.conf');
  expect(conf?.before).toContain('max_queued_messages 1000\n');
  expect(conf?.content).toContain('max_queued_messages 5\n');
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
});
