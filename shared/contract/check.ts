import { z } from 'zod';
import { checkImportModes, checkLimits, checkOutcomes, checkParties, checkReasons, checkReportFormats } from '../model/check.ts';
import { checkSchema } from '../rules/check.ts';
import { jobId, nothing, roleName, rowId, time } from './schemas.ts';
import { connectionFailure } from './tester.ts';

const checkIds = z.array(rowId).max(checkLimits.checks);

/** See shared/model/check.ts. */
const result = z.strictObject({
  check: z.number().int(),
  device: z.string().nullable(),
  outcome: z.enum(checkOutcomes),
  reason: z.enum(checkReasons).nullable(),
  at: time,
  roundTrip: z.number().nullable(),
  code: z.number().nullable(),
  got: z.strictObject({ topic: z.string(), base64: z.string(), size: z.number() }).nullable(),
  others: z.number(),
  who: z.enum(checkParties).nullable(),
  failure: connectionFailure.nullable(),
});

const report = z.strictObject({
  version: z.literal(1),
  project: z.string(),
  operator: z.string(),
  host: z.string(),
  port: z.number(),
  startedAt: time,
  finishedAt: time,
  cancelled: z.boolean(),
  checks: z.array(checkSchema).readonly(),
  devices: z.array(z.string()).readonly(),
  results: z.array(result).readonly(),
});

const file = z.strictObject({ name: z.string(), text: z.string() });

/** "Publish X, expect Y on topic Z within N ms": kept by a project, run for devices. */
export const checkCalls = {
  /** In the order in which they are run. */
  'check.list': {
    input: z.strictObject({ projectId: rowId }),
    output: z.array(z.strictObject({ checkId: rowId, check: checkSchema })),
  },
  /** A new one (`checkId` null; it becomes the last), or a changed one. A name that another one has is refused: `check-name` at `check.name`. */
  'check.save': {
    input: z.strictObject({ projectId: rowId, checkId: rowId.nullable(), check: checkSchema }),
    output: z.strictObject({ checkId: rowId }),
  },
  'check.remove': { input: z.strictObject({ projectId: rowId, checkId: rowId }), output: nothing },
  /** In this order from now on; those that are not named follow as they were. */
  'check.order': { input: z.strictObject({ projectId: rowId, checkIds }), output: nothing },
  /** For a file, in their order; null = all of the project. */
  'check.export': { input: z.strictObject({ projectId: rowId, checkIds: checkIds.nullable() }), output: file },
  /**
   * Takes the checks of such a file, all or (INPUT_INVALID with `checks[2].expect.topic`, FILE_MALFORMED) none. Gives their names:
   * `skipped` or `replaced` are those whose names were taken.
   */
  'check.import': {
    input: z.strictObject({ projectId: rowId, text: z.string().max(20_000_000), existing: z.enum(checkImportModes) }),
    output: z.strictObject({ added: z.array(z.string()), replaced: z.array(z.string()), skipped: z.array(z.string()) }),
  },
  /**
   * Runs them (`checkIds` null = all that are enabled) for the devices, and answers when all is done; what happens meanwhile comes as
   * `check.progress`. The result is kept in place of the last one. Refused without `takeoverAccepted` where a check takes the place
   * of devices (rules/check-scope.ts, `takesOver`): each real one is thrown off the broker meanwhile.
   */
  'check.run': {
    input: z.strictObject({
      runId: jobId,
      projectId: rowId,
      host: z.string().min(1).max(253),
      port: z.number().int().min(1).max(65_535),
      checkIds: checkIds.nullable(),
      devices: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('all'), role: roleName.optional() }),
        z.strictObject({ kind: z.literal('some'), deviceIds: z.array(rowId).max(checkLimits.executions) }),
      ]),
      takeoverAccepted: z.boolean(),
    }),
    output: report,
  },
  /** `check.run` then answers soon: what was not done by then is `untried`, `cancelled`. */
  'check.cancel': { input: z.strictObject({ runId: jobId }), output: nothing },
  /** What came of the last run; null = there was none. */
  'check.latest': { input: z.strictObject({ projectId: rowId }), output: report.nullable() },
  /** The same for a file of other programs; null = there was none. */
  'check.report': {
    input: z.strictObject({ projectId: rowId, format: z.enum(checkReportFormats) }),
    output: file.nullable(),
  },
} as const;

export const checkEvents = {
  /** At most four a second. `results`: those that are new since the event before. */
  'check.progress': z.strictObject({
    runId: jobId,
    done: z.number(),
    total: z.number(),
    results: z.array(result).readonly(),
  }),
} as const;
