import { type ChildProcess, fork } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openTestIdentity } from '../../electron/authority/test-identity.ts';
import type { FromPractice, MeterIdentity, StartBroker, ToPractice } from '../../electron/broker/practice/channel.ts';
import { freePort, startMosquitto } from '../../electron/broker/testing/mosquitto.ts';
import { readmeCommands, runAsReadmeSays } from '../../electron/broker/testing/readme-commands.ts';
import { exportProject } from '../../electron/jobs/export-project.ts';
import { openBroker } from '../../electron/jobs/practice.ts';
import { provision } from '../../electron/jobs/provision.ts';
import { Vault } from '../../electron/vault/vault.ts';
import { checkPlan } from '../../shared/rules/plan.ts';
import type { Figure } from './figure.ts';
import type { begin, ClientsOrder, ClientsResult } from './practice-clients.ts';

const project = 'bench';
const host = '127.0.0.1';
const meters = 200;
/** All of them together stay below max_queued_messages of both brokers. Mosquitto 2.0.11 drops a few all the same. */
const window = 4;
const rounds = 2;

/**
 * 200 meters that publish readings over mqtts with their own certificates, QoS 1, as fast as the broker carries them to a
 * subscriber: the embedded broker against a Mosquitto with the exported kit of the same project, in turns.
 * `--seconds N` for each side, 10 unless told.
 */
export async function* practiceBench(): AsyncGenerator<Figure> {
  const given = process.argv.indexOf('--seconds');
  const seconds = given < 0 ? 10 : Number(process.argv[given + 1]);
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-practice-'));
  // the user mosquitto has to get to the tree below
  chmodSync(folder, 0o755);
  try {
    const mosquittoPort = await freePort();
    const { vault, projectId, identities, conf } = await prepare(folder, mosquittoPort);
    try {
      const place = { host, port: 0 };
      const run = ({ port, pid }: { port: number; pid: number }) =>
        measure({ host, port, project, ...identities, window, seconds: seconds / rounds }, pid);
      const ours: Measured[] = [];
      const reference: Measured[] = [];
      for (let round = 0; round < rounds; round++) {
        const mosquitto = await startMosquitto(conf);
        try {
          reference.push(await run(mosquitto));
        } finally {
          await mosquitto.stop();
        }
        const embedded = await startEmbedded(openBroker(vault.session, projectId, place));
        try {
          ours.push(await run(embedded));
        } finally {
          await embedded.stop();
        }
      }
      yield* figures(ours, reference);
    } finally {
      vault.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Measured extends ClientsResult {
  /** Seconds on a processor that the broker's process needed. */
  readonly processor: number;
}

function* figures(ours: Measured[], reference: Measured[]): Generator<Figure> {
  const mean = (of: Measured[], one: (result: Measured) => number) =>
    of.reduce((sum, result) => sum + one(result), 0) / of.length;
  const both = (one: (result: Measured) => number) => ({ value: mean(ours, one), reference: mean(reference, one) });
  const against = 'Mosquitto';
  yield { name: 'practice readings', unit: '/s', against, ...both((result) => result.perSecond) };
  // says more than the line above on a machine that does other things as well
  yield { name: 'practice processor time', unit: 'ms/1,000', against, ...both((r) => (r.processor * 1e6) / r.delivered) };
  yield { name: 'practice connecting 200 meters', unit: 's', against, ...both((result) => result.connectSeconds) };
  for (const [who, results] of [
    ['practice', ours],
    ['Mosquitto', reference],
  ] as const) {
    const total = (one: (result: Measured) => number) => results.reduce((sum, result) => sum + one(result), 0);
    const sent = total((result) => result.sent);
    const of = { unit: 'readings', reference: sent, against: 'published' };
    yield { name: `${who} lost`, value: sent - total((result) => result.delivered), ...of };
    yield { name: `${who} twice or out of turn`, value: total((result) => result.outOfTurn), ...of };
  }
}

/** The project, and its kit installed as the kit's README says. */
async function prepare(folder: string, port: number) {
  const installed = path.join(folder, 'etc/mosquitto');
  const checked = checkPlan({
    project,
    devices: [{ pattern: `meter-{001..${meters}}` }],
    broker: {
      names: ['localhost'],
      addresses: [host],
      port,
      directory: installed,
      data: path.join(folder, 'lib'),
      log: path.join(folder, 'log'),
    },
  });
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const vault = await Vault.create(path.join(folder, 'v.fieldkey'), { passphrase: 'correct horse battery', operator: 'bench' });
  const { session } = vault;
  const { projectId } = await provision(session, checked.plan);
  await exportProject(session, projectId, { directory: folder });
  const kit = path.join(folder, project, 'broker');
  await runAsReadmeSays(readmeCommands(readFileSync(path.join(kit, 'README.txt'), 'utf8')), kit, folder);
  const place = { projectId, host, port };
  const devices = session.tables.device.where('project_id = ?', projectId);
  const identities: { observer: MeterIdentity; meters: MeterIdentity[] } = {
    observer: openTestIdentity(session, { ...place, identity: { kind: 'observer' } }),
    meters: devices.map(({ id }) =>
      openTestIdentity(session, { ...place, identity: { kind: 'device', deviceId: id, takeoverAccepted: true } }),
    ),
  };
  if (devices.length !== meters) throw new Error(`${devices.length} meters were made`);
  return { vault, projectId, identities, conf: path.join(installed, 'mosquitto.conf') };
}

/** The clients, in a process of their own; what the broker's process needs is counted while they publish. */
function measure(order: ClientsOrder, broker: number): Promise<Measured> {
  const child = own('practice-clients.js');
  return new Promise((resolve, reject) => {
    let before = Number.NaN;
    child.on('message', (message: typeof begin | ClientsResult) => {
      if (message === 'begin') before = processorSeconds(broker);
      else resolve({ ...message, processor: processorSeconds(broker) - before });
    });
    child.once('exit', (code) => reject(new Error(`the clients ended with ${code}`)));
    child.send(order);
  });
}

/** Time that a process has spent on a processor so far, proc(5); Linux counts it in hundredths. */
function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return ((user ?? 0) + (system ?? 0)) / 100;
}

async function startEmbedded(order: StartBroker): Promise<{ port: number; pid: number; stop(): Promise<void> }> {
  const child = own('practice-host.js');
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const say = (message: ToPractice) => void child.send(message);
  const port = await new Promise<number>((resolve, reject) => {
    gone.then(() => reject(new Error('the embedded broker ended')));
    child.on('message', (data) => {
      const message = data as FromPractice;
      if (message.kind === 'activity') say({ kind: 'activityTaken' });
      else if (message.ok) resolve((message.value as { port: number }).port);
      else reject(new Error(`${message.failure.reason} ${message.failure.detail}`));
    });
    say({ kind: 'call', id: 1, call: 'startBroker', input: order });
  });
  return {
    port,
    pid: child.pid ?? 0,
    stop: () => {
      child.kill();
      return gone;
    },
  };
}

/** Forks a script that is built beside this one; structured clone, so that keys stay bytes. */
function own(script: string): ChildProcess {
  return fork(path.join(import.meta.dirname, script), {
    serialization: 'advanced',
  });
}
