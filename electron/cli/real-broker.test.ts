import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTestAuthority } from '../broker/testing/certificates.ts';
import { freePort, mosquittoUser, type RunningMosquitto, startMosquitto } from '../broker/testing/mosquitto.ts';
import { connectTestClient } from '../broker/testing/mqtt-client.ts';
import { canChown, readmeCommands, runAsReadmeSays } from '../broker/testing/readme-commands.ts';
import { keyPem } from '../pki/key-pem.ts';
import { certificatePem } from '../pki/pem.ts';
import { Vault } from '../vault/vault.ts';
import { type CliOptions, cliPassphrase, runBuilt } from './testing/run-built.ts';

/**
 * The main job, whole: the plan of the manual through the command line, the lines of broker/README.txt as they stand,
 * a real Mosquitto as the user mosquitto, and the programs that come with it as the devices.
 */
const run = promisify(execFile);
const notAuthorized = 135;
let scratch: string;
let out: string;
let port: number;
let broker: RunningMosquitto;
let plan: Record<string, unknown>;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fieldkey-provision-'));
  await chmod(scratch, 0o755);
  out = join(scratch, 'stick');
  port = await freePort();
  const sample = JSON.parse(await readFile(join(import.meta.dirname, '../../resources/samples/plan.json'), 'utf8'));
  plan = {
    ...sample,
    broker: {
      ...sample.broker,
      port,
      directory: join(scratch, 'etc/mosquitto'),
      data: join(scratch, 'lib'),
      log: join(scratch, 'log'),
    },
  };
  await provision(plan);
  const kit = join(out, 'lab/broker');
  await runAsReadmeSays(readmeCommands(await readFile(join(kit, 'README.txt'), 'utf8')), kit, scratch);
  broker = await startMosquitto(join(scratch, 'etc/mosquitto/mosquitto.conf'));
});

afterAll(async () => {
  await broker?.stop();
  await rm(scratch, { recursive: true, force: true });
});

/** Nothing of the command line is made cheaper here. */
const real = (args: readonly string[], options: CliOptions = {}) => runBuilt(args, { ...options, realCost: true });

async function provision(
  input: unknown,
): Promise<{ issued: number; project: { state: string }; export: { unchanged: boolean } }> {
  const file = join(scratch, 'plan.json');
  await writeFile(file, JSON.stringify(input));
  const result = await real(['provision', file, '--vault', join(scratch, 'v.fieldkey'), '--out', out, '--json']);
  expect(result).toMatchObject({ status: 0, stderr: '' });
  return JSON.parse(result.stdout);
}

const bundle = (id: string) => join(out, 'lab/devices', id);
const files = (id: string) => [
  '--cafile',
  join(bundle(id), 'ca.crt'),
  '--cert',
  join(bundle(id), 'client.crt'),
  '--key',
  join(bundle(id), 'client.key'),
];
const identity = async (id: string) => ({
  certificate: await readFile(join(bundle(id), 'client.crt'), 'utf8'),
  key: await readFile(join(bundle(id), 'client.key'), 'utf8'),
});
const caPem = () => readFile(join(bundle('meter-001'), 'ca.crt'), 'utf8');

async function connect(who: { certificate: string; key: string } | undefined) {
  return connectTestClient({ port, ca: await caPem(), ...(who ? { identity: who } : {}) });
}

/**
 * Both programs of Mosquitto: what `sub` prints when `pub` publishes, or nothing within two seconds. That somebody
 * listened and something was sent is seen in the broker's log and in pub's answer, so that silence means refusal.
 */
async function carried(
  subscriber: string,
  filter: string,
  publisher: string,
  topic: string,
  host = 'localhost',
): Promise<string> {
  const connected = async (who: string) => (await broker.log()).split(`u'${who}'`).length;
  const [before, published] = [await connected(subscriber), await connected(publisher)];
  const common = (id: string) => ['-h', host, '-p', String(port), ...files(id), '-V', 'mqttv5', '-q', '1'];
  const listening = run('mosquitto_sub', [...common(subscriber), '-t', filter, '-v', '-C', '1', '-W', '2']).then(
    ({ stdout }) => stdout.trim(),
    // 27: timed out without a message
    (error: { code?: number }) => (error.code === 27 ? '' : Promise.reject(error)),
  );
  await expect.poll(() => connected(subscriber)).toBeGreaterThan(before);
  await new Promise((resolve) => setTimeout(resolve, 300));
  // a refused message is an error of pub in MQTT 5 (135), every other error is one of the test
  await run('mosquitto_pub', [...common(publisher), '-t', topic, '-m', '42']).catch((error: { stderr?: string }) => {
    if (!/not authorized/i.test(error.stderr ?? '')) throw error;
  });
  expect(await connected(publisher)).toBeGreaterThan(published);
  return listening;
}

