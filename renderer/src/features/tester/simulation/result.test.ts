import { expect, it } from 'vitest';
import type { SimulationReport } from '../../../../../shared/model/simulation.ts';
import { ratesOf, resultCsv, resultJson } from './result.ts';

const report: SimulationReport = {
  projectId: 1,
  host: 'broker',
  port: 8883,
  interval: 5,
  ramp: 10,
  qos: 1,
  state: {
    runId: 'a-simulation',
    phase: 'ended',
    end: 'stopped',
    startedAt: Date.UTC(2026, 10, 22, 11),
    endedAt: Date.UTC(2026, 10, 22, 12),
    planned: 2,
    keysEnded: false,
    connecting: 0,
    connected: 0,
    peak: 2,
    refused: 0,
    lost: 0,
    causes: [],
    sent: 12,
    acknowledged: 11,
    failed: 0,
    reasonCode: null,
    skipped: 0,
    rate: 0,
    roundTrip: null,
    samples: [
      { at: 0, connected: 0, sent: 0, acknowledged: 0, received: 0 },
      { at: 1_000, connected: 2, sent: 4, acknowledged: 3, received: 3 },
      { at: 3_000, connected: 2, sent: 12, acknowledged: 11, received: 10 },
    ],
  },
};

it('writes the figures over time, and the whole result', () => {
  expect(resultCsv(report)).toBe(
    'seconds,connected,sent,acknowledged,received\r\n0.0,0,0,0,0\r\n1.0,2,4,3,3\r\n3.0,2,12,11,10\r\n',
  );
  const { state, ...rest } = JSON.parse(resultJson(report)) as SimulationReport;
  expect(rest).toEqual({ projectId: 1, host: 'broker', port: 8883, interval: 5, ramp: 10, qos: 1 });
  expect(state).toMatchObject({ startedAt: '2026-11-22T11:00:00.000Z', endedAt: '2026-11-22T12:00:00.000Z', sent: 12 });
  expect(ratesOf(report.state)).toEqual([0, 4, 4]);
});
