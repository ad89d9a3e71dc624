import { fork } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type Page } from 'playwright';
import { freePort, startMosquitto } from '../../electron/broker/testing/mosquitto.ts';
import { readmeCommands, runAsReadmeSays } from '../../electron/broker/testing/readme-commands.ts';
import { exportProject } from '../../electron/jobs/export-project.ts';
import { provision } from '../../electron/jobs/provision.ts';
import { Vault } from '../../electron/vault/vault.ts';
import { checkPlan } from '../../shared/rules/plan.ts';
import { memoryOf } from '../fixtures/memory.ts';
import { withDisplay } from './display.ts';
import type { Figure } from './figure.ts';

const root = path.resolve(import.meta.dirname, '../..');
const passphrase = 'correct horse battery';
const rate = 20_000;
const payloadBytes = 200;

/** Messages from a real Mosquitto over mqtts into the open test page: counted, dropped, frames, memory. `--seconds N`, 15 unless told. */
export async function* floodBench(): AsyncGenerator<Figure> {
  yield* withDisplay(measure);
}

async function* measure(): AsyncGenerator<Figure> {
  const executablePath = process.env['FIELDKEY_ELECTRON'];
  if (!executablePath) throw new Error('FIELDKEY_ELECTRON is not set: run with "npm run -s bench -- flood"');
  const given = process.argv.indexOf('--seconds');
  const seconds = given < 0 ? 15 : Number(process.argv[given + 1]);
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-flood-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const installed = path.join(folder, 'etc/mosquitto');
  const checked = checkPlan({
    project: 'bench',
    devices: [{ id: 'meter-001' }],
    access: [{ role: 'device', write: ['{project}/energy/{device}/#'], read: ['{project}/commands/{device}'] }],
    broker: {
      names: ['localhost'],
      addresses: ['127.0.0.1'],
      port,
      directory: installed,
      data: path.join(folder, 'lib'),
      log: path.join(folder, 'log'),
    },
  });
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const file = path.join(folder, 'v.fieldkey');
  const vault = await Vault.create(file, { passphrase, operator: 'bench' });
  const { projectId } = await provision(vault.session, checked.plan);
  await exportProject(vault.session, projectId, { directory: folder });
  vault.close();
  const kit = path.join(folder, 'bench/broker');
  await runAsReadmeSays(readmeCommands(readFileSync(path.join(kit, 'README.txt'), 'utf8')), kit, folder);
  const broker = await startMosquitto(path.join(installed, 'mosquitto.conf'));
  const userData = path.join(folder, 'user');
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await _electron.launch({
    executablePath,
    args: ['-r', path.join(root, 'e2e/fixtures/gate.cjs'), root, ...sandbox, `--user-data-dir=${userData}`, '--vault', file],
  });
  try {
    const page = await app.firstWindow();
    await page.locator('input').first().fill('bench');
    await page.locator('input[type=password]').fill(passphrase);
    await page.locator('button[type=submit]').click();
    await page.evaluate(() => {
      location.hash = '#/test';
    });
    const observer = page.locator('section[data-identity=observer]');
    await observer.locator('header button').first().click();
    await page.locator('section[data-standing=connected]').waitFor({ timeout: 20_000 });
    await observer.locator('form button[type=submit]').first().click();
    await observer.locator('li').first().waitFor();
    await page.waitForTimeout(1_000);
    await countFrames(page);
    const memory: number[] = [];
    const main = app.process().pid ?? 0;
    const watch = setInterval(() => memory.push(memoryOf(main)), 1_000);
    const sent = await publish(path.join(folder, 'bench/devices/meter-001'), port, folder, seconds);
    const { median, p5, p95 } = await frames(page);
    clearInterval(watch);
    const [received, , dropped] = await settledCounters(page);
    if ((await broker.log()).includes('Outgoing messages are being dropped'))
      console.error('The broker itself dropped messages: this machine is too busy for the figures to mean anything.');
    yield { name: 'flood counted', value: received ?? 0, unit: 'messages', reference: sent, against: 'published' };
    yield { name: 'flood dropped', value: dropped ?? 0, unit: 'messages', reference: sent, against: 'published' };
    yield { name: 'flood frames (median)', value: median, unit: '/s', reference: 50, against: 'goal' };
    yield { name: 'flood frames (worst 5 %)', value: p5, unit: '/s', reference: 50, against: 'goal' };
    yield { name: 'flood frame (95 %)', value: p95, unit: 'ms', reference: 33, against: 'goal' };
    const settled = memory.slice(Math.floor(memory.length / 3));
    yield { name: 'flood memory (peak)', value: Math.max(...memory), unit: 'MB', reference: 500, against: 'goal' };
    yield {
      name: 'flood memory (end)',
      value: settled.at(-1) ?? Number.NaN,
      unit: 'MB',
      reference: settled[0] ?? Number.NaN,
      against: 'after a third',
    };
  } finally {
    await app.close();
    await broker.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Publishes as the device, in a process of its own; gives how many were sent. QoS 0, 100 topics, packets made beforehand. */
function publish(bundle: string, port: number, folder: string, seconds: number): Promise<number> {
  const script = path.join(folder, 'publisher.mjs');
  writeFileSync(script, publisher);
  const child = fork(script, [bundle, String(port), String(rate), String(payloadBytes), String(seconds)]);
  return new Promise((resolve, reject) => {
    child.once('message', (sent) => resolve(Number(sent)));
    child.once('exit', (code) => reject(new Error(`the publisher ended with ${code}`)));
  });
}

const publisher = `
import { connect } from 'node:tls';
import { readFileSync } from 'node:fs';
const [bundle, port, rate, bytes, seconds] = process.argv.slice(2).map((v, i) => (i === 0 ? v : Number(v)));
const file = (name) => readFileSync(bundle + '/' + name);
const socket = connect({ host: '127.0.0.1', port, ca: file('ca.crt'), cert: file('client.crt'), key: file('client.key') });
const text = (s) => { const b = Buffer.from(s); return Buffer.concat([Buffer.from([b.length >> 8, b.length & 255]), b]); };
const packet = (type, body) => {
  const length = [];
  let rest = body.length;
  do { length.push((rest & 127) | (rest > 127 ? 128 : 0)); rest >>= 7; } while (rest > 0);
  return Buffer.concat([Buffer.from([type, ...length]), body]);
};
// 100 messages, one a topic, in one piece
const hundred = Buffer.concat(Array.from({ length: 100 }, (_, i) =>
  packet(0x30, Buffer.concat([text('bench/energy/meter-001/' + i), Buffer.alloc(bytes, 'x')]))));
socket.once('data', () => {
  const begin = performance.now();
  const total = rate * seconds;
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((performance.now() - begin) / 1000) * rate / 100) * 100);
    while (sent < due) { socket.write(hundred); sent += 100; }
    if (sent >= total) {
      clearInterval(timer);
      // DISCONNECT, after all of it has gone out
      socket.end(Buffer.from([0xe0, 0]), () => setTimeout(() => process.send(sent, () => process.exit(0)), 500));
    }
  }, 5);
});
socket.on('secureConnect', () => socket.write(packet(0x10, Buffer.concat([text('MQTT'), Buffer.from([4, 2, 0, 0]), text('meter-001')]))));
`;

/** Received, shown, dropped, as soon as nothing has arrived for three seconds. */
async function settledCounters(page: Page): Promise<number[]> {
  const read = () =>
    page
      .locator('section[data-identity=observer] dl > div > dd')
      .evaluateAll((cells) => cells.map((cell) => Number((cell.firstChild?.textContent ?? '').replace(/\D/g, ''))));
  for (let before = await read(); ; ) {
    await page.waitForTimeout(3_000);
    const now = await read();
    if (now[0] === before[0]) return now;
    before = now;
  }
}

type Framed = { frames?: number[] };

function countFrames(page: Page): Promise<void> {
  return page.evaluate(() => {
    const times: number[] = [];
    (window as unknown as Framed).frames = times;
    let last = performance.now();
    const next = (now: number) => {
      times.push(now - last);
      last = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
}

async function frames(page: Page): Promise<{ median: number; p5: number; p95: number }> {
  const times = (await page.evaluate(() => (window as unknown as Framed).frames ?? [])).slice(1).toSorted((a, b) => a - b);
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN;
  return { median: 1_000 / at(0.5), p5: 1_000 / at(0.95), p95: at(0.95) };
}