describe('a broker and its devices, provisioned from the plan', () => {
  it('runs as the user mosquitto and says nothing alarming', async () => {
    if (canChown) expect(await broker.uid()).toBe((await mosquittoUser()).uid);
    expect(await broker.log()).not.toMatch(/warning|error/i);
  });

  it('carries what meter-001 measures to dash-1, with the programs of Mosquitto, by name and by address', async () => {
    for (const host of ['localhost', '127.0.0.1', '::1']) {
      expect(await carried('dash-1', 'lab/#', 'meter-001', 'lab/energy/meter-001', host)).toBe('lab/energy/meter-001 42');
    }
  });

  it('does not deliver what access does not allow', async () => {
    expect(await carried('dash-1', 'lab/#', 'meter-001', 'lab/energy/press-001')).toBe('');
    expect(await carried('press-002', 'lab/energy/#', 'meter-001', 'lab/energy/meter-001')).toBe('');
  });

  it('does the same for mqtt.js, and refuses with the reason code', async () => {
    const [meter, dash] = [await connect(await identity('meter-001')), await connect(await identity('dash-1'))];
    try {
      await dash.subscribe('lab/#');
      expect(await meter.publish('lab/energy/meter-001', '43')).toBe(0);
      expect(await meter.publish('lab/energy/press-001', '44')).toBe(notAuthorized);
      expect(await dash.publish('lab/energy/dash-1', '45')).toBe(notAuthorized);
      expect(await dash.publish('lab/commands/meter-001', '46')).toBe(notAuthorized);
      await expect.poll(() => dash.received).toEqual(['lab/energy/meter-001 43']);
    } finally {
      await Promise.all([meter.close(), dash.close()]);
    }
  });

  it('lets the observer see everything and send commands', async () => {
    const [observer, meter] = [await connect(await fromVault('observer')), await connect(await identity('meter-001'))];
    try {
      await observer.subscribe('lab/#', '$SYS/broker/version');
      await meter.subscribe('lab/commands/meter-001');
      expect(await meter.publish('lab/energy/meter-001', '47')).toBe(0);
      expect(await observer.publish('lab/commands/meter-001', 'on')).toBe(0);
      await expect.poll(() => observer.received.some((m) => m.startsWith('$SYS/broker/version mosquitto'))).toBe(true);
      await expect.poll(() => observer.received).toContain('lab/energy/meter-001 47');
      await expect.poll(() => meter.received).toEqual(['lab/commands/meter-001 on']);
      expect(await observer.publish('lab/energy/meter-001', 'forged')).toBe(notAuthorized);
    } finally {
      await Promise.all([observer.close(), meter.close()]);
    }
  });

  it('refuses another authority, no certificate, and the canary', async () => {
    const foreign = await (await makeTestAuthority(join(scratch, 'foreign'))).issue('meter-001');
    await expect(connect(foreign)).rejects.toThrow();
    await expect(connect(undefined)).rejects.toThrow();
    await expect(connect(await fromVault('canary'))).rejects.toThrow();
    const meter = await connect(await identity('meter-001'));
    await meter.close();
    const log = await broker.log();
    expect(log.match(/certificate verify failed/g)?.length).toBe(2);
    expect(log.match(/peer did not return a certificate/g)?.length).toBe(1);
  });

  it('is proved from the command line, and what was changed on it by hand is found', async () => {
    const args = [
      'prove',
      'lab',
      '--device',
      'meter-001',
      'dash-1',
      '--host',
      'localhost',
      '--vault',
      join(scratch, 'v.fieldkey'),
    ];
    const proved = await real([...args, '--out', join(scratch, 'proof.json'), '--json']);
    expect(proved, proved.stdout).toMatchObject({ status: 0, stderr: '' });
    const { report } = JSON.parse(proved.stdout);
    expect(report).toMatchObject({ outcome: 'proved', host: 'localhost', port, explanations: [] });
    expect(report.checks.length).toBe(30);
    expect(JSON.parse(await readFile(join(scratch, 'proof.json'), 'utf8'))).toEqual(report);

    // Ctrl-C while the broker hangs
    const joined = async () => (await broker.log()).split(' as dash-1 (').length;
    const before = await joined();
    const broken = await real(args, {
      started: (child) => {
        const poll = setInterval(async () => {
          if ((await joined()) === before) return;
          clearInterval(poll);
          process.kill(broker.pid, 'SIGSTOP');
          child.kill('SIGINT');
        }, 5);
        child.once('exit', () => clearInterval(poll));
      },
    }).finally(() => process.kill(broker.pid, 'SIGCONT'));
    expect(broken.status, broken.stderr).toBe(6);
    expect(broken.stderr).toMatch(
      /Broken off; nothing is kept as a proof.*connected as observer, meter-001.*\d+ messages sent.*\d refusals tried/,
    );
    const { stdout: told } = await real(['audit', '--vault', join(scratch, 'v.fieldkey')]);
    expect(told).toContain(`proof of the access rules at localhost:${port} broken off: connected as observer, meter-001`);

    const acl = join(scratch, 'etc/mosquitto/acl');
    const text = await readFile(acl, 'utf8');
    await writeFile(acl, text.replace('pattern write lab/energy/%u', 'pattern write lab/energy/#'));
    broker.hangup();
    await expect.poll(() => broker.log()).toMatch(/Reloading config/);
    try {
      const refuted = await real(args);
      expect(refuted.status).toBe(8);
      expect(refuted.stdout).toContain('DIFFERENT  meter-001 write lab/energy/fieldkey-proof: should be denied, was allowed');
      expect(refuted.stdout).toContain('the access list on the broker is another one at these places');
    } finally {
      await writeFile(acl, text);
      broker.hangup();
    }
  });

  it('issues nothing the second time, and says so', async () => {
    expect(await provision(plan)).toMatchObject({
      issued: 0,
      project: { state: 'unchanged' },
      broker: 'unchanged',
      access: 'unchanged',
      export: { unchanged: true },
    });
  });

  it('leaves the kit as it is, byte by byte, when devices are added, and the broker takes them at once', async () => {
    const before = await hashes(join(out, 'lab/broker'));
    const bigger = { ...plan, devices: [...(plan['devices'] as unknown[]), { pattern: 'late-{1..300}' }] };
    expect(await provision(bigger)).toMatchObject({ issued: 300, alreadyThere: 102, export: { unchanged: false } });
    expect(await hashes(join(out, 'lab/broker'))).toEqual(before);
    expect(await carried('dash-1', 'lab/energy/#', 'late-7', 'lab/energy/late-7')).toBe('lab/energy/late-7 42');
  });

  it('is complete by its own list', async () => {
    await run('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: join(out, 'lab') });
    const bundleFiles = ['README.txt', 'ca.crt', 'client.crt', 'client.key', 'mqtt.json'];
    expect((await readdir(bundle('meter-001'))).sort()).toEqual(bundleFiles);
    const settings = JSON.parse(await readFile(join(bundle('meter-001'), 'mqtt.json'), 'utf8'));
    expect(settings).toMatchObject({
      enable: true,
      url: `mqtts://mqtt.lab.example:${port}`,
      skip_cn_check: false,
      client_id: 'meter-001',
      publish: { topic: 'lab/energy/meter-001' },
    });
  });
});

/** Identities that are never exported, taken from the vault itself. */
async function fromVault(kind: 'observer' | 'canary'): Promise<{ certificate: string; key: string }> {
  const vault = Vault.open(join(scratch, 'v.fieldkey'));
  try {
    const session = await vault.unlock(cliPassphrase, 'test');
    const row = session.tables.certificate.where('kind = ?', kind)[0];
    if (!row?.key_id) throw new Error(`no ${kind}`);
    return { certificate: certificatePem(row.der), key: keyPem(session.openKey(row.key_id).pkcs8) };
  } finally {
    vault.close();
  }
}

async function hashes(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const pairs = names.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [
      path,
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}
