import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { provision } from '../jobs/provision.ts';
import { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { createVaultService, type VaultHandlers } from './vault-service.ts';

interface Told {
  readonly name: string;
  readonly at: number;
  readonly payload: Record<string, unknown>;
}

let folder: string;
let file: string;
let service: VaultHandlers;
let told: Told[];
/** Called with each event, so that a test acts at a certain progress. */
let onTold: (event: Told) => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-jobs-'));
  file = join(folder, 'v.fieldkey');
  const vault = await testVault(file);
  await provision(vault.session, testPlan());
  vault.close();
  told = [];
  onTold = () => undefined;
  service = createVaultService({
    kdfCost: testKdfCost,
    tell: (name, payload) => {
      const event = { name, at: performance.now(), payload: payload as Record<string, unknown> };
      told.push(event);
      onTold(event);
    },
  });
  await service['vault.use']({ file });
  await service['vault.unlock'](testSecret);
});
afterEach(async () => {
  await service['vault.close']();
  rmSync(folder, { recursive: true, force: true });
});

const devices = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `m-${i}`, role: 'device' as const }));
const events = (name: string) => told.filter((event) => event.name === name).map((event) => event.payload);
const jobId = 'job-00000001';
/** Does something once, when this job has reported that much. */
function when(done: number, act: () => void): void {
  onTold = ({ name, payload }) => {
    if (name !== 'job.progress' || Number(payload['done']) < done) return;
    onTold = () => undefined;
    act();
  };
}
async function deviceCount(): Promise<number> {
  const page = await service['device.list']({ projectId: 1, search: '', offset: 0, limit: 1 });
  return page.total;
}

