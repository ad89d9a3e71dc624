import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runBuilt } from './testing/run-built.ts';

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-cli-access-'));
  const plan = {
    project: 'lab',
    broker: { names: ['mqtt.lab.example'] },
    devices: [{ id: 'm-1' }, { id: 'm-2' }, { id: 'b-1', role: 'billing' }],
    access: [
      { role: 'device', write: ['{project}/energy/{device}', '{project}/all'], read: ['{project}/commands/{device}'] },
      { role: 'billing', read: ['{project}/#'], deny: ['{project}/commands/#'] },
    ],
    exceptions: [{ device: 'm-2', write: ['{project}/door'], deny: ['{project}/energy/{device}'] }],
  };
  await writeFile(at('plan.json'), JSON.stringify(plan));
  expect((await run('provision', at('plan.json'), '--out', at('out'))).status).toBe(0);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...args: string[]) {
  const { status, stdout } = await runBuilt([...args, '--vault', at('v.fieldkey'), '--json']);
  return { status, ...JSON.parse(stdout) };
}

it('says what the broker will decide and by which line', async () => {
  const asked = ['--publish', 'lab/energy/m-2', 'lab/door', '--read', 'lab/commands/m-2', 'lab/commands/m-1'];
  expect(await run('access', 'lab', '--device', 'M-2', ...asked)).toMatchObject({
    status: 7,
    device: 'm-2',
    answers: [
      {
        allowed: false,
        rule: { text: 'topic deny lab/energy/m-2', origin: { kind: 'exception', template: '{project}/energy/{device}' } },
      },
      { allowed: true, rule: { text: 'topic write lab/door', origin: { kind: 'exception' } } },
      { allowed: true, rule: { text: 'pattern read lab/commands/%u', origin: { kind: 'role', role: 'device' } } },
      { allowed: false, reason: 'no-line', rule: null },
    ],
  });
  expect(await run('access', 'lab', '--device', 'b-1', '--read', 'lab/energy/m-1')).toMatchObject({ status: 0 });
  expect(await run('access', 'lab', '--device', 'b-1', '--read', 'lab/commands/m-1')).toMatchObject({
    status: 7,
    answers: [{ rule: { text: 'topic deny lab/commands/#' } }],
  });
  expect(await run('access', 'lab', '--device', 'nobody')).toMatchObject({ status: 2, error: { code: 'DEVICE_NOT_FOUND' } });
});

it('a plan may have devices told apart by their client id, which the kit makes the user name', async () => {
  const plan = JSON.parse(await readFile(at('plan.json'), 'utf8'));
  plan.broker.kit = { deviceIs: 'client' };
  await writeFile(at('by-client.json'), JSON.stringify(plan));
  expect(await run('provision', at('by-client.json'), '--out', at('out'))).toMatchObject({ status: 0, broker: 'changed' });
  expect(await readFile(at('out/lab/broker/acl'), 'utf8')).toContain('pattern write lab/energy/%c\n');
  // whatever a client sends: the broker takes the user name for its client id
  expect(
    await run('access', 'lab', '--device', 'm-1', '--client-id', 'm-2', '--publish', 'lab/energy/m-1', 'lab/energy/m-2'),
  ).toMatchObject({
    status: 7,
    answers: [{ allowed: true, rule: { text: 'pattern write lab/energy/%c' } }, { allowed: false }],
  });
  plan.broker.kit = { deviceIs: 'serial' };
  await writeFile(at('wrong.json'), JSON.stringify(plan));
  expect(await run('provision', at('wrong.json'), '--out', at('out'))).toMatchObject({ status: 2 });
  expect((await run('provision', at('plan.json'), '--out', at('out'))).status).toBe(0);
});

it('points out what is worth a second look, and issues nothing the second time', async () => {
  expect(await run('access', 'lab')).toMatchObject({
    status: 0,
    dangers: [{ kind: 'write-without-device', severity: 'risk', at: { role: 'device' }, topic: '{project}/all' }],
    // the pattern for devices holds for everybody
    gaps: [
      { member: 'b-1', access: 'write', topic: 'lab/all' },
      { member: 'observer', access: 'write', topic: 'lab/all' },
    ],
  });
  expect(await run('provision', at('plan.json'), '--out', at('out'))).toMatchObject({
    status: 0,
    access: 'unchanged',
    issued: 0,
  });
});

it('the checklist: red points end it with 7, what a person confirms is in the record', async () => {
  const first = await run('checklist', 'lab');
  expect(first).toMatchObject({ status: 7, checklist: { project: 'lab' } });
  const of = (answer: typeof first, point: string) => answer.checklist.rows.find((row: { point: string }) => row.point === point);
  expect(of(first, 'backup')).toMatchObject({ state: 'red', evidence: [{ fact: 'backupNever' }] });
  expect(of(first, 'record')).toMatchObject({ state: 'green', evidence: [{ fact: 'recordSound' }] });
  expect(await run('checklist', 'lab', '--confirm', 'unique', '--note', 'x')).toMatchObject({ status: 2 });
  expect(await run('checklist', 'lab', '--confirm', 'hsm')).toMatchObject({ status: 2 });
  const second = await run('checklist', 'lab', '--confirm', 'hsm', '--note', 'Nitrokey in the safe');
  expect(of(second, 'hsm')).toMatchObject({ state: 'green', confirmation: { note: 'Nitrokey in the safe' } });
  const { stdout } = await runBuilt(['checklist', 'lab', '--vault', at('v.fieldkey')]);
  expect(stdout).toMatch(/^RED +There is a backup that can be restored +\[MQTT 11\]\n +RED +this vault was never backed up$/m);
  expect(stdout).toMatch(/^green +The keys of the authorities lie in hardware/m);
  expect(of(await run('checklist', 'lab', '--withdraw', 'hsm', '--note', 'lost'), 'hsm')).toMatchObject({ state: 'unknown' });
});
