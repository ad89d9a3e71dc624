import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Check, type CheckReport, newCheck } from '../../shared/model/check.ts';
import { type Lab, openLab } from '../tester/testing/lab.ts';
import { runBuilt } from './testing/run-built.ts';

/** A project and the broker of its kit, running; the built command line has the vault. */
let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
  lab.vault.close();
});
afterAll(() => lab?.close());

const file = (name: string) => join(lab.folder, name);
const check = (action: string, ...more: string[]) => runBuilt(['check', action, 'lab', ...more, '--vault', file('v.fieldkey')]);
const checking = (...more: string[]) => check('run', ...more, '--host', 'localhost', '--yes-take-over');

const reading: Check = { ...newCheck, name: 'Reading' };
const foreign: Check = {
  ...newCheck,
  name: 'Foreign topic',
  publish: { ...newCheck.publish, topic: '{project}/energy/other', answer: 135 },
  expect: { ...newCheck.expect, topic: '{project}/energy/other', arrives: false, within: 100 },
};
const refused: Check = { ...foreign, name: 'Refused', enabled: false, publish: { ...foreign.publish, answer: 'accepted' } };

it('takes checks of a file, lists them, runs them, and ends with 8 when one failed', async () => {
  const document = { format: 'fieldkey-checks', version: 1, checks: [reading, foreign, refused] };
  await writeFile(file('checks.json'), JSON.stringify(document));
  expect(await check('import', file('checks.json'))).toEqual({
    status: 0,
    stdout: 'added: Reading\nadded: Foreign topic\nadded: Refused\n',
    stderr: '',
  });
  const { stdout: listed } = await check('list');
  expect(listed.split('\n')[2]).toBe(
    'Refused (off): device publishes to {project}/energy/other; observer receives nothing on {project}/energy/other within 100 ms',
  );
  const { stdout: exported } = await check('export');
  expect(JSON.parse(exported)).toEqual(document);

  const some = await checking(
    '--all',
    '--only',
    'reading',
    'Foreign topic',
    '--junit',
    file('junit.xml'),
    '--out',
    file('results.json'),
  );
  expect(some.status, some.stdout + some.stderr).toBe(8);
  const lines = some.stdout.split('\n');
  // the dashboard of the project publishes nothing
  expect(lines[0]).toBe('FAILED   dash-1, Reading: the broker refused the message: reason code 135');
  expect(lines[1]).toBe('passed   dash-1, Foreign topic: nothing arrived, as it should be');
  expect(lines[2]).toMatch(/^passed {3}meter-001, Reading: arrived after [\d.]+ ms$/);
  expect(lines[6]).toBe('6 checks: 5 passed, 1 failed, 0 could not be run');
  expect((await readFile(file('junit.xml'), 'utf8')).match(/<testcase/g)).toHaveLength(6);
  const kept = JSON.parse(await readFile(file('results.json'), 'utf8')) as CheckReport;
  expect(kept).toMatchObject({ version: 1, devices: ['dash-1', 'meter-001', 'meter-002'], cancelled: false });

  const meters = await checking('--role', 'device', '--json');
  expect(meters, meters.stdout).toMatchObject({ status: 0 });
  expect(JSON.parse(meters.stdout)).toMatchObject({ report: { devices: ['meter-001', 'meter-002'] } });
  expect(await checking('--role', 'nobody')).toMatchObject({ status: 2 });

  const passed = await checking('--device', 'meter-001', 'meter-002', '--json');
  expect(passed).toMatchObject({ status: 0, stderr: '' });
  const { report } = JSON.parse(passed.stdout) as { report: CheckReport };
  expect(report.results.map(({ device, check: at, outcome }) => `${device} ${at} ${outcome}`)).toEqual([
    'meter-001 0 passed',
    'meter-001 1 passed',
    'meter-002 0 passed',
    'meter-002 1 passed',
  ]);
});

it('refuses to throw devices out unasked, names what is missing or wrong, and ends with 6 when it is interrupted', async () => {
  const unasked = await check('run', '--all');
  expect(unasked.status).toBe(2);
  expect(unasked.stderr).toContain('yes-take-over');
  expect(await checking('--only', 'Nothing')).toMatchObject({ status: 2, stderr: expect.stringContaining('Nothing') });
  const wrong = { ...reading, publish: { ...reading.publish, topic: 'a/#' } };
  await writeFile(file('wrong.json'), JSON.stringify({ format: 'fieldkey-checks', version: 1, checks: [wrong] }));
  const refusedFile = await check('import', file('wrong.json'));
  expect(refusedFile.status).toBe(2);
  expect(refusedFile.stderr).toContain('checks[0].publish.topic');

  const slow = { ...foreign, name: 'Slow', expect: { ...foreign.expect, within: 60_000 } };
  await writeFile(file('slow.json'), JSON.stringify({ format: 'fieldkey-checks', version: 1, checks: [slow] }));
  const joined = async () => (await lab.broker.log()).split(' as meter-001 (').length;
  const before = await joined();
  const interrupted = await runBuilt(
    [
      'check',
      'run',
      'lab',
      '--device',
      'meter-001',
      '--file',
      file('slow.json'),
      '--host',
      'localhost',
      '--yes-take-over',
      '--vault',
      file('v.fieldkey'),
    ],
    {
      started: (child) => {
        const poll = setInterval(async () => {
          if ((await joined()) === before) return;
          clearInterval(poll);
          child.kill('SIGINT');
        }, 20);
        child.once('exit', () => clearInterval(poll));
      },
    },
  );
  expect(interrupted.status, interrupted.stderr).toBe(6);
  expect(interrupted.stdout).toContain(
    'not run  meter-001, Slow: cancelled before\n1 checks: 0 passed, 0 failed, 1 could not be run; cancelled',
  );
});