describe('issuing', () => {
  it('reports what is committed, at most ten times a second, the end always, and that the project changed', async () => {
    expect(await service['device.add']({ jobId, projectId: 1, devices: devices(900) })).toEqual({ issued: 900 });
    const progress = told.filter((event) => event.name === 'job.progress');
    expect(progress.at(-1)?.payload).toEqual({ jobId, step: 'issue', done: 900, total: 900 });
    for (const { at } of progress) expect(progress.filter((p) => p.at >= at && p.at < at + 1_000).length).toBeLessThanOrEqual(11);
    expect(told.at(-1)).toMatchObject({ name: 'project.changed', payload: { projectId: 1 } });
    await expect(service['device.add']({ jobId, projectId: 1, devices: devices(1) })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  it('pauses when the vault is locked, lets go of the file, and goes on by itself after the next unlock', async () => {
    let locked: unknown;
    when(200, () => {
      locked = service['vault.lock'](undefined);
    });
    const work = service['device.add']({ jobId, projectId: 1, devices: devices(900) });
    await expect.poll(() => events('job.paused'), { timeout: 20_000 }).toEqual([{ jobId }]);
    expect(await locked).toMatchObject({ state: 'locked' });
    // the file is free for the command line, which finds whole chunks
    const vault = Vault.open(file, { kdfCost: testKdfCost });
    const session = await vault.unlock(testSecret.passphrase, 'Cli');
    const kept = session.tables.device.where('1 = 1').length - 2;
    expect(kept).toBeGreaterThanOrEqual(200);
    expect(kept).toBeLessThan(900);
    expect(await verifyVault(session)).toMatchObject({ sound: true });
    vault.close();
    await service['vault.unlock'](testSecret);
    expect(await work).toEqual({ issued: 900 });
    expect(await deviceCount()).toBe(902);
    // counted on from where it stood, never backwards
    const done = events('job.progress').map((payload) => Number(payload['done']));
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(new Set(events('job.progress').map((payload) => payload['total']))).toEqual(new Set([900]));
    expect(await service['audit.verify'](undefined)).toMatchObject({ sound: true });
  });

  it('does the same for a plan, whose report tells what both runs did', async () => {
    when(200, () => void service['vault.lock'](undefined));
    const { project, subject, authority, broker, deviceDays, access } = testPlan({ project: 'plant' });
    const plan = {
      project,
      subject,
      authority,
      broker: { ...broker, names: [...broker.names], addresses: [...broker.addresses] },
      deviceDays,
      access: access.map((rule) => ({ ...rule, write: [...rule.write], read: [...rule.read] })),
      devices: devices(600),
    };
    const work = service['project.provision']({ jobId, plan });
    await expect.poll(() => events('job.paused'), { timeout: 20_000 }).toHaveLength(1);
    await service['vault.unlock'](testSecret);
    expect(await work).toMatchObject({ project: 'created', broker: 'created', issued: 600, alreadyThere: 0, notInPlan: 0 });
    expect(events('project.changed')).toContainEqual({ projectId: 2 });
  });

  it('does the same for a replacement: every device exactly once', async () => {
    await service['device.add']({ jobId, projectId: 1, devices: devices(600) });
    const { rows } = await service['device.list']({ projectId: 1, search: 'm-', offset: 0, limit: 1000 });
    const deviceIds = rows.map((row) => row.deviceId);
    when(200, () => void service['vault.lock'](undefined));
    const work = service['device.replace']({ jobId: 'job-replace', projectId: 1, deviceIds, reason: 'superseded' });
    await expect.poll(() => events('job.paused'), { timeout: 20_000 }).toHaveLength(1);
    await service['vault.unlock'](testSecret);
    expect(await work).toMatchObject({ replaced: 600 });
    for (const deviceId of [deviceIds[0] ?? 0, deviceIds[300] ?? 0, deviceIds.at(-1) ?? 0]) {
      const { certificates } = await service['device.show']({ deviceId });
      expect(certificates.map((certificate) => certificate.state)).toEqual(['valid', 'revoked']);
    }
    expect(await service['audit.verify'](undefined)).toMatchObject({ sound: true });
  });

  it('sees that it was cancelled without giving its thread back', async () => {
    const waiting: string[] = [];
    const other = createVaultService({ kdfCost: testKdfCost, cancelled: () => waiting.splice(0) });
    await service['vault.lock'](undefined);
    await other['vault.use']({ file });
    await other['vault.unlock'](testSecret);
    // as main posts it while the thread is busy: nothing but a look finds it
    const work = other['device.add']({ jobId: 'busy', projectId: 1, devices: devices(900) });
    waiting.push('busy');
    await expect(work).rejects.toMatchObject({ code: 'JOB_CANCELLED', params: { done: expect.toSatisfy((done) => done < 10) } });
    await other['vault.close']();
    await service['vault.unlock'](testSecret);
    expect(await deviceCount()).toBeLessThan(12);
  });

  it('is cancelled after the unit that runs, and keeps it; also while it is paused', async () => {
    when(200, () => void service['job.cancel']({ jobId }));
    const work = service['device.add']({ jobId, projectId: 1, devices: devices(900) });
    await expect(work).rejects.toMatchObject({ code: 'JOB_CANCELLED', params: { done: 200, total: 900 } });
    expect(await deviceCount()).toBe(202);

    when(1, () => void service['vault.lock'](undefined));
    const more = devices(900).slice(200);
    const paused = service['device.add']({ jobId, projectId: 1, devices: more });
    paused instanceof Promise && paused.catch(() => undefined);
    await expect.poll(() => events('job.paused'), { timeout: 20_000 }).toHaveLength(1);
    service['job.cancel']({ jobId });
    await expect(paused).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
    await service['vault.unlock'](testSecret);
    const count = await deviceCount();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await deviceCount()).toBe(count);
  });

  it('does not go on in another vault', async () => {
    when(200, () => void service['vault.lock'](undefined));
    const work = service['device.add']({ jobId, projectId: 1, devices: devices(500) });
    work instanceof Promise && work.catch(() => undefined);
    await expect.poll(() => events('job.paused'), { timeout: 20_000 }).toHaveLength(1);
    await service['vault.use']({ file: join(folder, 'other.fieldkey') });
    await service['vault.create'](testSecret);
    expect(service['project.list'](undefined)).toEqual([]);
    await service['vault.use']({ file });
    await service['vault.unlock'](testSecret);
    expect(await work).toEqual({ issued: 500 });
  });
});

describe('exporting', () => {
  const medium = { path: '', label: 'FIELD', volumeId: 'v', removable: true, fileSystem: 'vfat', size: null, free: null };
  const run = () =>
    service['export.run']({
      jobId,
      projectId: 1,
      withBroker: true,
      deviceIds: null,
      medium: { ...medium, path: join(folder, 'stick') },
    });

  it('ends with VAULT_LOCKED when the vault is locked, and leaves nothing half', async () => {
    await service['device.add']({ jobId, projectId: 1, devices: devices(1500) });
    onTold = ({ name, payload }) => {
      if (name === 'job.progress' && payload['step'] === 'write') void service['vault.lock'](undefined);
    };
    await expect(run()).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
    expect(existsSync(join(folder, 'stick/lab'))).toBe(false);
    onTold = () => undefined;
    await service['vault.unlock'](testSecret);
    expect(await run()).toMatchObject({ devices: 1502, unchanged: false });
    expect(await service['export.state']({ projectId: 1 })).toMatchObject({ devicesToExport: 0, changedKitFiles: [] });
  });
});
