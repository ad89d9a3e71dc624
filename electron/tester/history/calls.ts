import type { ErrorReport } from '../../../shared/errors.ts';
import type {
  RecordedBy,
  RecordedMessages,
  Recording,
  RecordingBudget,
  RecordingEnd,
  RecordingFormat,
  RecordingMark,
  RecordingQuery,
  RecordingRemovals,
  RecordingState,
  ReplayResult,
  ReplaySpeed,
} from '../../../shared/model/recording.ts';

/** What the recordings can be asked, wherever they are hosted. */
export interface HistoryCalls {
  /** Which folder, and the key of its recordings. The key is wiped by whoever gets it. */
  open: { input: { folder: string; key: Uint8Array }; output: undefined };
  /** Ends what goes on and forgets the key. */
  close: { input: { ended: RecordingEnd }; output: undefined };
  /** Forgets the key; what goes on keeps its own and goes on. Nothing can be read until `open` comes with the key again. */
  lock: { input: undefined; output: undefined };
  live: { input: undefined; output: RecordingState[] };
  list: { input: { projectId: number }; output: RecordingList };
  start: { input: RecordingOrder; output: RecordingState };
  /** Gives null when nothing was recorded there. */
  stop: { input: { connectionId: string; ended: RecordingEnd }; output: RecordingState | null };
  rename: { input: { recordingId: string; name: string }; output: undefined };
  remove: { input: { recordingId: string }; output: undefined };
  budget: { input: { projectId: number; budget: RecordingBudget }; output: undefined };
  /** Begins to look (`searchId` null) or goes on; answers after a tenth of a second at most with what there is. */
  search: { input: { recordingId: string; query: RecordingQuery; searchId: number | null }; output: SearchProgress };
  /** Messages from a place of what a search found, or of the recording (`searchId` null). */
  messages: {
    input: { recordingId: string; searchId: number | null; from: number; count: number };
    output: RecordedMessages;
  };
  show: {
    input: { recordingId: string };
    output: { recording: Recording; marks: RecordingMark[]; firstAt: number | null; lastAt: number | null };
  };
  export: {
    input: { jobId: string; recordingId: string; query: RecordingQuery; format: RecordingFormat; file: string };
    output: WrittenRecording;
  };
  replay: { input: ReplayOrder; output: ReplayResult };
  /** Ends an export or a replay. Gives false when there is none of this id. */
  cancel: { input: { jobId: string }; output: boolean };
}
export type HistoryCall = keyof HistoryCalls;

export interface RecordingOrder {
  readonly connectionId: string;
  readonly projectId: number;
  readonly by: RecordedBy;
  readonly host: string;
  readonly port: number;
}

/** What an export wrote; `unreadable` messages are not what was recorded, and were left out. */
export interface WrittenRecording {
  readonly file: string;
  readonly messages: number;
  readonly unreadable: number;
}

export interface RecordingList {
  recordings: Recording[];
  folder: string;
  budget: RecordingBudget;
  removed: RecordingRemovals;
}

export interface SearchProgress {
  readonly searchId: number;
  readonly found: number;
  readonly done: boolean;
  /** Messages that were looked at, of so many. */
  readonly looked: number;
  readonly total: number;
  /** Messages that are not what was written. */
  readonly unreadable: number;
}

export interface ReplayOrder {
  readonly jobId: string;
  readonly recordingId: string;
  readonly query: RecordingQuery;
  readonly connectionId: string;
  readonly speed: ReplaySpeed;
  /** Put before each topic as it is, so with its slash. */
  readonly prefix: string;
  /** Publishes with the retain flag where the recorded message had it. */
  readonly retain: boolean;
}

/** To the thread that has the files: a call, or messages to store. */
export type ToHistory =
  | { readonly kind: 'call'; readonly id: number; readonly call: HistoryCall; readonly input: unknown }
  | {
      readonly kind: 'append';
      readonly connectionId: string;
      /** Null: nothing but `missed` to tell. */
      readonly block: { readonly head: Uint8Array; readonly body: Uint8Array } | null;
      /** Messages that were not taken because too much was waiting. */
      readonly missed: number;
    }
  | { readonly kind: 'mark'; readonly connectionId: string; readonly mark: RecordingMark };

export type FromHistory =
  | { readonly kind: 'answer'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly ok: false; readonly error: ErrorReport }
  /** An `append` is done, of so many bytes. */
  | { readonly kind: 'appended'; readonly connectionId: string; readonly bytes: number }
  | { readonly kind: 'state'; readonly state: RecordingState }
  | { readonly kind: 'progress'; readonly jobId: string; readonly done: number; readonly total: number };
