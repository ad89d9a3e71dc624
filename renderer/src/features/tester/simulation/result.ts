import type { SimulationReport } from '../../../../../shared/model/simulation.ts';

/** The figures over time, one line each: RFC 4180. */
export function resultCsv({ state }: SimulationReport): string {
  const lines = state.samples.map(({ at, connected, sent, acknowledged, received }) =>
    [(at / 1_000).toFixed(1), connected, sent, acknowledged, received].join(','),
  );
  return ['seconds,connected,sent,acknowledged,received', ...lines, ''].join('\r\n');
}

/** The whole result; times as ISO 8601. */
export function resultJson(report: SimulationReport): string {
  const { startedAt, endedAt } = report.state;
  const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString());
  const state = { ...report.state, startedAt: iso(startedAt), endedAt: iso(endedAt) };
  return `${JSON.stringify({ ...report, state }, null, 2)}\n`;
}

/** Messages a second between each sample and the one before. */
export function ratesOf({ samples }: SimulationReport['state']): number[] {
  return samples.map((sample, at) => {
    const before = samples[at - 1];
    return before && sample.at > before.at ? ((sample.sent - before.sent) * 1_000) / (sample.at - before.at) : 0;
  });
}
