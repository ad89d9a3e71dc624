import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { testKdfCost, testSecret } from './testing/fixtures.ts';

/** How often; the moments are random, and a failure prints them. */
const kills = 100;
const folder = mkdtempSync(join(tmpdir(), 'fieldkey-kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Round {
  readonly acknowledged: readonly string[];
  readonly crls: readonly number[];
  /** Ids of certificates that were said to be replaced. */
  readonly replaced: readonly number[];
}

/** Starts the worker, kills it `delay` ms after it said `after`, gives what it had acknowledged. */
function killedAfter(file: string, round: number, after: 'start' | 'project', delay: number): Promise<Round> {
  const hook = new URL('../vault/testing/raw-imports.mjs', import.meta.url).href;
  const script = join(import.meta.dirname, 'testing/issue-until-killed.ts');
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', hook, script, file, String(round)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let text = '';
  let errors = '';
  let armed = false;
  child.stderr.on('data', (part: Buffer) => {
    errors += part.toString();
  });
  child.stdout.on('data', (part: Buffer) => {
    text += part.toString();
    if (!armed && text.includes(`${after}\n`)) {
      armed = true;
      setTimeout(() => child.kill('SIGKILL'), delay);
    }
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code, signal) => {
      if (signal !== 'SIGKILL') {
        reject(new Error(`round ${round} ended by itself (${code}): ${errors}`));
        return;
      }
      // a last line without its end was cut by the kill: not acknowledged
      const lines = text.split('\n').slice(0, -1);
      resolve({
        acknowledged: lines.filter((l) => l.startsWith('issued ')).flatMap((l) => l.split(' ').slice(1)),
        crls: lines.filter((l) => l.startsWith('crl ')).map((l) => Number(l.split(' ')[1])),
        replaced: lines.filter((l) => l.startsWith('replaced ')).flatMap((l) => l.split(' ').slice(1).map(Number)),
      });
    });
  });
}

/**
 * The database is sound, everything acknowledged is there exactly once, no serial twice, every row in the chain; a device
 * has one valid certificate at any moment, and a predecessor that is not valid was replaced by exactly one.
 */
async function judge(file: string, { acknowledged, crls, replaced }: Round, what: string): Promise<void> {
  const vault = Vault.open(file, { kdfCost: testKdfCost });
  try {
    const session = await vault.unlock(testSecret.passphrase, testSecret.operator);
    expect(session.database.pragma('integrity_check', { simple: true }), what).toBe('ok');
    expect(await verifyVault(session), what).toMatchObject({ sound: true });
    const names = session.database.prepare<[], string>('SELECT name FROM device').pluck().all();
    expect(new Set(names).size, what).toBe(names.length);
    const stored = new Set(names);
    expect(
      acknowledged.filter((id) => !stored.has(id)),
      what,
    ).toEqual([]);
    const certificates = session.database
      .prepare<[], { device_id: number; n: number }>(
        "SELECT device_id, sum(status = 'valid') AS n FROM certificate WHERE device_id IS NOT NULL GROUP BY device_id",
      )
      .all();
    expect(certificates.length, what).toBe(names.length);
    expect(
      certificates.every((row) => row.n === 1),
      what,
    ).toBe(true);
    const halves = session.database
      .prepare<[], number>(
        `SELECT count(*) FROM certificate c WHERE device_id IS NOT NULL AND (c.status = 'revoked') <>
           ((SELECT count(*) FROM certificate s WHERE s.predecessor_id = c.id) = 1)`,
      )
      .pluck()
      .get();
    expect(halves, what).toBe(0);
    const revoked = new Set(
      session.database.prepare<[], number>("SELECT id FROM certificate WHERE status = 'revoked'").pluck().all(),
    );
    expect(
      replaced.filter((id) => !revoked.has(id)),
      what,
    ).toEqual([]);
    const serials = session.database.prepare<[], string>('SELECT hex(serial) FROM certificate').pluck().all();
    expect(new Set(serials).size, what).toBe(serials.length);
    const numbers = session.database.prepare<[], number>('SELECT number FROM crl').pluck().all();
    expect(
      crls.filter((n) => !numbers.includes(n)),
      what,
    ).toEqual([]);
    for (const key of session.database
      .prepare<[], number>('SELECT id FROM private_key ORDER BY random() LIMIT 3')
      .pluck()
      .all()) {
      expect(session.openKey(key).pkcs8.length, what).toBeGreaterThan(0);
    }
  } finally {
    vault.close();
  }
}

it(
  `loses nothing that was acknowledged when it is killed at ${kills} random moments`,
  async () => {
    const long = join(folder, 'long.fieldkey');
    const acknowledged: string[] = [];
    const crls: number[] = [];
    const replaced: number[] = [];
    let fresh = 0;
    for (let round = 0; round < kills; round++) {
      // every fourth on a new vault, killed while vault and project are being made; the others go on with the same one
      const young = round % 4 === 3;
      const file = young ? join(folder, `young-${round}.fieldkey`) : long;
      const delay = Math.random() * (young ? 60 : 250);
      const what = `round ${round}, ${delay.toFixed(1)} ms`;
      const said = await killedAfter(file, round, young ? 'start' : 'project', delay);
      if (!young) {
        acknowledged.push(...said.acknowledged);
        crls.push(...said.crls);
        replaced.push(...said.replaced);
        await judge(long, { acknowledged, crls, replaced }, what);
      } else if (existsSync(file)) {
        fresh++;
        await judge(file, said, what);
      }
    }
    // the test would prove nothing had it killed only before or only after the work
    expect(acknowledged.length).toBeGreaterThan(kills);
    expect(replaced.length).toBeGreaterThan(0);
    expect(fresh).toBeGreaterThan(0);
  },
  10 * 60_000,
);
