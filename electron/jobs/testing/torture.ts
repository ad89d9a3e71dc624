import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { testKdfCost, testSecret } from '../../authority/testing/fixtures.ts';
import { Vault } from '../../vault/vault.ts';
import { verifyVault } from '../../vault/verify.ts';
import { tortureMigrations } from './torture-migration.ts';

export interface TortureOptions {
  /** For vaults and exports; the caller removes it. */
  readonly folder: string;
  /** The same seed gives the same kinds of rounds and delays; where a kill falls is the machine's matter. */
  readonly seed: number;
  readonly kills: number;
  /** No new round after so many seconds. */
  readonly seconds: number;
  /** Child processes at a time. */
  readonly lanes: number;
  readonly say?: (line: string) => void;
}

export interface TortureReport {
  readonly seed: number;
  readonly kills: number;
  /** Kind of act → how many were acknowledged before a kill. */
  readonly acts: Readonly<Record<string, number>>;
  /** What was acknowledged and is not there, doubled, half or unsound; one line each. */
  readonly losses: readonly string[];
}

type Kind = 'act' | 'create' | 'migrate';

/** ms from the word of the child to its kill, at most: long enough for several acts. */
const longest: Record<Kind, number> = { act: 700, create: 120, migrate: 300 };

/** What one vault's children were told to be done. */
interface Told {
  readonly issued: string[];
  readonly ended: number[];
  readonly crls: number[];
  readonly exports: number[];
}

/** How many kills a vault lives through before another one is begun: checking a large one costs more than it teaches. */
const roundsPerVault = 12;

/** Kills processes at random moments of every act and looks each time for anything that was acknowledged and is lost. */
export async function torture(options: TortureOptions): Promise<TortureReport> {
  const until = Date.now() + options.seconds * 1000;
  const acts: Record<string, number> = {};
  const losses: string[] = [];
  let begun = 0;
  let kills = 0;
  const lane = async (number: number) => {
    const random = randomOf(options.seed * 1000 + number);
    let file = '';
    let told: Told = fresh();
    for (let round = 0; begun < options.kills && Date.now() < until; round++) {
      const id = begun++;
      if (round % roundsPerVault === 0) {
        file = join(options.folder, `lane-${number}-${round}.fieldkey`);
        told = fresh();
      }
      const kind: Kind = round % 6 === 3 ? 'create' : round % 6 === 5 && existsSync(file) ? 'migrate' : 'act';
      const target = kind === 'act' ? file : join(options.folder, `${kind}-${number}-${round}.fieldkey`);
      const expected = kind === 'create' ? fresh() : kind === 'migrate' ? structuredClone(told) : told;
      // copied while it is closed; its log, if the last kill left one, belongs to it
      if (kind === 'migrate') for (const end of ['', '-wal']) if (existsSync(file + end)) copyFileSync(file + end, target + end);
      // of one vault each: an export of another authority is never replaced
      const exports = `${target}.exports`;
      mkdirSync(exports, { recursive: true });
      const delay = random() * longest[kind];
      const lines = await killedAfter(
        [target, String(id), kind === 'migrate' ? '' : exports],
        kind === 'act' ? 'project' : 'start',
        delay,
      );
      kills++;
      for (const line of lines) note(line, expected, acts);
      if (kind === 'migrate') acts['migrate'] = (acts['migrate'] ?? 0) + (lines.includes('vault') ? 1 : 0);
      const what = `kill ${id} (${kind}, ${delay.toFixed(1)} ms)`;
      if (existsSync(target)) {
        const found = await judge(target, expected, kind).catch((error: unknown) => [String(error)]);
        for (const loss of found) losses.push(`${what}: ${loss}`);
      } else if (expected.issued.length > 0) losses.push(`${what}: the vault is gone`);
      if (kind !== 'act') for (const end of ['', '-wal', '.before-v1000', '.open']) rmSync(target + end, { force: true });
      if (kills % 25 === 0) options.say?.(`${kills} kills, ${losses.length} losses`);
    }
  };
  await Promise.all(Array.from({ length: options.lanes }, (_, number) => lane(number)));
  return { seed: options.seed, kills, acts, losses };
}

