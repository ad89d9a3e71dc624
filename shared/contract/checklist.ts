import { z } from 'zod';
import { type CheckPoint, checkFacts, checkPointNames, checkStates, confirmablePoints } from '../model/checklist.ts';
import { rowId, time } from './schemas.ts';

const state = z.enum(checkStates);
const confirmation = z.strictObject({ at: time, operator: z.string(), note: z.string() });

const checklist = z.strictObject({
  project: z.string(),
  operator: z.string(),
  at: time,
  counts: z.record(state, z.number()),
  rows: z
    .array(
      z.strictObject({
        point: z.enum(checkPointNames as [CheckPoint, ...CheckPoint[]]),
        state,
        evidence: z
          .array(
            z.strictObject({
              fact: z.enum(checkFacts),
              state,
              at: time.nullable(),
              params: z.record(z.string(), z.union([z.string(), z.number()])),
            }),
          )
          .readonly(),
        confirmation: confirmation.nullable(),
      }),
    )
    .readonly(),
});

/** The security checklist of a project, judged from evidence. */
export const checklistCalls = {
  /** `check`: also checks the whole record, which takes seconds when it is long; otherwise only short ones are. */
  'checklist.show': { input: z.strictObject({ projectId: rowId, check: z.boolean().optional() }), output: checklist },
  /** Notes in the audit log that a person has looked; an empty `note` is refused. `withdraw`: it is not so any more. */
  'checklist.confirm': {
    input: z.strictObject({
      projectId: rowId,
      point: z.enum(confirmablePoints),
      withdraw: z.boolean(),
      note: z.string().trim().min(1).max(500),
    }),
    output: z.strictObject({ at: time }),
  },
} as const;
