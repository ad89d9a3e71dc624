import { execFileSync } from 'node:child_process';
import { createECDH, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createProject } from '../../electron/authority/create-project.ts';
import { issueDevices } from '../../electron/authority/issue-devices.ts';
import { Vault } from '../../electron/vault/vault.ts';
import type { DeviceRequest } from '../../shared/model/device.ts';
import { checkPlan } from '../../shared/rules/plan.ts';
import { type Figure, seconds } from './figure.ts';

const small = 1_000;
const large = 20_000;
const loops = 30;
const raws = 3_000;

/**
 * P-256 devices issued, linted with their signature, encrypted, audited and stored per second, against the usual shell
 * loop (three openssl processes a device) and against the least that any program must do (a key and a signature).
 * And the memory that 20,000 need more than 1,000.
 */
export async function* issueBench(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'fieldkey-bench-'));
  try {
    const loop = loops / (await seconds(() => opensslLoop(folder)));
    const raw = raws / (await seconds(rawLimit));
    const ours = await issueMany(folder);
    yield { name: 'issue', value: ours.perSecond, unit: 'devices/s', reference: loop, against: 'the openssl loop' };
    yield { name: 'issue-raw', value: ours.perSecond, unit: 'devices/s', reference: raw, against: 'key and signature alone' };
    const against = 'that after 1,000 devices';
    yield { name: 'issue-memory-live', value: ours.live[1], unit: 'MB', reference: ours.live[0], against };
    yield { name: 'issue-memory-peak', value: ours.peak[1], unit: 'MB', reference: ours.peak[0], against };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function opensslLoop(folder: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = ['-pkeyopt', 'ec_paramgen_curve:P-256'];
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    ...key,
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-subj',
    '/CN=CA',
    '-days',
    '365',
  );
  for (let i = 0; i < loops; i++) {
    openssl('genpkey', '-algorithm', 'EC', ...key, '-out', `${i}.key`);
    openssl('req', '-new', '-key', `${i}.key`, '-subj', `/CN=device-${i}`, '-out', `${i}.csr`);
    openssl(
      'x509',
      '-req',
      '-in',
      `${i}.csr`,
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '365',
      '-out',
      `${i}.crt`,
    );
  }
}

function rawLimit(): void {
  const issuer = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
  const tbs = randomBytes(400);
  for (let i = 0; i < raws; i++) {
    createECDH('prime256v1').generateKeys();
    sign('sha256', tbs, issuer);
  }
}

interface Issued {
  readonly perSecond: number;
  /** MB after 1,000 and after 20,000 devices: what is in use after a collection, and the most that was resident until then. */
  readonly live: readonly [number, number];
  readonly peak: readonly [number, number];
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is really held, without the garbage that the engine has not collected yet. */
function liveMegabytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

async function issueMany(folder: string): Promise<Issued> {
  const checked = checkPlan({ project: 'bench', broker: { names: ['mqtt.bench.example'] } });
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const vault = await Vault.create(join(folder, 'v.fieldkey'), { passphrase: 'correct horse battery', operator: 'bench' });
  try {
    const projectId = await createProject(vault.session, checked.plan);
    const devices: DeviceRequest[] = Array.from({ length: large }, (_, i) => ({ id: `device-${i}`, role: 'device' }));
    const live: Partial<Record<number, number>> = {};
    const peak: Partial<Record<number, number>> = {};
    let highest = 0;
    const taken = await seconds(() =>
      issueDevices(vault.session, projectId, devices, {
        key: 'p256',
        days: 365,
        onProgress: ({ done }) => {
          highest = Math.max(highest, process.memoryUsage.rss() / 1e6);
          if (done !== small && done !== large) return;
          peak[done] = highest;
          live[done] = liveMegabytes();
        },
      }),
    );
    const at = (figures: Partial<Record<number, number>>, count: number) => figures[count] ?? Number.NaN;
    return {
      perSecond: large / taken,
      live: [at(live, small), at(live, large)],
      peak: [at(peak, small), at(peak, large)],
    };
  } finally {
    vault.close();
  }
}
