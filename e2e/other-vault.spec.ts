import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { Bridge, CallName } from '../shared/bridge.ts';
import { expect, passphrase, test } from './fixtures/app.ts';
import { provisionSample } from './fixtures/cli.ts';
import { openLab } from './fixtures/lab.ts';

/** A call of the page; its answer, or the code of its error. */
function call(page: Page, name: CallName, input?: unknown): Promise<{ value?: unknown; code?: string }> {
  return page.evaluate(
    async ([name, input]) => {
      const bridge = (globalThis as unknown as { fieldkey: Bridge }).fieldkey;
      const reply = (await bridge.call(name as CallName, input)) as { ok: boolean; value: unknown; error: { code: string } };
      return reply.ok ? { value: reply.value } : { code: reply.error.code };
    },
    [name, input] as const,
  );
}

test('a load test and a check end with the vault that they began in: the next one gives them no key and hears nothing of them', async ({
  start,
  scratch,
}) => {
  const devices = Array.from({ length: 60 }, (_, i) => ({ id: `meter-${i + 1}` }));
  const elsewhere = path.join(scratch, 'elsewhere');
  mkdirSync(elsewhere);
  const other = await provisionSample(elsewhere, {
    project: 'second',
    devices: devices.map(({ id }) => ({ id: `other-${id}` })),
  });
  const lab = await openLab(scratch, { plan: { devices } });
  // takes connections and says nothing
  const silent = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  try {
    const { app, page } = await start({ vault: lab.vault });
    const unlock = { passphrase, operator: 'Ana' };
    await call(page, 'vault.unlock', unlock);
    const place = { projectId: 1, host: 'localhost', port: lab.port };
    const running = await call(page, 'simulation.start', {
      ...place,
      search: '',
      limit: null,
      runId: randomUUID(),
      interval: 1,
      // half a minute until all are there
      ramp: 2,
      qos: 1,
      observe: true,
      maintenanceAccepted: true,
    });
    expect(running.code).toBeUndefined();
    await expect.poll(() => lab.broker.log()).toContain(' as meter-3 ');
    const { port } = silent.address() as { port: number };
    const examined = call(page, 'doctor.run', {
      runId: randomUUID(),
      projectId: 1,
      host: '127.0.0.1',
      port,
      transport: 'mqtts',
      identity: { kind: 'observer' },
      quick: true,
      serverName: null,
    });
    await new Promise((resolve) => silent.once('connection', resolve));

    await app.evaluate(({ dialog }, file) => {
      dialog.showOpenDialog = (async () => ({ canceled: false, filePaths: [file] })) as never;
    }, other.vault);
    await call(page, 'vault.choose');
    await call(page, 'vault.unlock', unlock);
    // it was broken off, and is written where it began if there was time for that
    await examined;
    // whoever was there has left, and nobody else comes
    const present = async () => {
      const log = await lab.broker.log();
      const came = log.match(/New client connected from \S+ as (meter-\d+|observer) /g)?.length ?? 0;
      return came - (log.match(/Client (meter-\d+|observer) (disconnected|closed)/g)?.length ?? 0);
    };
    await expect.poll(present).toBe(0);
    const before = await lab.broker.log();
    expect((await call(page, 'simulation.show', { projectId: 1 })).value).toBeNull();
    const written = async () => {
      const { value } = await call(page, 'audit.list', { offset: 0, limit: 500 });
      return (value as { rows: { action: string }[] }).rows.map(({ action }) => action);
    };
    expect((await written()).filter((action) => /^(simulation|doctor|proof|check)\./.test(action))).toEqual([]);
    // longer than the next ones would have taken
    await page.waitForTimeout(2_000);
    expect((await lab.broker.log()).slice(before.length)).not.toMatch(/New connection/);
    expect(before).not.toContain('other-meter');

    // in the first one both the beginning and the end are written
    await app.evaluate(({ dialog }, file) => {
      dialog.showOpenDialog = (async () => ({ canceled: false, filePaths: [file] })) as never;
    }, lab.vault);
    await call(page, 'vault.choose');
    await call(page, 'vault.unlock', unlock);
    expect((await written()).filter((action) => action.startsWith('simulation.')).toSorted()).toEqual([
      'simulation.begin',
      'simulation.finish',
    ]);
  } finally {
    silent.close();
    await lab.stop();
  }
});
