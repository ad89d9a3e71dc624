import { expect, test } from 'vitest';
import { type DoctorReport, doctorSteps } from '../../../../shared/model/doctor.ts';
import { choiceProblem } from './choice.ts';
import { choiceOf, keptRun } from './kept-run.ts';

const report = (identity: Partial<DoctorReport['identity']>, checkedFor = '10.0.1.6') =>
  ({
    version: 1,
    startedAt: 1_000,
    finishedAt: 2_000,
    place: { host: '10.0.1.6', port: 8884, transport: 'wss' },
    identity: { kind: 'observer', id: '', deviceId: null, connection: null, serial: null, fingerprint: null, ...identity },
    quick: true,
    steps: doctorSteps.map((step) => ({
      step,
      outcome: 'passed',
      findings: [],
      evidence: step === 'tls' ? { name: checkedFor } : null,
    })),
    verdict: { outcome: 'healthy', step: null, cause: null },
  }) as unknown as DoctorReport;

test('what was checked can be checked again, but for what is not kept', () => {
  const place = { host: '10.0.1.6', port: '8884', transport: 'wss', serverName: '', quick: true };
  expect(choiceOf(report({}))).toMatchObject({ kind: 'observer', device: null, own: null, ...place });
  expect(choiceOf(report({}, 'inner.lab'))).toMatchObject({ ...place, serverName: 'inner.lab' });
  expect(choiceOf(report({ kind: 'device', id: 'meter-001', deviceId: 3 }))).toMatchObject({
    kind: 'device',
    device: { deviceId: 3, id: 'meter-001' },
  });
  const connection = { connectionId: 7, name: 'shore' };
  expect(choiceOf(report({ kind: 'own', id: 'meter-001', deviceId: 3, connection }))).toMatchObject({
    device: null,
    own: { connectionId: 7, name: 'shore', device: { deviceId: 3, id: 'meter-001' } },
  });
  expect(choiceProblem(choiceOf(report({ kind: 'files', id: 'pump' })))).toBe('certificate');
  expect(choiceOf(report({ kind: 'password', id: 'pump' }))).toMatchObject({ username: 'pump', password: '' });
});

test('is shown as one that is over', () => {
  const run = keptRun(report({}), 1);
  expect(run).toMatchObject({ state: 'done', kept: true, at: null, error: null, startedAt: 1_000 });
  expect(Object.keys(run.steps)).toEqual([...doctorSteps]);
});
