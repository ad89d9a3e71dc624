import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { createProject } from '../../authority/create-project.ts';
import { issueDevices } from '../../authority/issue-devices.ts';
import { testKdfCost, testPlan, testSecret } from '../../authority/testing/fixtures.ts';
import { verifyBackup, writeBackup } from '../../vault/backup.ts';
import { Vault } from '../../vault/vault.ts';
import { doubtSlots, note, nothingTold, type Told, type TortureAct, type TortureTask, tortureActs } from './torture-acts.ts';
import { judge } from './torture-judge.ts';
import { tortureMigrations } from './torture-migration.ts';

/** One lane of the torture run, a thread of its own: starts a child, kills it, judges what it left, and so on. */
export interface LaneOptions {
  readonly number: number;
  readonly lanes: number;
  readonly folder: string;
  readonly seed: number;
  readonly kills: number;
  /** Milliseconds since 1970: no new child after that. */
  readonly until: number;
  readonly child: string;
}

/** Posted after every kill. */
export interface LaneKill {
  /** What was under way when the child died; null = it was between two acts. */
  readonly during: TortureAct | null;
  /** Acts that were acknowledged before. */
  readonly done: readonly TortureAct[];
  readonly losses: readonly string[];
}

/** How many kills a vault lives through before another one is begun: checking a large one costs more than it teaches. */
const roundsPerVault = 2 * tortureActs.length;
/** Acts that take a copy of the vault, or none, so that the lane's own goes on as it was. */
const apart: readonly TortureAct[] = ['create', 'migrate', 'restore', 'restore-foreign'];
/** Of those, the ones that begin with a copy. */
const copied: readonly TortureAct[] = ['migrate', 'restore', 'restore-foreign'];
/** The passphrase of the vault whose backup is restored in the place of another. */
const foreignPassphrase = 'of somebody else entirely';

const lane = workerData as LaneOptions;
const random = randomOf(lane.seed * 1000 + lane.number);
/** How long each act takes, in ms, as it was seen lately: kills are aimed by it. */
const takes = new Map<TortureAct, number>();
const seenToEnd = new Set<TortureAct>();
let file = '';
let told = nothingTold(testSecret.passphrase);
/** What the lane's backup holds; null = there is none that was acknowledged. */
let backedUp: Told | null = null;
/** The same of the vault of somebody else; made once. */
let foreign: Told | null = null;
const foreignBackup = join(lane.folder, `foreign-${lane.number}.backup`);
/** Something was lost: another vault is begun, so that it is told once. */
let spoilt = false;

for (let round = 0; round < lane.kills && Date.now() < lane.until; round++) parentPort?.postMessage(await oneKill(round));

async function oneKill(round: number): Promise<LaneKill> {
  if (round % roundsPerVault === 0 || spoilt) {
    spoilt = false;
    file = join(lane.folder, `lane-${lane.number}-${round}.fieldkey`);
    told = nothingTold(testSecret.passphrase);
    backedUp = null;
  }
  // the lanes begin at different acts, so that a short run has all of them as well
  const wanted =
    tortureActs[(round + Math.floor((lane.number * tortureActs.length) / lane.lanes)) % tortureActs.length] ?? 'issue';
  // the first one of a vault makes it
  const act = copied.includes(wanted) && !existsSync(file) ? 'backup' : wanted;
  if (act === 'restore') backedUp ??= await backUp();
  if (act === 'restore-foreign') foreign ??= await backUpForeign();
  const target = apart.includes(act) ? join(lane.folder, `${act}-${lane.number}-${round}.fieldkey`) : file;
  // copied while it is closed; its log, if the last kill left one, belongs to it
  if (copied.includes(act)) copyVault(file, target);
  if (act === 'restore-foreign') copyFileSync(foreignBackup, `${target}.backup`);
  const own = !apart.includes(act);
  const expected = act === 'create' ? nothingTold(testSecret.passphrase) : own ? told : structuredClone(told);
  const task: TortureTask = {
    act,
    file: target,
    round: round * lane.lanes + lane.number,
    exports: `${target}.exports`,
    backup: own || act === 'restore' ? `${file}.backup` : `${target}.backup`,
    passphrase: expected.passphrases[0] ?? '',
    backupPassphrase: (act === 'restore-foreign' ? foreign : backedUp)?.passphrases[0] ?? null,
  };
  mkdirSync(task.exports, { recursive: true });
  const delay = random() * 2 * (takes.get(act) ?? 100);
  const result = await killedAfter(task, delay);
  const what = `kill ${task.round} (${act}, ${delay.toFixed(1)} ms, during ${result.during ?? 'nothing'})`;
  const losses = await judged(task, result, expected).catch((error: unknown) => [String(error)]);
  if (result.ended !== null) losses.push(`the child ended by itself: ${result.ended}`);
  spoilt = losses.length > 0;
  if (!own && !spoilt) remove(target);
  return { during: result.during, done: result.done, losses: losses.map((loss) => `${what}: ${loss}`) };
}

interface Killed {
  readonly lines: readonly string[];
  readonly during: TortureAct | null;
  readonly done: readonly TortureAct[];
  /** Why it ended before it was killed; null = it was killed. */
  readonly ended: string | null;
}

