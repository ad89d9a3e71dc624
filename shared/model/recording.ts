import type { TestMessage } from './connection.ts';
import type { PackedMessages } from './packed-messages.ts';

/** How a recording came to its end. `interrupted`: the program was killed; what had been committed is there. */
export const recordingEnds = ['stopped', 'closed', 'locked', 'full', 'failed', 'interrupted'] as const;
export type RecordingEnd = (typeof recordingEnds)[number];

/** Whose connection it was. `name`: the device, or what the connection is called; empty for the observer. */
export interface RecordedBy {
  readonly kind: 'observer' | 'device' | 'connection';
  readonly name: string;
}

/** What the list of recordings shows of one. Times are ms since 1970. */
export interface Recording {
  readonly recordingId: string;
  readonly projectId: number;
  /** As the person called it; empty = not yet. */
  readonly name: string;
  readonly by: RecordedBy;
  readonly host: string;
  readonly port: number;
  readonly startedAt: number;
  /** Null while it goes on. */
  readonly endedAt: number | null;
  readonly ended: RecordingEnd | null;
  /** What the system said when it ended as `full` or `failed`; otherwise empty. */
  readonly reason: string;
  /** Messages that are there. */
  readonly messages: number;
  /** Bytes on the disk. */
  readonly bytes: number;
  /** Messages that came faster than they could be stored: they are not there. */
  readonly missed: number;
  /** Messages that were removed because of the budget. */
  readonly removed: number;
  /** It cannot be read: another key, or a damaged file. */
  readonly unreadable: boolean;
}

/** A moment of a recording that is no message. */
export const recordingMarks = ['connected', 'lost', 'closed', 'missed', 'removed', 'stopped'] as const;
export type RecordingMarkKind = (typeof recordingMarks)[number];
export interface RecordingMark {
  readonly at: number;
  readonly kind: RecordingMarkKind;
  /** Messages, for `missed` and `removed`; otherwise 0. */
  readonly count: number;
}

/** What is looked for in a recording; empty texts and nulls leave everything in. */
export interface RecordingQuery {
  /** Part of a topic, or a filter with + and #. */
  readonly topic: string;
  /** Part of a payload, exactly as its bytes are (UTF-8); with `0x` before it, as hexadecimal. */
  readonly text: string;
  /** From this moment (inclusive) to that one (exclusive). */
  readonly from: number | null;
  readonly to: number | null;
  readonly direction: TestMessage['direction'] | null;
}

export const everything: RecordingQuery = { topic: '', text: '', from: null, to: null, direction: null };

export function isEverything({ topic, text, from, to, direction }: RecordingQuery): boolean {
  return topic.trim() === '' && text === '' && from === null && to === null && direction === null;
}

/** The state of what is being recorded on one connection. */
export interface RecordingState {
  readonly connectionId: string;
  readonly recordingId: string;
  readonly startedAt: number;
  readonly messages: number;
  readonly bytes: number;
  readonly missed: number;
  readonly removed: number;
  /** Null while it goes on. */
  readonly ended: RecordingEnd | null;
  readonly reason: string;
}

/** How much of a project is kept: bytes on the disk and days; null = no limit. The oldest goes first. */
export interface RecordingBudget {
  readonly bytes: number | null;
  readonly days: number | null;
}
export const defaultBudget: RecordingBudget = { bytes: 500_000_000, days: 30 };

/** What the budget has removed of a project so far; recordings that are gone altogether included. */
export interface RecordingRemovals {
  readonly messages: number;
  readonly recordings: number;
  /** When last; 0 = never. */
  readonly at: number;
}

export interface RecordedMessages {
  /** Rows of the list that were asked for and are there. */
  count: number;
  /** In which of these each stands, from 0, rising: what is in no row is damaged. */
  rows: number[];
  /** The place of each in the recording. */
  seqs: number[];
  /** In the same order; its own numbering says nothing. */
  packed: PackedMessages;
}

export const recordingFormats = ['ndjson', 'csv'] as const;
export type RecordingFormat = (typeof recordingFormats)[number];

/** How fast a recording is played: as it was, faster, or 0 = as fast as the broker takes it. */
export const replaySpeeds = [1, 2, 10, 0] as const;
export type ReplaySpeed = (typeof replaySpeeds)[number];

/** What a replay came to. */
export interface ReplayResult {
  readonly published: number;
  /** Refused by the broker (reason code ≥ 128), counted by the code. */
  readonly refused: readonly { readonly reasonCode: number; readonly count: number }[];
  /** Not what was recorded, and left out. */
  readonly unreadable: number;
}
