import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientAct } from '../../shared/rules/client-acts.ts';
import {
  type ClientConnection,
  mosquittoCommand,
  nodeScript,
  opensslCommand,
  pythonScript,
} from '../../shared/rules/client-commands.ts';
import { commandLine } from '../../shared/rules/shell-words.ts';
import { type Lab, openLab } from './testing/lab.ts';

/** The lines that the Test page gives away are run in the folder of an exported device, against the broker of the kit. */
const run = promisify(execFile);
const patient = { timeout: 30_000, interval: 300 };
/** Everything that a shell or a language could take for its own. */
const payload = `{"power": 230.4, "o'clock": "$HOME \`id\` \\\\ %PATH% !x ü"}`;
let lab: Lab;
let folder: string;

beforeAll(async () => {
  lab = await openLab();
  folder = join(lab.folder, 'stick/lab/devices/meter-001');
});
afterAll(() => lab?.close());

const connection = (host = 'localhost'): ClientConnection => ({
  host,
  port: lab.port,
  clientId: 'meter-001',
  protocolVersion: 5,
  identity: 'certificate',
});
const publish: ClientAct = {
  kind: 'publish',
  topic: 'lab/energy/meter-001',
  payload: Buffer.from(payload),
  qos: 1,
  retain: false,
};
const subscribe: ClientAct = { kind: 'subscribe', filters: [{ filter: 'lab/commands/meter-001', qos: 1 }] };

/** Starts a listener, calls `again` until `wanted` is in what it printed, and ends it. */
async function listen(command: readonly string[], cwd: string, again: () => Promise<unknown>, wanted: string) {
  const [program = '', ...words] = ['stdbuf', '-oL', ...command];
  const child = spawn(program, words, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  try {
    const heard = async () => {
      await again();
      return printed;
    };
    await expect.poll(heard, patient).toContain(wanted);
  } finally {
    child.kill();
    await ended;
  }
}

/** As another device of the same export: nobody but the dashboard hears, nobody but this project's own may speak. */
const dashboard = () => join(lab.folder, 'stick/lab/devices/dash-1');
const asDashboard = (act: ClientAct) => mosquittoCommand('sh', { ...connection(), clientId: 'dash-1' }, act).text;
const hearEnergy: ClientAct = { kind: 'subscribe', filters: [{ filter: 'lab/energy/#', qos: 1 }] };

describe('in the folder of a device', () => {
  it('bytes that are no text, by mosquitto_pub and by Node, also where a password is read from a file', async () => {
    const bytes = Buffer.from('deadbeef000a25', 'hex');
    const act: ClientAct = { ...publish, payload: bytes };
    await symlink(resolve('node_modules'), join(lab.folder, 'node_modules')).catch(() => undefined);
    await writeFile(join(folder, 'bytes.mjs'), nodeScript(connection(), act).text);
    const line = asDashboard(hearEnergy).replace(' -v ', " -F '%t %x' ");
    for (const again of [
      () => run('sh', ['-eu', '-c', mosquittoCommand('sh', connection(), act).text], { cwd: folder }),
      () => run(process.execPath, [join(folder, 'bytes.mjs')], { cwd: folder }),
    ])
      await listen(['sh', '-c', `exec ${line}`], dashboard(), again, 'lab/energy/meter-001 deadbeef000a25\n');
    const { text } = mosquittoCommand('sh', { ...connection(), identity: 'password' }, act);
    expect(text).toMatch(/^printf '[^']+' \| XDG_CONFIG_HOME=\. mosquitto_pub .* -s$/);
  });

  it('mosquitto_pub and mosquitto_sub', async () => {
    const line = mosquittoCommand('sh', connection(), publish).text;
    const again = () => run('sh', ['-eu', '-c', line], { cwd: folder });
    await listen(['sh', '-c', `exec ${asDashboard(hearEnergy)}`], dashboard(), again, `lab/energy/meter-001 ${payload}\n`);
  });

  it('openssl s_client, by name and by address; another name is refused', async () => {
    for (const host of ['localhost', '127.0.0.1']) {
      const { stderr } = await run('sh', ['-eu', '-c', opensslCommand('sh', connection(host)).text], { cwd: folder });
      expect(stderr).toContain('Verification: OK');
    }
    const wrong = opensslCommand('sh', connection()).text.replace('-verify_hostname localhost', '-verify_hostname elsewhere');
    await expect(run('sh', ['-eu', '-c', wrong], { cwd: folder })).rejects.toThrow(/verif/i);
  });

  it('Node', async () => {
    await symlink(resolve('node_modules'), join(lab.folder, 'node_modules')).catch(() => undefined);
    const [sender, listener] = [join(folder, 'publish.mjs'), join(dashboard(), 'subscribe.mjs')];
    await writeFile(sender, nodeScript(connection(), publish).text);
    await writeFile(listener, nodeScript({ ...connection(), clientId: 'dash-1' }, hearEnergy).text);
    const again = () => run(process.execPath, [sender], { cwd: folder });
    await listen([process.execPath, listener], dashboard(), again, `lab/energy/meter-001 ${payload}\n`);
  });

  it('Python, as far as its syntax and its words go', async () => {
    for (const [name, act] of Object.entries({ publish, subscribe })) {
      for (const identity of ['certificate', 'certificate-password', 'password'] as const) {
        const file = join(lab.folder, `${name}-${identity}.py`);
        await writeFile(file, pythonScript({ ...connection(), identity }, act).text);
        await run('python3', ['-m', 'py_compile', file]);
      }
    }
    const file = join(lab.folder, 'word.py');
    await writeFile(file, `print(${JSON.stringify(payload)})\n`);
    expect((await run('python3', [file])).stdout).toBe(`${payload}\n`);
  });
});

it('every word reaches a program as it is, in sh', async () => {
  for (const word of [payload, '', "'", 'a b', '$x', '#', '-n', '*', '\n', '\\', '~']) {
    const { stdout } = await run('sh', ['-c', commandLine('sh', 'printf', ['%s|', word, 'end'])]);
    expect(stdout).toBe(`${word}|end|`);
  }
});

it('PowerShell gets single quotes, and raw arguments where there are double quotes', () => {
  expect(commandLine('powershell', 'p', ['-t', 'lab/#', "it's"])).toBe("p -t 'lab/#' 'it''s'");
  expect(commandLine('powershell', 'p', ['-m', '{"a": "b\\"}', 'c d\\'])).toBe('p --% -m "{\\"a\\": \\"b\\\\\\"}" "c d\\\\"');
});
