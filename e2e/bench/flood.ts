import { fork, spawn } from 'node:child_process';
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

/** Milliseconds after which memory has to be flat. */
const warm = 20_000;
/** Rates that are tried for the highest one, messages/s, each for ten seconds: up from the stated one, or else down. */
const above = [25_000, 30_000, 40_000, 50_000, 60_000, 80_000, 100_000, 130_000];
const below = [15_000, 10_000, 5_000];
const held = 10;

/**
 * Messages from a real Mosquitto over mqtts into the open test page: counted, dropped, frames, memory, for the list and for
 * the tree; then the highest rate of which nothing is lost, beside that of mosquitto_sub. `--seconds N`, 60 unless told;
 * `--no-ladder` leaves the highest rate out; `--record`: what comes at the stated rate is recorded as well.
 */
export async function* floodBench(): AsyncGenerator<Figure> {
  yield* withDisplay(measure);
}

async function* measure(): AsyncGenerator<Figure> {
  const executablePath = process.env['FIELDKEY_ELECTRON'];
  if (!executablePath) throw new Error('FIELDKEY_ELECTRON is not set: run with "npm run -s bench -- flood"');
  const given = process.argv.indexOf('--seconds');
  const seconds = given < 0 ? 60 : Number(process.argv[given + 1]);
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-flood-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const installed = path.join(folder, 'etc/mosquitto');
  const checked = checkPlan({
    project: 'bench',
    devices: [{ id: 'meter-001' }, { id: 'dash-1', role: 'dashboard' }],
    access: [
      { role: 'device', write: ['{project}/energy/{device}/#'], read: ['{project}/commands/{device}'] },
      { role: 'dashboard', write: [], read: ['{project}/#'] },
    ],
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
    const records = process.argv.includes('--record');
    if (records) {
      await observer.locator('button[aria-pressed][class*=record]').click();
      await observer.locator('button[data-recording]').waitFor();
    }
    await page.waitForTimeout(1_000);
    await countFrames(page);
    const memory: { at: number; megabytes: number }[] = [];
    const main = app.process().pid ?? 0;
    const meter = path.join(folder, 'bench/devices/meter-001');
    const began = performance.now();
    const watch = setInterval(() => memory.push({ at: performance.now() - began, megabytes: memoryOf(main) }), 1_000);
    const { sent } = await publish(meter, port, folder, rate, seconds);
    const { median, p5, p95 } = await frames(page);
    clearInterval(watch);
    const { received, dropped } = await settledCounters(page);
    if ((await broker.log()).includes('Outgoing messages are being dropped'))
      console.error('The broker itself dropped messages: this machine is too busy for the figures to mean anything.');
    yield { name: 'flood counted', value: received ?? 0, unit: 'messages', reference: sent, against: 'published' };
    yield { name: 'flood dropped', value: dropped ?? 0, unit: 'messages', reference: sent, against: 'published' };
    if (records) {
      const { messages, missed } = await recorded(page);
      yield { name: 'flood recorded', value: messages, unit: 'messages', reference: sent, against: 'published' };
      yield { name: 'flood not recorded', value: missed, unit: 'messages', reference: sent, against: 'published' };
    }
    yield { name: 'flood frames (median)', value: median, unit: '/s', reference: 50, against: 'goal' };
    yield { name: 'flood frames (worst 5 %)', value: p5, unit: '/s', reference: 50, against: 'goal' };
    yield { name: 'flood frame (95 %)', value: p95, unit: 'ms', reference: 33, against: 'goal' };
    const megabytes = memory.map((each) => each.megabytes);
    const settled = memory.filter(({ at }) => at >= Math.min(warm, (seconds * 1_000) / 3)).map((each) => each.megabytes);
    yield { name: 'flood memory (peak)', value: Math.max(...megabytes), unit: 'MB', reference: 500, against: 'goal' };
    // a sawtooth of the collector lies in it: the highest of the last third, beside the highest of the first one
    const third = Math.max(1, Math.floor(settled.length / 3));
    yield {
      name: 'flood memory (last third)',
      value: Math.max(...settled.slice(-third)),
      unit: 'MB',
      reference: Math.max(...settled.slice(0, third)),
      against: 'first third after 20 s',
    };

    // the tree: the same stream for a quarter of the time
    await observer.locator('section[data-tour] [role=group] button').nth(1).click();
    await page.locator('[role=tree]').waitFor();
    await countFrames(page);
    await publish(meter, port, folder, rate, Math.max(5, Math.round(seconds / 4)));
    const tree = await frames(page);
    yield { name: 'flood tree frames (median)', value: tree.median, unit: '/s', reference: 50, against: 'goal' };
    yield { name: 'flood tree frame (95 %)', value: tree.p95, unit: 'ms', reference: 33, against: 'goal' };

    if (!process.argv.includes('--no-ladder')) {
      await observer.locator('section[data-tour] [role=group] button').nth(0).click();
      const ours = await highest('Fieldkey', async (wanted) => {
        const before = await settledCounters(page);
        const { sent: all, took } = await publish(meter, port, folder, wanted, held);
        const after = await settledCounters(page);
        return took < held * 1.05 && after.received - before.received === all && after.dropped === before.dropped;
      });
      // it would have to be read, too: nobody but mosquitto_sub listens now
      await observer.locator('li button[aria-label]').first().click();
      const theirs = await highest('mosquitto_sub', async (wanted) => {
        const reader = await subscribeAsMosquitto(path.join(folder, 'bench/devices/dash-1'), port);
        const { sent: all, took } = await publish(meter, port, folder, wanted, held);
        return (await reader.count()) === all && took < held * 1.05;
      });
      yield { name: 'flood highest rate, nothing lost', value: ours, unit: '/s', reference: theirs, against: 'mosquitto_sub' };
    }
  } finally {
    await app.close();
    await broker.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The highest rate that was held, 0 when none was. A rate gets a second chance. What was tried is said on stderr. */
async function highest(who: string, holds: (rate: number) => Promise<boolean>): Promise<number> {
  const tried = async (wanted: number) => {
    const held = (await holds(wanted)) || (await holds(wanted));
    console.error(`${who}: ${wanted} messages/s ${held ? 'held' : 'not held'}`);
    return held;
  };
  if (!(await tried(rate))) {
    for (const wanted of below) if (await tried(wanted)) return wanted;
    return 0;
  }
  let best = rate;
  for (const wanted of above) {
    if (!(await tried(wanted))) return best;
    best = wanted;
  }
  return best;
}

/** mosquitto_sub with a device's bundle, counting one line for each message; `count` waits until no more arrive. */
async function subscribeAsMosquitto(bundle: string, port: number): Promise<{ count(): Promise<number> }> {
  const file = (name: string) => path.join(bundle, name);
  const tls = ['--cafile', file('ca.crt'), '--cert', file('client.crt'), '--key', file('client.key')];
  const reader = spawn('mosquitto_sub', ['-h', 'localhost', '-p', String(port), ...tls, '-t', 'bench/#', '-F', '.'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let lines = 0;
  reader.stdout.on('data', (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 0x0a) lines += 1;
  });
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  await pause(1_000);
  return {
    async count() {
      for (let before = -1; before !== lines; ) {
        before = lines;
        await pause(2_000);
      }
      reader.kill();
      return lines;
    },
  };
}

/**
 * Publishes as the device, in a process of its own; gives how many were sent, and in how many seconds. QoS 0, 100 topics,
 * packets made beforehand.
 */
function publish(
  bundle: string,
  port: number,
  folder: string,
  wanted: number,
  seconds: number,
): Promise<{ sent: number; took: number }> {
  const script = path.join(folder, 'publisher.mjs');
  writeFileSync(script, publisher);
  const child = fork(script, [bundle, String(port), String(wanted), String(payloadBytes), String(seconds)]);
  return new Promise((resolve, reject) => {
    child.once('message', (told) => resolve(told as { sent: number; took: number }));
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
      const took = (performance.now() - begin) / 1000;
      // DISCONNECT, after all of it has gone out
      socket.end(Buffer.from([0xe0, 0]), () => setTimeout(() => process.send({ sent, took }, () => process.exit(0)), 500));
    }
  }, 5);
});
socket.on('secureConnect', () => socket.write(packet(0x10, Buffer.concat([text('MQTT'), Buffer.from([4, 2, 0, 0]), text('meter-001')]))));
`;

/** The first and the last counter, as soon as nothing has arrived for three seconds. */
async function settledCounters(page: Page): Promise<{ readonly received: number; readonly dropped: number }> {
  const read = async () => {
    const all = await page
      .locator('section[data-identity=observer] dl')
      .last()
      .locator('div > dd')
      .evaluateAll((cells) => cells.map((cell) => Number((cell.firstChild?.textContent ?? '').replace(/\D/g, ''))));
    return { received: all[0] ?? Number.NaN, dropped: all.at(-1) ?? Number.NaN };
  };
  for (let before = await read(); ; ) {
    await page.waitForTimeout(3_000);
    const now = await read();
    if (now.received === before.received) return now;
    before = now;
  }
}

/** Ends the recording and says what it has. */
async function recorded(page: Page): Promise<{ readonly messages: number; readonly missed: number }> {
  return page.evaluate(async () => {
    const { fieldkey } = window as unknown as { fieldkey: { call(name: string, input?: unknown): Promise<{ value: unknown }> } };
    const live = (await fieldkey.call('recording.live')).value as { connectionId: string; recordingId: string }[];
    const { connectionId = '', recordingId = '' } = live[0] ?? {};
    await fieldkey.call('recording.stop', { connectionId });
    const shown = (await fieldkey.call('recording.show', { recordingId })).value;
    return (shown as { recording: { messages: number; missed: number } }).recording;
  });
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
