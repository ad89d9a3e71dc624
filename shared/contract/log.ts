import { z } from 'zod';
import type { LogReport } from '../model/broker-log.ts';
import { checkNetwork } from '../rules/network.ts';
import { jobId, nothing, rowId, time } from './schemas.ts';

const path = z.string().min(1).max(4096);
const limits = z.strictObject({
  failuresPerMinute: z.number().int().min(1).max(100_000),
  networks: z.array(z.string().refine((text) => checkNetwork(text).length === 0)).max(200),
});
/** From `from` (inclusive) to `to` (exclusive). */
const span = z.strictObject({ from: time, to: time });
/** Numbers, and names as they stand in the log; the window sends nothing of it back. */
const report = z.custom<LogReport>();

/** The log of a broker: read once, or watched. One at a time; a thread of its own reads it. */
export const logCalls = {
  'log.choose': { input: nothing, output: z.strictObject({ files: z.array(path) }).nullable() },
  /** Reads files, plain or .gz. `span` null = all of them. Reports `log.progress` with bytes of the disk. */
  'log.read': {
    input: z.strictObject({ jobId, files: z.array(path).min(1).max(200), limits, span: span.nullable() }),
    output: report,
  },
  /** Reads what is there and follows what is added: `log.changed` tells of it, at most once a second. */
  'log.watch': { input: z.strictObject({ jobId, file: path, limits }), output: report },
  /** What was read last, judged by other limits. Null when nothing was. */
  'log.judge': { input: z.strictObject({ limits }), output: report.nullable() },
  /** Lines of these files that have `text` in them, and what belongs to them; the first few hundred. */
  'log.lines': {
    input: z.strictObject({ files: z.array(path).min(1).max(200), text: z.string().min(1).max(300), span: span.nullable() }),
    output: z.strictObject({ lines: z.array(z.strictObject({ at: time.nullable(), text: z.string() })), more: z.boolean() }),
  },
  'log.cancel': { input: z.strictObject({ jobId }), output: z.strictObject({}) },
  /** Ends watching and forgets what was read. */
  'log.close': { input: nothing, output: z.strictObject({}) },
  /** Which of these names (client identifiers, user names) are devices of the project. */
  'log.devices': {
    input: z.strictObject({ projectId: rowId, names: z.array(z.string().max(300)).max(1_000) }),
    output: z.array(z.strictObject({ name: z.string(), deviceId: rowId })),
  },
} as const;

export const logEvents = {
  'log.progress': z.strictObject({ jobId: z.string(), done: z.number(), total: z.number() }),
  'log.changed': z.strictObject({ jobId: z.string(), report }),
  /** The watched file cannot be read at the moment; `reason` is the system's. */
  'log.trouble': z.strictObject({ jobId: z.string(), reason: z.string() }),
} as const;
