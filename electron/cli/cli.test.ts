import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptFolder } from '../import/testing/script-folder.ts';
import { pemToDer } from '../pki/pem.ts';
import { certtoolCrl, certtoolKey, opensslKey } from '../pki/testing/judges.ts';
import { Vault } from '../vault/vault.ts';
import './testing/cheap-derivation.mjs';
import { builtCommand, type CliOptions, type CliResult, runBuilt } from './testing/run-built.ts';

const run = promisify(execFile);
const small = {
  project: 'lab',
  broker: { names: ['mqtt.lab.example'] },
  devices: [{ id: 'meter-001' }, { id: 'dash-1', role: 'dashboard' }],
};
let folder: string;
let vault: string;
let out: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-cli-'));
  vault = join(folder, 'v.fieldkey');
  out = join(folder, 'out');
  expect(await provision(small)).toMatchObject({ status: 0 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function planFile(plan: unknown): Promise<string> {
  const file = join(folder, 'plan.json');
  await writeFile(file, typeof plan === 'string' ? plan : JSON.stringify(plan));
  return file;
}
async function provision(plan: unknown, options: CliOptions & { args?: string[]; vault?: string } = {}): Promise<CliResult> {
  return runBuilt(
    ['provision', await planFile(plan), '--vault', options.vault ?? vault, '--out', out, ...(options.args ?? [])],
    options,
  );
}
async function counts(): Promise<{ devices: number; certificates: number }> {
  const opened = Vault.open(vault);
  try {
    const session = await opened.unlock('correct horse battery', 'test');
    const count = (table: string) => Number(session.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
    return { devices: count('device'), certificates: count('certificate') };
  } finally {
    opened.close();
  }
}

describe('provision', () => {
  it('refuses a wrong plan with the path and the reason, before anything exists', async () => {
    const other = join(folder, 'none.fieldkey');
    const wrong = { ...small, devices: [{ id: 'm+1' }, { pattern: 'p-{9..1}' }], extra: 1 };
    const result = await provision(wrong, { vault: other });
    expect(result).toMatchObject({ status: 2, stdout: '' });
    expect(result.stderr).toContain('there is no "extra" here');
    expect(result.stderr).toContain('devices[0].id: "m+1" may only have A-Z a-z 0-9 . _ - (not: +)');
    expect(result.stderr).toContain('devices[1].pattern: "p-{9..1}" ends before it begins');
    const twice = await provision({ ...small, devices: [{ id: 'a' }, { id: 'A' }] }, { vault: other });
    expect(twice.stderr).toContain('devices[1].id: "A" is already at devices[0].id');
    expect(existsSync(other)).toBe(false);
  });

  it('says what is wrong with a file that is no plan', async () => {
    expect(await provision('{ "project": ')).toMatchObject({ status: 5 });
    const missing = await runBuilt(['provision', join(folder, 'no.json'), '--vault', vault, '--out', out]);
    expect(missing).toMatchObject({ status: 5 });
    expect(missing.stderr).toContain('no.json');
  });

  it('reads the plan from standard input, with a byte-order mark', async () => {
    const result = await runBuilt(['provision', '-', '--vault', vault, '--out', out], {
      input: `\ufeff${JSON.stringify(small)}`,
    });
    expect(result).toMatchObject({ status: 0, stderr: '' });
    expect(result.stdout).toContain('Nothing to issue: all 2 devices are there already');
  });

  it('issues only the devices that are new', async () => {
    const before = await counts();
    const result = await provision({ ...small, devices: [...small.devices, { pattern: 'press-{01..10}' }] });
    expect(result.stdout).toContain('Issued: 10 device certificates (2 were there already).');
    expect(await counts()).toEqual({ devices: before.devices + 10, certificates: before.certificates + 10 });
  });

  it('keeps devices that the plan no longer names, and says so', async () => {
    expect((await provision(small)).stdout).toContain('Kept: 10 devices of the vault that the plan does not name.');
  });

  it('refuses what cannot change after creation, and changes nothing', async () => {
    const before = await counts();
    const result = await provision({
      ...small,
      subject: { organisation: 'Other' },
      authority: { key: 'p384', years: 5 },
      devices: [{ id: 'new' }],
    });
    expect(result.status).toBe(2);
    expect(result.stderr).toContain('subject.organisation: is "" in the vault and cannot become "Other"');
    expect(result.stderr).toContain('authority.key: is "p256" in the vault and cannot become "p384"');
    expect(result.stderr).toContain('authority.years: is "10" in the vault and cannot become "5"');
    expect(await counts()).toEqual(before);
  });

  it('issues the broker anew when its names change, and only then', async () => {
    const before = await counts();
    const port = await provision({ ...small, broker: { ...small.broker, port: 8884 } });
    expect(port.stdout).toContain('Broker settings changed');
    expect(await counts()).toEqual(before);
    const name = await provision({ ...small, broker: { names: ['mqtt.lab.example', 'broker.local'], port: 8884 } });
    expect(name.stdout).toContain('Broker certificate issued anew');
    expect(await counts()).toEqual({ ...before, certificates: before.certificates + 1 });
    const { stdout } = await run('openssl', [
      'x509',
      '-in',
      join(out, 'lab/broker/certs/server.crt'),
      '-noout',
      '-ext',
      'subjectAltName',
    ]);
    expect(stdout).toContain('DNS:mqtt.lab.example, DNS:broker.local');
  });

  it('stops on Ctrl-C after the unit in hand, keeps it, and completes it when run again', async () => {
    const many = { ...small, project: 'many', devices: [{ pattern: 'd-{0001..4000}' }] };
    const interrupted = await provision(many, {
      started: (child) => {
        // a write-ahead log of this size has devices in it; 4,000 take seconds
        const poll = setInterval(() => {
          if ((statSync(join(folder, 'v.fieldkey-wal'), { throwIfNoEntry: false })?.size ?? 0) < 400_000) return;
          clearInterval(poll);
          child.kill('SIGINT');
        }, 10);
        child.once('exit', () => clearInterval(poll));
      },
    });
    expect(interrupted.status).toBe(6);
    expect(interrupted.stderr).toMatch(/Cancelled\. \d+ of 4000 were done and are kept/);
    const done = Number(/(\d+) of 4000/.exec(interrupted.stderr)?.[1]);
    expect(existsSync(join(out, 'many'))).toBe(false);
    const result = await provision({ ...many, devices: [{ pattern: 'd-{0001..0600}' }] });
    expect(result).toMatchObject({ status: 0 });
    expect(result.stdout).toContain(
      done >= 600 ? 'Nothing to issue' : `Issued: ${600 - done} device certificates (${done} were there already).`,
    );
  });

  it('encrypts device keys on request, the same bytes each time', async () => {
    const args = ['--encrypt-keys'];
    const env = { FIELDKEY_KEY_PASSPHRASE: 'a key for the field' };
    const encrypted = await provision({ ...small, project: 'sealed' }, { args, env });
    expect(encrypted).toMatchObject({ status: 0 });
    const pem = await readFile(join(out, 'sealed/devices/meter-001/client.key'), 'utf8');
    expect(pem).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    expect(await opensslKey(pem, 'a key for the field')).toMatchObject({ ok: true });
    expect(await certtoolKey(pem, 'a key for the field')).toMatchObject({ ok: true });
    expect((await opensslKey(pem, 'another')).ok).toBe(false);
    expect((await provision({ ...small, project: 'sealed' }, { args, env })).stdout).toContain('Export unchanged');
  });

  it('does not replace the export of a project of the same name in another vault', async () => {
    const other = join(folder, 'mistyped.fieldkey');
    const before = await readFile(join(out, 'lab/SHA256SUMS'), 'utf8');
    const result = await provision(small, { vault: other });
    expect(result.status).toBe(5);
    expect(result.stderr).toContain('another authority');
    expect(await readFile(join(out, 'lab/SHA256SUMS'), 'utf8')).toBe(before);
  });

  it('does not replace a folder that holds something of somebody else', async () => {
    await writeFile(join(out, 'lab', 'my notes.txt'), 'mine');
    const result = await provision({ ...small, broker: { names: ['another.example'] } });
    expect(result.status).toBe(5);
    expect(result.stderr).toContain('my notes.txt');
    expect(await readFile(join(out, 'lab', 'my notes.txt'), 'utf8')).toBe('mine');
    await rm(join(out, 'lab', 'my notes.txt'));
    expect(await provision({ ...small, broker: { names: ['another.example'] } })).toMatchObject({ status: 0 });
  });

  it('says that a name kept for examples leads nowhere, and nothing about a real one', async () => {
    const warning = /WARNING: every bundle says (\S+): such names are kept for examples \(RFC 2606\)/;
    const named = async (names: string[]) => warning.exec((await provision({ ...small, broker: { names } })).stdout)?.[1];
    expect(await named(['mqtt.lab.example'])).toBe('mqtt.lab.example');
    expect(await named(['broker.local', 'mqtt.lab.example'])).toBeUndefined();
  });
});

describe('the passphrase', () => {
  const list = (env: Record<string, string | undefined>) => runBuilt(['list', '--vault', vault, '--json'], { env });

  it('is needed, and must be right', async () => {
    expect(await list({ FIELDKEY_PASSPHRASE: undefined })).toMatchObject({ status: 3 });
    const wrong = await list({ FIELDKEY_PASSPHRASE: 'correct horse batterz' });
    expect(wrong.status).toBe(3);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ ok: false, error: { code: 'PASSPHRASE_WRONG' } });
  });

  it('must be long enough for a new vault', async () => {
    const result = await provision(small, { vault: join(folder, 'weak.fieldkey'), env: { FIELDKEY_PASSPHRASE: 'short' } });
    expect(result).toMatchObject({ status: 3 });
    expect(existsSync(join(folder, 'weak.fieldkey'))).toBe(false);
  });

  it('is asked for on a terminal, without being shown', async () => {
    // script(1) gives the program a terminal
    const command = `${process.execPath} ${builtCommand().join(' ')} list --vault ${vault}`;
    const child = run('script', ['-qec', command, '/dev/null'], { env: { ...process.env, FIELDKEY_PASSPHRASE: '' } });
    let asked = '';
    child.child.stdout?.on('data', (text: string) => {
      asked += text;
      if (asked.endsWith('Passphrase: ')) child.child.stdin?.write('correct horse battery\r');
    });
    const { stdout } = await child;
    expect(stdout).toContain('meter-001');
    expect(stdout).not.toContain('horse');
  });
});

describe('the other commands', () => {
  it('list and show what is there', async () => {
    const listed = await runBuilt(['list', '--vault', vault, '--project', 'lab', '--json']);
    const { projects } = JSON.parse(listed.stdout);
    expect(projects).toHaveLength(1);
    expect(projects[0].devices.map((d: { id: string }) => d.id)).toContain('press-10');
    const shown = await runBuilt(['show', 'meter-001', '--vault', vault, '--project', 'lab', '--json']);
    const [device] = JSON.parse(shown.stdout).devices;
    expect(device).toMatchObject({
      device: { id: 'meter-001', state: 'valid' },
      write: ['lab/energy/meter-001'],
      read: ['lab/commands/meter-001'],
    });
    const { stdout } = await run('openssl', [
      'x509',
      '-in',
      join(out, 'lab/devices/meter-001/client.crt'),
      '-noout',
      '-fingerprint',
      '-sha256',
      '-serial',
    ]);
    expect(stdout.replaceAll(':', '').toLowerCase()).toContain(device.certificates[0].fingerprint);
    expect(stdout.toLowerCase()).toContain(device.certificates[0].serial);
    expect(await runBuilt(['show', 'nobody', '--vault', vault])).toMatchObject({ status: 2 });
  });

  it('publishes a revocation list with a higher number', async () => {
    const file = join(folder, 'crl.pem');
    const numbers: number[] = [];
    for (let i = 0; i < 2; i++) {
      const result = await runBuilt(['crl', 'lab', '--vault', vault, '--out', file, '--json']);
      numbers.push(JSON.parse(result.stdout).published[0].number);
    }
    expect(numbers[1]).toBeGreaterThan(numbers[0] ?? Number.POSITIVE_INFINITY);
    const der = (pem: string) => pemToDer(pem)[0]?.der as Buffer;
    const root = der(await readFile(join(out, 'lab/broker/certs/ca.crt'), 'utf8'));
    expect(await certtoolCrl(der(await readFile(file, 'utf8')), root)).toMatchObject({ ok: true });
  });

  it('exports to another folder', async () => {
    const result = await runBuilt(['export', 'lab', '--vault', vault, '--out', join(folder, 'second')]);
    expect(result).toMatchObject({ status: 0 });
    expect(await readdir(join(folder, 'second/lab'))).toEqual(['AUDIT.txt', 'SHA256SUMS', 'broker', 'devices']);
  });

  it('verifies the vault', async () => {
    expect(await runBuilt(['verify', '--vault', vault])).toMatchObject({ status: 0 });
  });

  it('say that the vault is open elsewhere, or missing', async () => {
    const held = Vault.open(vault);
    try {
      const result = await runBuilt(['list', '--vault', vault]);
      expect(result.status).toBe(4);
      expect(result.stderr).toContain(`process ${process.pid}`);
    } finally {
      held.close();
    }
    expect(await runBuilt(['list', '--vault', join(folder, 'nowhere')])).toMatchObject({ status: 4 });
  });

  it('explain themselves', async () => {
    const help = await runBuilt(['--help']);
    expect(help.status).toBe(0);
    expect(help.stdout).toMatch(/Exit status:\n {2}0 {2}done/);
    expect(await runBuilt(['provision'])).toMatchObject({ status: 2 });
    expect(await runBuilt(['lsit'])).toMatchObject({ status: 2 });
  });

  it('can be piped into a program that stops reading', async () => {
    const { stdout } = await run(
      'sh',
      ['-c', `"${process.execPath}" ${builtCommand().join(' ')} list --vault "${vault}" | head -1`],
      {
        env: { ...process.env, FIELDKEY_PASSPHRASE: 'correct horse battery' },
      },
    );
    expect(stdout.split('\n')).toHaveLength(2);
  });
});

describe('sign-requests', () => {
  it('says what it would do, does it, and ends with 7 when one is refused', async () => {
    const csr = async (name: string, key: string[]) => {
      const file = join(folder, `${name}.csr`);
      const args = [
        'req',
        '-new',
        '-nodes',
        ...key,
        '-subj',
        `/CN=${name}`,
        '-keyout',
        join(folder, `${name}.key`),
        '-out',
        file,
      ];
      await run('openssl', args);
      return file;
    };
    const good = await csr('plc-1', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']);
    const weak = await csr('plc-2', ['-newkey', 'rsa:1024']);
    const sign = (...args: string[]) => runBuilt(['sign-requests', 'lab', ...args, '--vault', vault]);
    const before = await counts();
    const dry = await sign(good, weak, '--dry-run');
    expect(dry.status).toBe(7);
    expect(dry.stdout).toContain('becomes   CN=plc-1');
    expect(dry.stdout).toContain('REFUSED   its RSA key is shorter than 2048 bits');
    expect(await counts()).toEqual(before);
    const done = await sign(good, weak, '--json');
    expect(done.status).toBe(7);
    expect(JSON.parse(done.stdout)).toMatchObject({
      issued: [{ id: 'plc-1' }],
      refused: [{ id: 'plc-2', reason: 'rsa-too-short' }],
    });
    expect(await counts()).toEqual({ devices: before.devices + 1, certificates: before.certificates + 1 });
    expect(await sign(good)).toMatchObject({ status: 7 });
    expect(await sign(good, '--replace')).toMatchObject({ status: 0 });
    expect(await sign(join(folder, 'none.csr'))).toMatchObject({ status: 5 });
  });
});

describe('import', () => {
  it('shows what it would take, and makes a project of it', async () => {
    const old = (name: string) => join(folder, 'script', name);
    await scriptFolder(old);
    const dry = await runBuilt(['import', old('.'), '--dry-run', '--vault', vault]);
    expect(dry).toMatchObject({ status: 0, stderr: '' });
    expect(dry.stdout).toContain('issues from now on');
    expect(dry.stdout).toContain('warning: is valid for 99999 days');
    expect(dry.stdout).toContain('error: is of version 1 without extensions');
    const before = await counts();
    const done = await runBuilt(['import', old('.'), '--project', 'old', '--vault', vault, '--json']);
    expect(done).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(done.stdout)).toMatchObject({ project: 'old', devices: 2, keys: 4 });
    // CA, server, two devices; and of ours broker, observer and canary
    expect(await counts()).toEqual({ devices: before.devices + 2, certificates: before.certificates + 7 });
    expect(await runBuilt(['verify', '--vault', vault])).toMatchObject({ status: 0 });
    expect(await runBuilt(['import', old('.'), '--project', 'older', '--vault', vault])).toMatchObject({ status: 5 });
  });
});

describe('lint', () => {
  it('says what the files of an export are and finds nothing wrong with them but open keys', async () => {
    const result = await runBuilt(['lint', '--json', join(out, 'lab')]);
    expect(result).toMatchObject({ status: 0 });
    const { files, errors } = JSON.parse(result.stdout) as {
      files: { file: string; objects: { kind: string; findings: { rule: string }[] }[] }[];
      errors: number;
    };
    expect(errors).toBe(0);
    expect(new Set(files.flatMap(({ objects }) => objects.map(({ kind }) => kind)))).toEqual(
      new Set(['certificate', 'private-key', 'crl']),
    );
    const rules = files.flatMap(({ objects }) => objects.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
    expect(new Set(rules)).toEqual(new Set(['foreign-key-open']));
  });

  it('ends with 7 when there is an error, with 5 for a file that is not there', async () => {
    const file = join(folder, 'old.crt');
    const args = ['req', '-x509', '-newkey', 'rsa:1024', '-nodes', '-keyout', join(folder, 'old.key'), '-out', file];
    await run('openssl', [...args, '-subj', '/CN=mqtt.lab.example', '-days', '99999']);
    const result = await runBuilt(['lint', file]);
    expect(result).toMatchObject({ status: 7 });
    expect(result.stdout).toContain('error: has a weak key (RSA-1024) [CA/Browser Forum BR');
    expect(result.stdout).toContain('is valid for 99999 days');
    expect(await runBuilt(['lint', join(folder, 'none.crt')])).toMatchObject({ status: 5 });
    const nothing = join(folder, 'text.crt');
    await writeFile(nothing, 'hello');
    expect(await runBuilt(['lint', nothing])).toMatchObject({ status: 7 });
  });
});
