import { useSyncExternalStore } from 'react';
import type { EventPayload } from '../../../../shared/contract.ts';
import type { ErrorReport } from '../../../../shared/errors.ts';
import { type LogLimits, type LogReport, standardLogLimits } from '../../../../shared/model/broker-log.ts';
import { call, reportOf } from '../../bridge/client.ts';

/** Milliseconds, the end exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The log that is open. It outlives the page, so that one can look at a device and come back; not the vault's lock. */
export interface LogState {
  readonly reading: boolean;
  readonly watching: boolean;
  readonly files: readonly string[];
  readonly span: Span | null;
  /** The time line of the whole log, to come back to. */
  readonly limits: LogLimits;
  /** A person has changed the limits: the project's settings do not fill them any more. */
  readonly limitsTouched: boolean;
  /** Bytes of the disk. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly report: LogReport | null;
  readonly error: ErrorReport | null;
  /** Why a watched file cannot be read now. */
  readonly trouble: string | null;
}

const empty: LogState = {
  reading: false,
  watching: false,
  files: [],
  span: null,
  limits: standardLogLimits,
  limitsTouched: false,
  progress: null,
  report: null,
  error: null,
  trouble: null,
};

let state = empty;
let jobId = '';
let listening = false;
const listeners = new Set<() => void>();

function change(part: Partial<LogState>): void {
  state = { ...state, ...part };
  for (const each of listeners) each();
}

function listen(): void {
  if (listening) return;
  listening = true;
  window.fieldkey.on('log.progress', (payload) => {
    const { jobId: of, ...progress } = payload as EventPayload<'log.progress'>;
    if (of === jobId) change({ progress });
  });
  window.fieldkey.on('log.changed', (payload) => {
    const { jobId: of, report } = payload as EventPayload<'log.changed'>;
    if (of === jobId) change({ report, trouble: null });
  });
  window.fieldkey.on('log.trouble', (payload) => {
    const { jobId: of, reason } = payload as EventPayload<'log.trouble'>;
    if (of === jobId) change({ trouble: reason });
  });
  // names of devices stand in it
  window.fieldkey.on('vault.changed', (payload) => {
    if ((payload as EventPayload<'vault.changed'>).state !== 'unlocked') void closeLog();
  });
}

async function begin(part: Partial<LogState>, work: (id: string) => Promise<LogReport>): Promise<void> {
  listen();
  const id = crypto.randomUUID();
  const before = state;
  jobId = id;
  change({ ...part, reading: true, progress: null, error: null, trouble: null });
  try {
    const report = await work(id);
    if (id === jobId) change({ reading: false, report, files: report.files });
  } catch (cause) {
    // another log was asked for meanwhile: that one says how it goes
    if (id !== jobId) return;
    const error = reportOf(cause);
    if (error.code !== 'JOB_CANCELLED') change({ reading: false, error, watching: false });
    // what was shown before is gone from its thread, so nothing is shown rather than something that cannot be asked
    else change({ ...empty, limits: before.limits, limitsTouched: before.limitsTouched });
  }
}

/** Reads these files from beginning to end. */
export function openLog(files: readonly string[]): Promise<void> {
  const { limits } = state;
  return begin({ files, span: null, watching: false, report: null }, (id) =>
    call('log.read', { jobId: id, files: [...files], limits: plain(limits), span: null }),
  );
}

/** Reads the same files again, only a part of them; null = all. What is shown stays until then. */
export function showSpan(span: Span | null): Promise<void> {
  const { files, limits } = state;
  return begin({ span, watching: false }, (id) =>
    call('log.read', { jobId: id, files: [...files], limits: plain(limits), span }),
  );
}

/** Follows the one file that is open, or stops doing so. */
export function watchLog(on: boolean): Promise<void> {
  const { files, limits } = state;
  const file = files.at(-1);
  if (file === undefined) return Promise.resolve();
  if (!on) return showSpan(null);
  return begin({ span: null, watching: true }, (id) => call('log.watch', { jobId: id, file, limits: plain(limits) }));
}

export async function cancelReading(): Promise<void> {
  await call('log.cancel', { jobId }).catch(() => undefined);
}

export async function closeLog(): Promise<void> {
  jobId = '';
  change({ ...empty, limits: state.limits, limitsTouched: state.limitsTouched });
  await call('log.close').catch(() => undefined);
}

/** Judges what was read by other limits. `touched`: a person said so. */
export async function changeLimits(limits: LogLimits, touched: boolean): Promise<void> {
  change({ limits, limitsTouched: state.limitsTouched || touched });
  if (state.report === null || state.reading) return;
  const id = jobId;
  const report = await call('log.judge', { limits: plain(limits) }).catch(() => null);
  if (report && id === jobId && state.limits === limits) change({ report });
}

function plain({ failuresPerMinute, networks }: LogLimits) {
  return { failuresPerMinute, networks: [...networks] };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLog(): LogState {
  return useSyncExternalStore(subscribe, () => state);
}
