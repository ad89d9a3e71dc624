import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FieldkeyError } from '../../../shared/errors.ts';
import {
  defaultBudget,
  type RecordedBy,
  type Recording,
  type RecordingBudget,
  type RecordingEnd,
  type RecordingRemovals,
} from '../../../shared/model/recording.ts';
import { bytesOf, RecordingFile } from './recording-file.ts';
import { reasonOf } from './report.ts';

const ending = '.fkrec';
const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Read recordings that stay open besides those that go on: a list is scrolled, a search goes on. */
const openAtOnce = 3;
/** A recording that has filled the budget loses a twentieth of it at once, not a block with each that comes. */
const roomMade = 0.95;
const day = 86_400_000;

interface ProjectNotes {
  readonly budget: RecordingBudget;
  readonly removed: RecordingRemovals;
}
const nothingRemoved: RecordingRemovals = { messages: 0, recordings: 0, at: 0 };

/** The recordings of a vault: a folder beside it, a file for each. Holds their key until `lock` or `close`. */
export class RecordingStore {
  readonly folder: string;
  readonly #key: Buffer;
  readonly #now: () => number;
  #locked = false;
  readonly #open = new Map<string, RecordingFile>();
  /** Those that go on. */
  readonly #live = new Set<string>();
  /** Those that somebody reads in turns, and how many do: they stay open however many others are looked at. */
  readonly #used = new Map<string, number>();

  constructor(folder: string, key: Uint8Array, now: () => number) {
    this.folder = folder;
    this.#key = Buffer.from(key);
    this.#now = now;
  }

  /** The key is forgotten: only those that go on are open, and nothing else can be. */
  get locked(): boolean {
    return this.#locked;
  }

