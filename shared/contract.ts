import { z } from 'zod';
import type { CallName, EventName } from './bridge.ts';
import { auditCalls } from './contract/audit.ts';
import { authorityCalls } from './contract/authority.ts';
import { certificateCalls } from './contract/certificate.ts';
import { checkCalls, checkEvents } from './contract/check.ts';
import { checklistCalls } from './contract/checklist.ts';
import { connectionCalls } from './contract/connection.ts';
import { doctorCalls, doctorEvents } from './contract/doctor.ts';
import { exportCalls, mediaList } from './contract/export.ts';
import { intakeCalls } from './contract/intake.ts';
import { logCalls, logEvents } from './contract/log.ts';
import { passwordCalls } from './contract/password.ts';
import { localBroker, practiceCalls } from './contract/practice.ts';
import { projectCalls } from './contract/project.ts';
import { proofCalls } from './contract/proof.ts';
import { publishCalls, publishEvents } from './contract/publish.ts';
import { recordingCalls, recordingEvents } from './contract/recording.ts';
import { safetyCalls } from './contract/safety.ts';
import { vaultState } from './contract/schemas.ts';
import { settingsSchema } from './contract/settings.ts';
import { connectionState, messageBatch, testerCalls } from './contract/tester.ts';
import { vaultCalls } from './contract/vault.ts';
import type { ErrorReport } from './errors.ts';
import { jobSteps } from './model/job.ts';

/**
 * Every call and event between window and main, typed in one place (by topic in contract/). Main parses each input
 * with these schemas; its handler table is a mapped type over `calls`, so a forgotten handler does not compile.
 */
export const calls = {
  ...vaultCalls,
  ...auditCalls,
  ...projectCalls,
  ...authorityCalls,
  ...intakeCalls,
  ...certificateCalls,
  ...exportCalls,
  ...testerCalls,
  ...publishCalls,
  ...checkCalls,
  ...connectionCalls,
  ...proofCalls,
  ...doctorCalls,
  ...logCalls,
  ...checklistCalls,
  ...practiceCalls,
  ...safetyCalls,
  ...passwordCalls,
  ...recordingCalls,
} as const satisfies Record<CallName, { readonly input: z.ZodType; readonly output: z.ZodType }>;

export const events = {
  'vault.changed': vaultState,
  'settings.changed': settingsSchema,
  /** Something of the project is different: views of it are asked for again. */
  'project.changed': z.strictObject({ projectId: z.number() }),
  'job.progress': z.strictObject({ jobId: z.string(), step: z.enum(jobSteps), done: z.number(), total: z.number() }),
  /** The vault was locked while work was running; it goes on after the next unlock. */
  'job.paused': z.strictObject({ jobId: z.string() }),
  'media.changed': mediaList,
  'tester.state': connectionState,
  /** At most one each 50 ms and connection. */
  'tester.messages': messageBatch,
  /** Null = none runs. At most five a second. */
  'localBroker.changed': localBroker.nullable(),
  ...publishEvents,
  ...checkEvents,
  ...logEvents,
  ...doctorEvents,
  ...recordingEvents,
} as const satisfies Record<EventName, z.ZodType>;

export type { Settings } from './contract/settings.ts';
export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>;
export type ParsedInput<N extends CallName> = z.output<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;

/** What every call answers. Never a stack, never a raw library text as the message. */
export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorReport };
