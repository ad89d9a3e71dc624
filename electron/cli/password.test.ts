import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from './run.ts';

let folder: string;
const file = (name: string) => join(folder, name);

/** Runs a command as a program does: its exit status and its JSON document. */
async function cli(...args: string[]): Promise<[number, Record<string, unknown>]> {
  process.env['FIELDKEY_PASSPHRASE'] = 'correct horse battery';
  const parts: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = ((part: string | Uint8Array, ...rest: unknown[]) => {
    parts.push(String(part));
    for (const each of rest) if (typeof each === 'function') each();
    return true;
  }) as typeof process.stdout.write;
  try {
    const status = await runCli([...args, '--vault', file('v.fieldkey'), '--json']);
    return [status, JSON.parse(parts.join('') || '{}') as Record<string, unknown>];
  } finally {
    process.stdout.write = write;
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-cli-password-'));
  const plan = {
    project: 'lab',
    broker: { names: ['localhost'], kit: { identity: 'certificate-password' } },
    devices: [{ pattern: 'meter-{1..3}' }],
  };
  writeFileSync(file('plan.json'), JSON.stringify(plan));
  expect((await cli('provision', file('plan.json'), '--out', file('out')))[0]).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('every device has a password after provisioning, and the file is the exported one', async () => {
  const [status, shown] = await cli('password', 'show', 'lab');
  expect([status, shown]).toMatchObject([0, { one: 3, none: 0, changing: [], observer: true }]);
  const [, { file: text }] = await cli('password', 'file', 'lab');
  expect(text).toBe(readFileSync(file('out/lab/broker/passwd'), 'utf8'));
  const [, { file: old }] = await cli('password', 'file', 'lab', '--sha512');
  expect(String(old).match(/:\$6\$/g)).toHaveLength(4);
});

it('make prints a password only when asked, finish and undo end the change, and a second one waits for that', async () => {
  const [, quiet] = await cli('password', 'make', 'lab', '--device', 'METER-1');
  expect(quiet).toMatchObject({ made: [{ id: 'meter-1', user: 'meter-1@2' }], filesToCopy: ['acl', 'passwd'] });
  expect(JSON.stringify(quiet)).not.toContain('"password"');
  const [refused, error] = await cli('password', 'make', 'lab', '--device', 'meter-1');
  expect([refused, error]).toMatchObject([2, { error: { code: 'PASSWORD_CHANGING' } }]);
  expect((await cli('password', 'undo', 'lab', '--device', 'meter-1'))[1]).toMatchObject({ finished: ['meter-1'] });
  const [, shown] = await cli('password', 'make', 'lab', '--device', 'meter-1', '--print');
  expect(shown).toMatchObject({ made: [{ user: 'meter-1@2', password: expect.stringMatching(/^[A-Za-z0-9+/]{32}$/) }] });
  expect((await cli('password', 'finish', 'lab', '--all'))[1]).toMatchObject({ finished: ['meter-1'] });
  process.env['FIELDKEY_DEVICE_PASSWORD'] = 'short';
  const [weak, said] = await cli('password', 'make', 'lab', '--device', 'meter-2', '--typed', '--at-once');
  expect([weak, said]).toMatchObject([2, { error: { code: 'INPUT_INVALID' } }]);
  expect((await cli('password', 'make', 'lab'))[0]).toBe(2);
});

it('shares a certificate, lists and ends it; an inventory leaves passwords out unless asked', async () => {
  const [, begun] = await cli('share', 'begin', 'lab', '--certificate', 'meter-1', '--device', 'meter-2', 'meter-3');
  expect(begun).toMatchObject({ shared: ['meter-2', 'meter-3'] });
  expect((await cli('share', 'list', 'lab'))[1]).toMatchObject({ groups: [{ holder: 'meter-1' }] });
  expect((await cli('share', 'end', 'lab', '--device', 'meter-3'))[1]).toMatchObject({ unshared: ['meter-3'] });
  const out = file('fieldkey.auto.tfvars.json');
  expect((await cli('inventory', 'lab', '--out', out))[1]).toMatchObject({ devices: 3, format: 'terraform', secrets: 'none' });
  expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({
    mqtt_devices: { 'meter-1': { username: 'meter-1@2', certificate_of: null }, 'meter-2': { certificate_of: 'meter-1' } },
  });
  expect(readFileSync(out, 'utf8')).not.toContain('"password"');
  expect((await cli('inventory', 'lab', '--out', out, '--passwords', 'vault'))[0]).not.toBe(0);
});
