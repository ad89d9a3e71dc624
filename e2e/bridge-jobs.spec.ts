import path from 'node:path';
import type { Bridge, CallName } from '../shared/bridge.ts';
import { expect, passphrase, test } from './fixtures/app.ts';

/** The calls of issue 3 through the real bridge: page → main → the vault's thread and back, with events in between. */
test('work runs over the bridge: progress, export, replacement, pause and resume, and no key in any answer', async ({
  start,
  scratch,
}) => {
  const { page } = await start({ vault: path.join(scratch, 'v.fieldkey') });
  const seen = await page.evaluate(
    async ({ passphrase, folder }) => {
      const bridge = (globalThis as unknown as { fieldkey: Bridge }).fieldkey;
      const told: { name: string; payload: Record<string, unknown> }[] = [];
      const answers: unknown[] = [];
      for (const name of ['job.progress', 'job.paused', 'project.changed'] as const)
        bridge.on(name, (payload) => told.push({ name, payload: payload as Record<string, unknown> }));
      const call = async (name: CallName, input?: unknown) => {
        const reply = (await bridge.call(name, input)) as { ok: boolean; value: unknown; error: unknown };
        answers.push(reply);
        if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.error)}`);
        return reply.value as Record<string, unknown>;
      };
      const unlock = { passphrase, operator: 'Ana' };
      await call('vault.create', unlock);
      await call('draft.save', { draft: '{"step":2}' });
      const media = await call('media.watch');
      await call('media.unwatch');
      const plan = { project: 'lab', broker: { names: ['localhost'] }, devices: [{ pattern: 'm-{1..50}' }] };
      const provisioned = await call('project.provision', { jobId: 'job-provision', plan });
      const projectId = provisioned['projectId'];
      const medium = { path: folder, label: 'FIELD', volumeId: 'v', removable: false, fileSystem: '', size: null, free: null };
      const exported = await call('export.run', { jobId: 'job-export', projectId, medium });
      const { rows } = (await call('device.list', { projectId })) as { rows: { deviceId: number }[] };
      const deviceIds = rows.slice(0, 3).map((row) => row.deviceId);
      const replaced = await call('device.replace', { jobId: 'job-replace', projectId, deviceIds });
      const state = await call('export.state', { projectId });
      await call('preview.broker', { projectId });
      await call('preview.device', { deviceId: deviceIds[0] });
      const devices = Array.from({ length: 5_000 }, (_, i) => ({ id: `late-${i}`, role: 'device' }));
      const adding = call('device.add', { jobId: 'job-add-devices', projectId, devices });
      while (!told.some(({ name, payload }) => name === 'job.progress' && payload['jobId'] === 'job-add-devices'))
        await new Promise((resolve) => setTimeout(resolve, 10));
      await call('vault.lock');
      // the event and the answer may come in either order
      for (let wait = 0; wait < 300 && !told.some(({ name }) => name === 'job.paused'); wait++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      const paused = told.filter(({ name }) => name === 'job.paused').map(({ payload }) => payload);
      await call('vault.unlock', unlock);
      const added = await adding;
      const draft = await call('draft.load');
      return { told, media, provisioned, exported, replaced, state, paused, added, draft, answers: JSON.stringify(answers) };
    },
    { passphrase, folder: path.join(scratch, 'stick') },
  );
  expect(seen.provisioned).toMatchObject({ project: 'created', issued: 50 });
  expect(seen.media).toMatchObject({ told: expect.any(Boolean), media: expect.any(Array) });
  expect(seen.exported).toMatchObject({ devices: 50, unchanged: false });
  expect(seen.replaced).toMatchObject({ replaced: 3 });
  expect(seen.state).toMatchObject({ devicesToExport: 3, changedKitFiles: ['certs/crl.pem'] });
  expect(seen.paused).toEqual([{ jobId: 'job-add-devices' }]);
  expect(seen.added).toEqual({ issued: 5_000 });
  expect(seen.draft).toEqual({ draft: '{"step":2}' });
  const last = seen.told.filter(({ payload }) => payload['jobId'] === 'job-add-devices').at(-1);
  expect(last?.payload).toMatchObject({ done: 5_000, total: 5_000 });
  expect(seen.told.some(({ name }) => name === 'project.changed')).toBe(true);
  expect(seen.answers).not.toMatch(/PRIVATE KEY|correct horse/);
});