async function judged(task: TortureTask, { lines, during, done }: Killed, expected: Told): Promise<string[]> {
  if (task.act === 'restore') return judgeRestored(task, lines, done, expected, backedUp);
  if (task.act === 'restore-foreign') return judgeRestored(task, lines, done, expected, foreign);
  let held = task.act === 'migrate' || task.act === 'create' ? null : backedUp;
  let before: Told | null = null;
  for (const line of lines) {
    if (line === 'begin backup') before = structuredClone(expected);
    note(line, expected);
    if (line === 'did backup') held = before;
  }
  const losses = await judge(task.file, expected, task.act === 'migrate' ? tortureMigrations : undefined);
  if (before && existsSync(task.backup)) {
    // each of them was the vault's when a backup could have been written
    for (const each of [before, held]) if (each && (await sound(task.backup, each))) before = null;
    if (before) losses.push('the backup is neither the one before nor the new one');
  }
  if (task.act === 'migrate' || task.act === 'create') return losses;
  // whether the old or the new one is there is not known: the next one tells
  backedUp = during === 'backup' ? null : held;
  if (!backedUp) rmSync(task.backup, { force: true });
  return losses;
}

async function backUp(): Promise<Told> {
  const passphrase = told.passphrases[0] ?? '';
  const vault = Vault.open(file, { kdfCost: testKdfCost });
  try {
    const session = await vault.unlock(passphrase, testSecret.operator);
    await writeBackup(session, `${file}.backup`, passphrase, testKdfCost);
    return structuredClone(told);
  } finally {
    vault.close();
  }
}

async function backUpForeign(): Promise<Told> {
  const options = { kdfCost: testKdfCost };
  const secret = { passphrase: foreignPassphrase, operator: 'Eva' };
  const vault = await Vault.create(join(lane.folder, `foreign-${lane.number}.fieldkey`), secret, options);
  try {
    const projectId = await createProject(vault.session, testPlan());
    const devices = Array.from({ length: 12 }, (_, i) => ({ id: `foreign-${i}`, role: 'device' as const }));
    await issueDevices(vault.session, projectId, devices, { key: 'p256', days: 365 });
    await writeBackup(vault.session, foreignBackup, foreignPassphrase, testKdfCost);
    return { ...nothingTold(foreignPassphrase), issued: devices.map(({ id }) => id) };
  } finally {
    vault.close();
  }
}

async function sound(file: string, of: Told): Promise<boolean> {
  const passphrase = of.passphrases[0] ?? '';
  const secrets = { passphrase, vaultPassphrase: passphrase, operator: testSecret.operator };
  return verifyBackup(file, secrets, { kdfCost: testKdfCost }).then(
    () => true,
    () => false,
  );
}

/** The vault is the one before or the one of the backup, whole, and what was there before is kept. */
async function judgeRestored(
  { file, act }: TortureTask,
  lines: readonly string[],
  done: readonly TortureAct[],
  before: Told,
  backup: Told | null,
): Promise<string[]> {
  if (!backup) return ['there was no backup'];
  const kept = readdirSync(dirname(file)).filter((name) => /\.damaged-[^.]*[0-9]$/.test(name) && name.startsWith(basename(file)));
  const restored = structuredClone(backup);
  // a vault of former times asks for its passphrase as soon as the lists are published
  doubtSlots(restored);
  for (const line of lines.slice(lines.indexOf(`did ${act}`) + 1)) if (done.includes(act)) note(line, restored);
  const losses = lines.flatMap((line) => {
    const [verb, deployed, number] = line.split(' ');
    return verb === 'above' && Number(number) <= Number(deployed) ? [`list ${number} is not above ${deployed}`] : [];
  });
  if (kept.length === 0 && !done.includes(act)) return [...losses, ...(await judge(file, before))];
  const [aside = ''] = kept.map((name) => join(dirname(file), name));
  if (existsSync(file)) losses.push(...(await judge(file, restored)));
  else if (done.includes(act)) losses.push('the restored vault is gone');
  // killed while it was put aside: its log follows it
  else if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${aside}-wal`);
  losses.push(...(aside ? await judge(aside, before) : ['what was there before is not kept']));
  return losses;
}

function copyVault(from: string, to: string): void {
  for (const end of ['', '-wal']) if (existsSync(from + end)) copyFileSync(from + end, to + end);
}

function remove(target: string): void {
  const folder = dirname(target);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(basename(target))) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Starts a child, kills it `delay` ms after it began its first act, gives the whole lines that it had written. */
function killedAfter(task: TortureTask, delay: number): Promise<Killed> {
  const child: ChildProcess = spawn(process.execPath, [lane.child, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  let errors = '';
  let read = 0;
  let since = 0;
  let armed = false;
  const done: TortureAct[] = [];
  let during: TortureAct | null = null;
  child.stderr?.on('data', (part: Buffer) => {
    errors += part.toString();
  });
  child.stdout?.on('data', (part: Buffer) => {
    text += part.toString();
    const lines = text.split('\n');
    // a last line without its end may be cut by the kill: not acknowledged
    for (; read < lines.length - 1; read++) {
      const [verb, name] = (lines[read] ?? '').split(' ') as [string, TortureAct];
      if (verb === 'begin') {
        during = name;
        since = performance.now();
      } else if (verb === 'did') {
        during = null;
        done.push(name);
        seenToEnd.add(name);
        takes.set(name, 0.7 * (takes.get(name) ?? performance.now() - since) + 0.3 * (performance.now() - since));
      }
      if (verb !== 'begin' || name !== task.act || armed) continue;
      armed = true;
      setTimeout(() => child.kill('SIGKILL'), delay);
    }
  });
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      // one that is not seen to end takes longer than was thought; one that never was, perhaps much longer
      const more = during !== null && seenToEnd.has(during) ? 1.2 : 2;
      if (during === task.act) takes.set(during, Math.max(takes.get(during) ?? 100, more * (performance.now() - since)));
      const ended = signal === 'SIGKILL' ? null : `${code} ${errors.trim().slice(0, 500)}`;
      resolve({ lines: text.split('\n').slice(0, -1), during, done, ended });
    });
  });
}

/** Mulberry32: small, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
