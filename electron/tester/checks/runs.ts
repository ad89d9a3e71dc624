import type { CheckResult } from '../../../shared/model/check.ts';
import type { TesterCalls } from '../channel.ts';
import type { Timing } from '../timing.ts';
import { CheckRun } from './run.ts';

type Calls = 'startChecks' | 'checkDevices' | 'endChecks';
type Handlers = { readonly [N in Calls]: (input: TesterCalls[N]['input']) => Promise<TesterCalls[N]['output']> };

/** Runs of checks by the id that whoever asks has chosen. Devices of a run that is not there (any more) are not touched. */
export function checkRuns(timing: Timing, onResult: (runId: string, result: CheckResult) => void): Handlers {
  const runs = new Map<string, CheckRun>();
  return {
    startChecks: async (order) => {
      const { runId } = order;
      const run = new CheckRun(order, timing, (result) => onResult(runId, result));
      runs.set(runId, run);
      await run.alone();
      return undefined;
    },
    checkDevices: async ({ runId, members }) => {
      const run = runs.get(runId);
      if (run) await run.devices(members);
      for (const { identity } of members) identity?.key.fill(0);
      return undefined;
    },
    endChecks: async ({ runId, cancel }) => {
      const run = runs.get(runId);
      runs.delete(runId);
      await (cancel ? run?.cancel() : run?.end());
      return undefined;
    },
  };
}
