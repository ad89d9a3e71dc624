import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'vite';
import { type TortureAct, tortureActs } from './torture-acts.ts';
import type { LaneKill, LaneOptions } from './torture-lane.ts';

export interface TortureOptions {
  /** For vaults and exports; the caller removes it. */
  readonly folder: string;
  /** The same seed gives the same acts and delays; where a kill falls is the machine's matter. */
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
  /** Kills that fell between two acts: what was said before has to be there all the same. */
  readonly between: number;
  /** For each act: how often a child was killed in the middle of it, and how often it was acknowledged before a kill. */
  readonly acts: Readonly<Record<TortureAct, { readonly kills: number; readonly done: number }>>;
  /** What was acknowledged and is not there, doubled, half or unsound; one line each. */
  readonly losses: readonly string[];
}

/** Kills processes at random moments of every act and looks each time for anything that was acknowledged and is lost. */
export async function torture(options: TortureOptions): Promise<TortureReport> {
  const built = await bundled();
  try {
    const until = Date.now() + options.seconds * 1000;
    const acts = Object.fromEntries(tortureActs.map((act) => [act, { kills: 0, done: 0 }])) as Record<
      TortureAct,
      { kills: number; done: number }
    >;
    const losses: string[] = [];
    let kills = 0;
    let between = 0;
    const count = (kill: LaneKill) => {
      kills++;
      if (kill.during) acts[kill.during].kills++;
      else between++;
      for (const act of kill.done) acts[act].done++;
      losses.push(...kill.losses);
      if (kills % 50 === 0) options.say?.(`${kills} kills, ${losses.length} losses`);
    };
    const lanes = Array.from({ length: options.lanes }, (_, number) => {
      const share = Math.floor((options.kills + number) / options.lanes);
      const data = { ...options, number, until, kills: share, child: join(built, 'torture-child.js'), say: undefined };
      return laneEnds(join(built, 'torture-lane.js'), data, count);
    });
    await Promise.all(lanes);
    return { seed: options.seed, kills, between, acts, losses };
  } finally {
    rmSync(built, { recursive: true, force: true });
  }
}

/** Children start hundreds of times: as one file they do so in a fraction of the time that the modules take. */
async function bundled(): Promise<string> {
  const root = join(import.meta.dirname, '../../..');
  const out = join(root, 'out');
  mkdirSync(out, { recursive: true });
  // below the checkout, where the packages with native code are found
  const outDir = mkdtempSync(join(out, 'torture-'));
  const input = ['torture-lane', 'torture-child'].map((name) => [name, join(import.meta.dirname, `${name}.ts`)]);
  await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['better-sqlite3'] },
    build: {
      ssr: true,
      outDir,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(input),
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
      },
    },
  });
  return outDir;
}

function laneEnds(script: string, data: LaneOptions, onKill: (kill: LaneKill) => void): Promise<void> {
  const worker = new Worker(script, { workerData: data });
  return new Promise((resolve, reject) => {
    worker.on('message', onKill);
    worker.once('error', reject);
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a lane ended with ${code}`))));
  });
}
