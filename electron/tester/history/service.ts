import { FieldkeyError } from '../../../shared/errors.ts';
import type { TestMessage } from '../../../shared/model/connection.ts';
import { packMessages } from '../../../shared/model/packed-messages.ts';
import { isEverything, type RecordedMessages, type RecordingEnd, type RecordingState } from '../../../shared/model/recording.ts';
import type { FromHistory, HistoryCall, HistoryCalls, ToHistory } from './calls.ts';
import { writeRecording } from './export.ts';
import type { RecordingAbout, RecordingFile } from './recording-file.ts';
import { isFull, reasonOf, reportOf } from './report.ts';
import { RecordingSearch, readMessages } from './search.ts';
import { RecordingStore } from './store.ts';

/** Calls that the files answer; replays and the rest are the affair of whoever has the connections. */
type Stored = Exclude<HistoryCall, 'replay'>;
type Handlers = {
  [N in Stored]: (input: HistoryCalls[N]['input']) => HistoryCalls[N]['output'] | Promise<HistoryCalls[N]['output']>;
};

interface Live {
  readonly recording: RecordingFile;
  readonly projectId: number;
  /** The size and removals were told and looked after at this time (performance.now). */
  toldAt: number;
  checkedAt: number;
  uncheckedBytes: number;
}

/** Milliseconds that a call may search before others have their turn: recordings go on meanwhile. */
const turn = 80;
/** At most so often is told how large a recording has become. */
const tellEvery = 500;
/** The budget is looked after when so much has come, and each minute. */
const checkBytes = 16_000_000;
const checkEvery = 60_000;
/** Searches that are remembered, and marks that are shown. */
const searchesKept = 8;
const marksShown = 500;

/**
 * Everything that is done with the files of recordings, behind messages: a thread of its own hosts it, so that a slow
 * medium keeps no connection waiting. Knows the key of all recordings only between `open` and `lock` or `close`.
 */
