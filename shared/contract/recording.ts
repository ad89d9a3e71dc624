import { z } from 'zod';
import type { RecordedMessages, Recording, RecordingMark, RecordingState } from '../model/recording.ts';
import { recordingFormats, replaySpeeds } from '../model/recording.ts';
import { jobId, nothing, rowId, time } from './schemas.ts';

const connectionId = z.string().min(8).max(64);
const recordingId = z.uuid();
const searchId = z.number().int().nullable();

const query = z.strictObject({
  topic: z.string().max(65_535),
  text: z.string().max(10_000),
  from: time.nullable(),
  to: time.nullable(),
  direction: z.enum(['in', 'out']).nullable(),
});

const budget = z.strictObject({
  bytes: z.number().int().min(1_000_000).nullable(),
  days: z.number().int().min(1).max(36_500).nullable(),
});

// what answers was made by the tester's process of what it received; nothing of it is sent back
const recording = z.custom<Recording>();
const state = z.custom<RecordingState>();
const marks = z.custom<RecordingMark[]>();
const messages = z.custom<RecordedMessages>();

/**
 * Recordings of connections: sealed files beside the vault. Refused while the vault is locked; locking ends what is being recorded
 * or replayed.
 */
export const recordingCalls = {
  /** The recordings of a project, the latest first. */
  'recording.list': {
    input: z.strictObject({ projectId: rowId }),
    output: z.strictObject({
      recordings: z.array(recording),
      folder: z.string(),
      budget,
      removed: z.strictObject({ messages: z.number(), recordings: z.number(), at: time }),
    }),
  },
  /** What is being recorded, for a page that was loaded again. */
  'recording.live': { input: nothing, output: z.array(state) },
  /** Stores what this connection receives and publishes from now on. */
  'recording.start': { input: z.strictObject({ connectionId }), output: state },
  'recording.stop': { input: z.strictObject({ connectionId }), output: nothing },
  'recording.rename': { input: z.strictObject({ recordingId, name: z.string().trim().max(200) }), output: nothing },
  'recording.delete': { input: z.strictObject({ recordingId }), output: nothing },
  'recording.budget': { input: z.strictObject({ projectId: rowId, budget }), output: nothing },
  'recording.show': {
    input: z.strictObject({ recordingId }),
    /** `firstAt`, `lastAt`: of its messages; null without any. */
    output: z.strictObject({ recording, marks, firstAt: time.nullable(), lastAt: time.nullable() }),
  },
  /** Begins to look (`searchId` null), or goes on: a tenth of a second each time, until `done`. */
  'recording.search': {
    input: z.strictObject({ recordingId, query, searchId }),
    output: z.strictObject({
      searchId: z.number(),
      found: z.number(),
      done: z.boolean(),
      looked: z.number(),
      total: z.number(),
      unreadable: z.number(),
    }),
  },
  /** Messages from a place of what the search has found, or of the whole recording (`searchId` null). */
  'recording.messages': {
    input: z.strictObject({ recordingId, searchId, from: z.number().int().min(0), count: z.number().int().min(1).max(1_000) }),
    output: messages,
  },
  /** Asks for the file of an export; null = the person thought better of it. */
  'recording.choose': {
    input: z.strictObject({ name: z.string().max(200), format: z.enum(recordingFormats) }),
    output: z.strictObject({ file: z.string() }).nullable(),
  },
  /** Writes the file that was chosen last. */
  'recording.export': {
    input: z.strictObject({ jobId, recordingId, query, format: z.enum(recordingFormats), file: z.string() }),
    /** `unreadable`: messages that are not what was recorded, and are left out. */
    output: z.strictObject({ file: z.string(), messages: z.number(), unreadable: z.number() }),
  },
  /** Publishes what was recorded, on a connection that is open. */
  'recording.replay': {
    input: z.strictObject({
      jobId,
      recordingId,
      query,
      connectionId,
      speed: z.literal(replaySpeeds),
      prefix: z.string().max(1_000),
      retain: z.boolean(),
    }),
    output: z.strictObject({
      published: z.number(),
      refused: z.array(z.strictObject({ reasonCode: z.number(), count: z.number() })),
      unreadable: z.number(),
    }),
  },
} as const;

export const recordingEvents = {
  /** At most two a second for each connection that is recorded. */
  'recording.changed': state,
} as const;