function fresh(): Told {
  return { issued: [], ended: [], crls: [], exports: [] };
}

function note(line: string, told: Told, acts: Record<string, number>): void {
  const [verb = '', ...rest] = line.split(' ').filter((word) => word !== '');
  const numbers = rest.map(Number);
  if (verb === 'issued') told.issued.push(...rest);
  else if (verb === 'replaced' || verb === 'revoked') told.ended.push(...numbers);
  else if (verb === 'crl') told.crls.push(...numbers);
  else if (verb === 'exported') told.exports.push(...numbers);
  if (verb !== 'start' && verb !== 'vault') acts[verb] = (acts[verb] ?? 0) + Math.max(1, rest.length);
}

/** Starts a child, kills it `delay` ms after it said `after`, gives the whole lines that it had written. */
function killedAfter(args: readonly string[], after: string, delay: number): Promise<string[]> {
  const hook = new URL('../../vault/testing/raw-imports.mjs', import.meta.url).href;
  const script = join(import.meta.dirname, 'act-until-killed.ts');
  const command = ['--disable-warning=ExperimentalWarning', '--import', hook, script, ...args];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  let errors = '';
  let armed = false;
  child.stderr.on('data', (part: Buffer) => {
    errors += part.toString();
  });
  child.stdout.on('data', (part: Buffer) => {
    text += part.toString();
    if (armed || !text.includes(`${after}\n`)) return;
    armed = true;
    setTimeout(() => child.kill('SIGKILL'), delay);
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code, signal) => {
      // a last line without its end was cut by the kill: not acknowledged
      if (signal === 'SIGKILL') resolve(text.split('\n').slice(0, -1));
      else reject(new Error(`a child ended by itself (${code}): ${errors}`));
    });
  });
}

/** The database is sound, everything acknowledged is there exactly once, nothing is half. */
async function judge(file: string, told: Told, kind: Kind): Promise<string[]> {
  const migrations = kind === 'migrate' ? { migrations: tortureMigrations } : {};
  const vault = Vault.open(file, { kdfCost: testKdfCost, ...migrations });
  try {
    const session = await vault.unlock(testSecret.passphrase, testSecret.operator);
    const { database } = session;
    const column = <T>(sql: string) => database.prepare<[], T>(sql).pluck().all();
    const missing = <T>(wanted: readonly T[], there: readonly T[], what: string) => {
      const set = new Set(there);
      return wanted.filter((each) => !set.has(each)).map((each) => `${what} ${each} is missing`);
    };
    const names = column<string>('SELECT name FROM device');
    const serials = column<string>('SELECT hex(serial) FROM certificate');
    const check = String(database.pragma('integrity_check', { simple: true }));
    const { findings } = await verifyVault(session);
    const halves = column<number>(
      `SELECT c.id FROM certificate c WHERE c.device_id IS NOT NULL AND c.status = 'valid'
         AND EXISTS (SELECT 1 FROM certificate s WHERE s.predecessor_id = c.id)`,
    );
    const keys = column<number>('SELECT id FROM private_key WHERE sealed IS NOT NULL ORDER BY random() LIMIT 3');
    for (const key of keys) session.openKey(key).pkcs8.fill(0);
    return [
      ...(check === 'ok' ? [] : [`integrity: ${check}`]),
      ...findings,
      ...(new Set(names).size === names.length ? [] : ['a device is there twice']),
      ...(new Set(serials).size === serials.length ? [] : ['a serial is there twice']),
      ...missing(told.issued, names, 'device'),
      ...missing(told.ended, column<number>("SELECT id FROM certificate WHERE status = 'revoked'"), 'revocation of'),
      ...missing(told.crls, column<number>('SELECT number FROM crl'), 'revocation list'),
      ...missing(told.exports, column<number>('SELECT id FROM export'), 'record of export'),
      ...halves.map((id) => `certificate ${id} was replaced and is not revoked`),
    ];
  } finally {
    vault.close();
  }
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
