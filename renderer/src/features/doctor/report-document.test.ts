import { createInstance } from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import { type DoctorReport, type DoctorStep, type DoctorStepReport, doctorSteps } from '../../../../shared/model/doctor.ts';
import type { DoctorEvidence } from '../../../../shared/model/doctor-evidence.ts';
import type { PrintedBlock } from '../../../../shared/model/printed.ts';
import { en } from '../../locales/en.ts';
import { createFormat } from '../../locales/format.ts';
import { acceptanceDocument, reportName } from './report-document.ts';

const i18n = createInstance();
beforeAll(() =>
  i18n.init({
    lng: 'en',
    resources: { en: { translation: en } },
    contextSeparator: '~',
    interpolation: { escapeValue: false },
  }),
);

const clocks = { own: 0, broker: null, source: null, after: null, before: null };
const evidence: Partial<DoctorEvidence> = {
  loopback: {
    trips: [
      { from: 'meter-017', to: 'observer', topic: 'lab/energy/meter-017', milliseconds: 12.4, reasonCode: 0 },
      { from: 'observer', to: 'meter-017', topic: 'lab/commands/meter-017', milliseconds: null, reasonCode: 0 },
    ],
    held: 0,
  },
  negative: {
    refusals: [
      { test: 'no-certificate', seen: 'refused', cause: null, alert: 116 },
      { test: 'plain-1883', seen: 'accepted', cause: null, alert: null },
    ],
  },
};
const letIn = {
  code: 'let-in-plain' as const,
  weight: 'error' as const,
  params: { port: 1883 },
  alternatives: [],
  fixes: [],
  raw: '',
  alert: null,
  reasonCode: null,
};
const stepOf = (step: DoctorStep): DoctorStepReport =>
  ({
    step,
    outcome: step === 'negative' ? 'failed' : 'passed',
    skipped: null,
    startedAt: 0,
    milliseconds: 7,
    findings: step === 'negative' ? [letIn] : [],
    evidence: evidence[step] ?? null,
  }) as DoctorStepReport;
const report: DoctorReport = {
  version: 1,
  project: 'lab',
  operator: 'Ana',
  startedAt: Date.UTC(2026, 10, 22, 12),
  finishedAt: Date.UTC(2026, 10, 22, 12) + 2_400,
  place: { host: '10.0.1.6', port: 8883, transport: 'mqtts' },
  identity: { kind: 'device', id: 'meter-017', connection: null, deviceId: 3, serial: '4f9a', fingerprint: 'ab'.repeat(32) },
  quick: false,
  clocks,
  steps: doctorSteps.map(stepOf),
  verdict: { outcome: 'failed', step: 'negative', cause: letIn },
};
const print = (change: Partial<DoctorReport> = {}) =>
  acceptanceDocument({ ...report, ...change }, { t: i18n.t as never, format: createFormat('en-GB'), language: 'en' });
const flat = (blocks: readonly PrintedBlock[]) => JSON.stringify(blocks);

test('says who, where, with what certificate, and the result of every step', () => {
  const { title, blocks } = print();
  expect(title).toBe('Acceptance report: meter-017');
  const [facts, verdict] = blocks;
  expect(flat(facts ? [facts] : [])).toContain('"mqtts://10.0.1.6:8883"');
  expect(flat(facts ? [facts] : [])).toContain('"4f:9a"');
  expect(verdict).toMatchObject({ kind: 'verdict', good: false, title: 'Not accepted' });
  expect(flat(verdict ? [verdict] : [])).toContain('Port 1883 is open without encryption');
  const steps = blocks.find((block) => block.kind === 'table');
  expect(steps?.kind === 'table' && steps.rows).toHaveLength(doctorSteps.length);
  expect(flat(blocks)).toContain('"lab/energy/meter-017","12 ms"');
  expect(flat(blocks)).toContain('"lab/commands/meter-017","–"');
  expect(flat(blocks)).toContain('"Unencrypted, on port 1883","let in"');
});

test('is good only when nothing was wrong, and never while it was not finished', () => {
  const good = (outcome: DoctorReport['verdict']['outcome']) => {
    const block = print({ verdict: { outcome, step: null, cause: null } }).blocks[1];
    return block?.kind === 'verdict' && block.good;
  };
  expect((['healthy', 'remarks', 'failed', 'cancelled'] as const).map(good)).toEqual([true, true, false, false]);
});

test('names whoever has no name', () => {
  const named = (identity: Partial<DoctorReport['identity']>) =>
    reportName({ ...report, identity: { ...report.identity, ...identity } }, i18n.t as never);
  expect(named({ kind: 'observer', id: 'observer' })).toBe('observer');
  expect(named({ kind: 'none', id: '' })).toBe('somebody without a certificate');
});
