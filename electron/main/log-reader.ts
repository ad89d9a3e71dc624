import type { CallName } from '../../shared/bridge.ts';
import type { CallOutput, EventPayload, ParsedInput } from '../../shared/contract.ts';
import { FieldkeyError } from '../../shared/errors.ts';
import { type LogLimits, type LogReport, standardLogLimits } from '../../shared/model/broker-log.ts';
import type { LogAnalysis } from '../broker/log/analysis.ts';
import { findLines } from '../broker/log/find-lines.ts';
import { readLogs } from '../broker/log/read.ts';
import { reportOf } from '../broker/log/report.ts';
import { type LogWatch, watchLog } from '../broker/log/watch.ts';

/** What the log's thread answers: the contract's calls, without those that need a dialog or the vault. */
export type LogCallName = Exclude<Extract<CallName, `log.${string}`>, 'log.choose' | 'log.devices'>;
export type LogHandlers = {
  readonly [N in LogCallName]: (input: ParsedInput<N>) => CallOutput<N> | Promise<CallOutput<N>>;
};
export type LogEventName = 'log.progress' | 'log.changed' | 'log.trouble';
export type TellLogEvent = <N extends LogEventName>(name: N, payload: EventPayload<N>) => void;

/** How often a page is told of a log that grows, and of progress, ms. */
const changePace = 1_000;
const progressPace = 100;

/** Reads and watches one log at a time. The one that was asked for last wins: it ends what was under way. */
export function createLogReader(tell: TellLogEvent): LogHandlers {
  let limits: LogLimits = standardLogLimits;
  let held: { analysis: LogAnalysis; files: readonly string[]; bytes: () => number } | null = null;
  let watch: LogWatch | null = null;
  let running: { jobId: string; stop: AbortController } | null = null;
  let pending: NodeJS.Timeout | null = null;

  const report = (): LogReport | null => held && reportOf(held.analysis, limits, { files: held.files, bytes: held.bytes() });
  const end = async (): Promise<void> => {
    running?.stop.abort();
    running = null;
    if (pending) clearTimeout(pending);
    pending = null;
    const ending = watch;
    watch = null;
    held = null;
    await ending?.stop();
  };
  /** A job that was overtaken by another one ends as cancelled and leaves nothing. */
  const job = async (jobId: string, work: (stop: AbortController) => Promise<void>): Promise<LogReport> => {
    const ending = end();
    // at once: a third one that comes meanwhile has to find this one
    const stop = new AbortController();
    running = { jobId, stop };
    await ending;
    await work(stop);
    const found = report();
    if (stop.signal.aborted || !found) throw new FieldkeyError('JOB_CANCELLED', { done: 0, total: 0 });
    return found;
  };
  const telling = (jobId: string) => {
    let last = 0;
    return (done: number, total: number) => {
      const now = Date.now();
      if (now - last < progressPace) return;
      last = now;
      tell('log.progress', { jobId, done, total });
    };
  };

  return {
    'log.read': (input) =>
      job(input.jobId, async ({ signal }) => {
        limits = input.limits;
        const told = telling(input.jobId);
        const read = await readLogs(input.files, input.span ?? {}, {
          signal,
          onProgress: ({ done, total }) => told(done, total),
        });
        if (!signal.aborted) held = { analysis: read.analysis, files: read.files, bytes: () => read.bytes };
      }),
    'log.watch': ({ jobId, file, limits: wanted }) =>
      job(jobId, async ({ signal }) => {
        limits = wanted;
        const news = () => {
          pending ??= setTimeout(() => {
            pending = null;
            const found = report();
            if (found && !signal.aborted) tell('log.changed', { jobId, report: found });
          }, changePace);
        };
        const made = await watchLog(
          file,
          {
            onNews: news,
            onTrouble: ({ params }) => tell('log.trouble', { jobId, reason: String(params.reason) }),
            onProgress: telling(jobId),
          },
          signal,
        );
        if (signal.aborted) return made.stop();
        watch = made;
        held = { analysis: made.analysis, files: [file], bytes: () => made.bytes };
      }),
    'log.judge': ({ limits: wanted }) => {
      limits = wanted;
      return report();
    },
    'log.lines': ({ files, text, span }) => findLines(files, text, span),
    'log.cancel': async ({ jobId }) => {
      if (running?.jobId === jobId) await end();
      return {};
    },
    'log.close': async () => {
      await end();
      return {};
    },
  };
}