  /** Forgets the key. Those that go on have one of their own each, which opens no other; the others are closed. */
  lock(): void {
    for (const [recordingId, recording] of this.#open) {
      if (this.#live.has(recordingId)) continue;
      recording.close();
      this.#open.delete(recordingId);
    }
    this.#key.fill(0);
    this.#locked = true;
  }

  /** Takes the key again. False when it is another vault's: then nothing has changed. */
  unlock(key: Uint8Array): boolean {
    for (const recordingId of this.#live) if (!this.#open.get(recordingId)?.isOf(key)) return false;
    this.#key.set(key);
    this.#locked = false;
    return true;
  }

  /** Starts one. @throws RECORDING_NOT_WRITABLE */
  create(of: {
    readonly projectId: number;
    readonly by: RecordedBy;
    readonly host: string;
    readonly port: number;
  }): RecordingFile {
    const recordingId = randomUUID();
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      const recording = RecordingFile.create(this.#fileOf(recordingId), recordingId, this.#key, {
        ...of,
        name: '',
        startedAt: this.#now(),
        endedAt: null,
        ended: null,
        reason: '',
        missed: 0,
        removed: 0,
        messages: 0,
        next: 1,
      });
      this.#live.add(recordingId);
      this.#open.set(recordingId, recording);
      return recording;
    } catch (error) {
      rmSync(this.#fileOf(recordingId), { force: true });
      throw new FieldkeyError('RECORDING_NOT_WRITABLE', { folder: this.folder, reason: reasonOf(error) }, error);
    }
  }

  /** It goes on no more. What the medium does not take any more is left as it is. */
  end(recording: RecordingFile, ended: RecordingEnd, reason = ''): void {
    this.#live.delete(recording.recordingId);
    try {
      recording.mark({ at: this.#now(), kind: 'stopped', count: 0 });
      recording.change({ endedAt: this.#now(), ended, reason });
    } catch {
      // then the next one who opens it finds that it did not end in order
    }
    // an export that began while it was recorded goes on
    if (this.#used.has(recording.recordingId)) return;
    this.#open.delete(recording.recordingId);
    recording.close();
  }

  /** An open recording. @throws RECORDING_UNREADABLE */
  get(recordingId: string): RecordingFile {
    const there = this.#open.get(recordingId);
    if (there) return there;
    if (!idPattern.test(recordingId)) throw new FieldkeyError('RECORDING_UNREADABLE', { reason: recordingId });
    if (this.#locked) throw new FieldkeyError('VAULT_LOCKED', {});
    try {
      const recording = RecordingFile.open(this.#fileOf(recordingId), recordingId, this.#key);
      this.#open.set(recordingId, recording);
      this.#closeSome();
      return recording;
    } catch (error) {
      throw new FieldkeyError('RECORDING_UNREADABLE', { reason: reasonOf(error) }, error);
    }
  }

  /** Does something with an open recording that takes many turns. @throws RECORDING_UNREADABLE, what `work` throws */
  async use<T>(recordingId: string, work: (recording: RecordingFile) => Promise<T>): Promise<T> {
    const recording = this.get(recordingId);
    this.#used.set(recordingId, (this.#used.get(recordingId) ?? 0) + 1);
    try {
      return await work(recording);
    } finally {
      const left = (this.#used.get(recordingId) ?? 1) - 1;
      if (left > 0) this.#used.set(recordingId, left);
      else this.#used.delete(recordingId);
    }
  }

  /** Those of a project, the latest first; unreadable ones belong to nobody and are shown everywhere. */
  list(projectId: number): Recording[] {
    const found: Recording[] = [];
    for (const recordingId of this.#ids()) {
      const one = this.describe(recordingId);
      if (one.unreadable || one.projectId === projectId) found.push(one);
    }
    return found.sort((a, b) => b.startedAt - a.startedAt);
  }

  rename(recordingId: string, name: string): void {
    this.get(recordingId).change({ name });
  }

  /** Removes its file. */
  remove(recordingId: string): void {
    if (!idPattern.test(recordingId) || this.#live.has(recordingId)) return;
    this.#open.get(recordingId)?.close();
    this.#open.delete(recordingId);
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${this.#fileOf(recordingId)}${suffix}`, { force: true });
  }

  budgetOf(projectId: number): ProjectNotes {
    return this.#notes()[projectId] ?? { budget: defaultBudget, removed: nothingRemoved };
  }

  /** @throws RECORDING_NOT_WRITABLE */
  setBudget(projectId: number, budget: RecordingBudget): void {
    this.#note(projectId, { ...this.budgetOf(projectId), budget });
  }

  /**
   * Removes what is older or more than the budget has room for, the oldest first, and gives how many messages that were;
   * of a recording that goes on the last block stays. While locked these are all that can be measured and made smaller: the
   * others have their turn when the key is there again.
   */
  enforce(projectId: number): number {
    const { budget, removed } = this.budgetOf(projectId);
    const oldest = this.list(projectId)
      .filter(({ unreadable }) => !unreadable)
      .reverse();
    let messages = 0;
    let recordings = 0;
    const cut = ({ recordingId }: Recording, blocks: number, all: boolean) => {
      const recording = this.get(recordingId);
      if (all && !this.#live.has(recordingId)) {
        messages += recording.about.messages;
        recordings += 1;
        this.remove(recordingId);
        return;
      }
      try {
        messages += recording.removeOldest(Math.min(blocks, recording.blocks.length - 1), this.#now());
      } catch (error) {
        // a damaged one that cannot be made smaller stays as it is, and keeps nothing else from going on
        if (this.#live.has(recordingId)) throw error;
      }
    };
    if (budget.days !== null) {
      const limit = this.#now() - budget.days * day;
      for (const each of oldest) {
        if (each.startedAt >= limit) continue;
        const { blocks } = this.get(each.recordingId);
        const young = blocks.findIndex(({ toAt }) => toAt >= limit);
        const empty = young < 0 && (each.endedAt ?? each.startedAt) < limit;
        if (young !== 0) cut(each, young < 0 ? blocks.length : young, empty);
      }
    }
    if (budget.bytes !== null) {
      const there = oldest.filter(({ recordingId }) => this.#exists(recordingId));
      let bytes = there.reduce((sum, { recordingId }) => sum + bytesOf(this.#fileOf(recordingId)), 0);
      const wanted = bytes > budget.bytes ? budget.bytes * roomMade : bytes;
      for (const each of there) {
        if (bytes <= wanted) break;
        const before = bytesOf(this.#fileOf(each.recordingId));
        const { blocks } = this.get(each.recordingId);
        let count = 0;
        for (let freed = 0; count < blocks.length && bytes - freed > wanted; count++) freed += blocks[count]?.bytes ?? 0;
        cut(each, count, count === blocks.length);
        bytes -= before - (this.#exists(each.recordingId) ? bytesOf(this.#fileOf(each.recordingId)) : 0);
      }
    }
    if (messages > 0 || recordings > 0) {
      const sum = { messages: removed.messages + messages, recordings: removed.recordings + recordings, at: this.#now() };
      this.#note(projectId, { budget, removed: sum });
    }
    return messages;
  }

  /** Closes every file and forgets the key. Those that go on have been ended before. */
  close(): void {
    for (const recording of this.#open.values()) recording.close();
    this.#open.clear();
    this.#key.fill(0);
  }

  #ids(): string[] {
    try {
      return readdirSync(this.folder)
        .filter((name) => name.endsWith(ending) && idPattern.test(name.slice(0, -ending.length)))
        .map((name) => name.slice(0, -ending.length));
    } catch {
      // nothing was ever recorded
      return [];
    }
  }

  /** What is known of one. */
  describe(recordingId: string): Recording {
    const bytes = bytesOf(this.#fileOf(recordingId));
    const wasOpen = this.#open.has(recordingId);
    try {
      const recording = this.get(recordingId);
      const { next: _, ...about } = recording.about;
      const live = this.#live.has(recordingId);
      const interrupted =
        about.endedAt === null && !live
          ? ({ endedAt: recording.blocks.at(-1)?.toAt ?? about.startedAt, ended: 'interrupted' } as const)
          : {};
      return { recordingId, ...about, ...interrupted, bytes, unreadable: false };
    } catch {
      return { ...unreadable, recordingId, bytes };
    } finally {
      if (!wasOpen && !this.#live.has(recordingId)) {
        this.#open.get(recordingId)?.close();
        this.#open.delete(recordingId);
      }
    }
  }

  #closeSome(): void {
    const read = [...this.#open.keys()].filter((id) => !this.#live.has(id) && !this.#used.has(id));
    for (const id of read.slice(0, -openAtOnce)) {
      this.#open.get(id)?.close();
      this.#open.delete(id);
    }
  }

  #exists(recordingId: string): boolean {
    return bytesOf(this.#fileOf(recordingId)) > 0;
  }

  #fileOf(recordingId: string): string {
    return join(this.folder, `${recordingId}${ending}`);
  }

  get #notesFile(): string {
    return join(this.folder, 'budget.json');
  }

  /** How much is kept of each project. No secret: a text file that is put right by hand, or removed, does no harm. */
  #notes(): Record<string, ProjectNotes> {
    try {
      const read = JSON.parse(readFileSync(this.#notesFile, 'utf8')) as Record<string, Partial<ProjectNotes>>;
      return Object.fromEntries(
        Object.entries(read).map(([id, { budget, removed }]) => [
          id,
          { budget: checkedBudget(budget), removed: { ...nothingRemoved, ...removed } },
        ]),
      );
    } catch {
      return {};
    }
  }

  #note(projectId: number, notes: ProjectNotes): void {
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      const unfinished = `${this.#notesFile}.new`;
      writeFileSync(unfinished, JSON.stringify({ ...this.#notes(), [projectId]: notes }), { mode: 0o600 });
      renameSync(unfinished, this.#notesFile);
    } catch (error) {
      throw new FieldkeyError('RECORDING_NOT_WRITABLE', { folder: this.folder, reason: reasonOf(error) }, error);
    }
  }
}

const unreadable: Recording = {
  recordingId: '',
  projectId: 0,
  name: '',
  by: { kind: 'observer', name: '' },
  host: '',
  port: 0,
  startedAt: 0,
  endedAt: 0,
  ended: null,
  reason: '',
  messages: 0,
  bytes: 0,
  missed: 0,
  removed: 0,
  unreadable: true,
};

/** What is no budget is the default one: nothing is removed because of a damaged file that the default would keep. */
function checkedBudget(budget: Partial<RecordingBudget> | undefined): RecordingBudget {
  const limit = (value: unknown, otherwise: number | null) =>
    value === null || (typeof value === 'number' && value > 0) ? value : otherwise;
  return { bytes: limit(budget?.bytes, defaultBudget.bytes), days: limit(budget?.days, defaultBudget.days) };
}