export function serveHistory(send: (message: FromHistory) => void, now: () => number = Date.now): (message: ToHistory) => void {
  let store: RecordingStore | null = null;
  const live = new Map<string, Live>();
  const searches = new Map<number, { readonly recordingId: string; readonly search: RecordingSearch }>();
  const running = new Map<string, AbortController>();
  let nextSearch = 1;

  const opened = (): RecordingStore => {
    if (!store || store.locked) throw new FieldkeyError('VAULT_LOCKED', {});
    return store;
  };
  const stateOf = (connectionId: string, { recording }: Live, ended: RecordingEnd | null = null, reason = ''): RecordingState => {
    const { startedAt, messages, missed, removed } = recording.about;
    return {
      connectionId,
      recordingId: recording.recordingId,
      startedAt,
      messages,
      bytes: recording.bytes,
      missed,
      removed,
      ended,
      reason,
    };
  };
  const end = (connectionId: string, ended: RecordingEnd, reason = ''): RecordingState | null => {
    const one = live.get(connectionId);
    if (!one) return null;
    live.delete(connectionId);
    const state = stateOf(connectionId, one, ended, reason);
    store?.end(one.recording, ended, reason);
    send({ kind: 'state', state });
    return state;
  };
  /** Writes for a live recording; what the medium refuses ends it. */
  const write = (connectionId: string, work: (one: Live) => void): void => {
    const one = live.get(connectionId);
    if (!one) return;
    try {
      work(one);
    } catch (error) {
      end(connectionId, isFull(error) ? 'full' : 'failed', reasonOf(error));
    }
  };
  const keepBudget = (connectionId: string, one: Live, added: number) => {
    one.uncheckedBytes += added;
    const since = performance.now() - one.checkedAt;
    if (one.uncheckedBytes < checkBytes && since < checkEvery) return;
    one.uncheckedBytes = 0;
    one.checkedAt = performance.now();
    store?.enforce(one.projectId);
    send({ kind: 'state', state: stateOf(connectionId, one) });
  };
  const tell = (connectionId: string, one: Live) => {
    if (performance.now() - one.toldAt < tellEvery) return;
    one.toldAt = performance.now();
    send({ kind: 'state', state: stateOf(connectionId, one) });
  };

  const handlers: Handlers = {
    open: ({ folder, key }) => {
      const there = store?.folder === folder && (!store.locked || store.unlock(key));
      if (!there) {
        endAll('closed');
        store = new RecordingStore(folder, key, now);
      }
      key.fill(0);
      return undefined;
    },
    close: ({ ended }) => {
      endAll(ended);
      return undefined;
    },
    lock: () => {
      endReading();
      if (live.size > 0) store?.lock();
      else endAll('locked');
      return undefined;
    },
    live: () => [...live].map(([connectionId, one]) => stateOf(connectionId, one)),
    list: ({ projectId }) => {
      const open = opened();
      open.enforce(projectId);
      return { recordings: open.list(projectId), folder: open.folder, ...open.budgetOf(projectId) };
    },
    start: ({ connectionId, projectId, by, host, port }) => {
      const there = live.get(connectionId);
      if (there) return stateOf(connectionId, there);
      const open = opened();
      const one: Live = {
        recording: open.create({ projectId, by, host, port }),
        projectId,
        toldAt: 0,
        checkedAt: performance.now(),
        uncheckedBytes: 0,
      };
      live.set(connectionId, one);
      open.enforce(projectId);
      return stateOf(connectionId, one);
    },
    stop: ({ connectionId, ended }) => end(connectionId, ended),
    rename: ({ recordingId, name }) => {
      opened().rename(recordingId, name);
      return undefined;
    },
    remove: ({ recordingId }) => {
      for (const [id, each] of searches) if (each.recordingId === recordingId) searches.delete(id);
      opened().remove(recordingId);
      return undefined;
    },
    budget: ({ projectId, budget }) => {
      opened().setBudget(projectId, budget);
      opened().enforce(projectId);
      return undefined;
    },
    search: ({ recordingId, query, searchId }) => {
      const open = opened();
      const known = searchId === null ? undefined : searches.get(searchId);
      const id = known ? (searchId as number) : nextSearch++;
      // its file may have been closed meanwhile: a new one goes on from the beginning
      const search = known?.search.usable(open.get(recordingId))
        ? known.search
        : new RecordingSearch(open.get(recordingId), query);
      searches.delete(id);
      searches.set(id, { recordingId, search });
      if (searches.size > searchesKept) searches.delete(searches.keys().next().value as number);
      search.step(turn);
      const { done: looked, total } = search.searched;
      return { searchId: id, found: search.found.length, done: search.done, looked, total, unreadable: search.unreadable };
    },
    messages: ({ recordingId, searchId, from, count }) => {
      const recording = opened().get(recordingId);
      const places =
        searchId === null
          ? placesAt(recording.about, from, count)
          : (searches.get(searchId)?.search.found.slice(from, from + count) ?? []);
      return packed(recording, places);
    },
    show: ({ recordingId }) => {
      const open = opened();
      const { blocks } = open.get(recordingId);
      return {
        recording: open.describe(recordingId),
        marks: open.get(recordingId).marks(marksShown),
        firstAt: blocks.reduce<number | null>((first, { fromAt }) => Math.min(first ?? fromAt, fromAt), null),
        lastAt: blocks.reduce<number | null>((last, { toAt }) => Math.max(last ?? toAt, toAt), null),
      };
    },
    export: async ({ jobId, recordingId, query, format, file }) => {
      const abort = new AbortController();
      running.set(jobId, abort);
      try {
        const progress = (done: number, total: number) => send({ kind: 'progress', jobId, done, total });
        const order = { query: isEverything(query) ? null : query, format, file, signal: abort.signal, progress };
        return await opened().use(recordingId, (recording) => writeRecording(recording, order));
      } finally {
        running.delete(jobId);
      }
    },
    cancel: ({ jobId }) => {
      const one = running.get(jobId);
      one?.abort();
      return one !== undefined;
    },
  };

  function endAll(ended: RecordingEnd): void {
    for (const connectionId of [...live.keys()]) end(connectionId, ended);
    endReading();
    store?.close();
    store = null;
  }

  function endReading(): void {
    for (const abort of running.values()) abort.abort();
    searches.clear();
  }

  return (message) => {
    if (message.kind === 'append') {
      const { connectionId, block, missed } = message;
      const bytes = block ? block.head.byteLength + block.body.byteLength : 0;
      write(connectionId, (one) => {
        if (block) one.recording.append({ head: bufferOf(block.head), body: bufferOf(block.body) });
        if (missed > 0) one.recording.miss(missed, now());
        keepBudget(connectionId, one, bytes);
        tell(connectionId, one);
      });
      send({ kind: 'appended', connectionId, bytes });
      return;
    }
    if (message.kind === 'mark') {
      write(message.connectionId, ({ recording }) => recording.mark(message.mark));
      return;
    }
    const { id, call, input } = message;
    void answer(() => (handlers[call as Stored] as (input: unknown) => unknown)(input)).then(
      (value) => send({ kind: 'answer', id, ok: true, value }),
      (error: unknown) => send({ kind: 'answer', id, ok: false, error: reportOf(error) }),
    );
  };
}

async function answer(work: () => unknown): Promise<unknown> {
  return work();
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** `count` places from the one at `from` (0 = the first message that is there). */
function placesAt({ next, messages }: RecordingAbout, from: number, count: number): number[] {
  // only the oldest are ever removed
  const begin = next - messages + Math.max(0, from);
  return Array.from({ length: Math.max(0, Math.min(count, next - begin)) }, (_, index) => begin + index);
}

function packed(recording: RecordingFile, places: readonly number[]): RecordedMessages {
  const found = readMessages(recording, places);
  const messages: TestMessage[] = found.map(({ seq, message }) => ({ seq, ...message }));
  const seqs = found.map(({ seq }) => seq);
  const rowOf = new Map(places.map((seq, row) => [seq, row]));
  return { count: places.length, rows: seqs.map((seq) => rowOf.get(seq) ?? 0), seqs, packed: packMessages(messages) };
}
