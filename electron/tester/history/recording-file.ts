import { timingSafeEqual } from 'node:crypto';
import { closeSync, openSync, statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import type { RecordedBy, RecordingEnd, RecordingMark } from '../../../shared/model/recording.ts';
import { type Block, BlockHead, decodeBlock, encodeBlock } from './block.ts';
import { gramsOf } from './grams.ts';
import { type BlockPlace, readIndex } from './recording-index.ts';
import { openPart, recordingKey, SealBroken, sealPart } from './seal.ts';

/** "FKrc" in SQLite's application_id: tells a recording from any other database. */
const applicationId = 0x464b7263;
const formatVersion = 1;

/** Bytes from which a block is never merged with others again. */
const fullBlock = 262_144;
const fullLevel = 9;
/** As many blocks of one level become one of the next: a message is written a few times at most, whatever its pace. */
const mergedAtOnce = 16;
const recentBlocks = 4;

/** What a recording says about itself, sealed. */
export interface RecordingAbout {
  readonly projectId: number;
  readonly name: string;
  readonly by: RecordedBy;
  readonly host: string;
  readonly port: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly ended: RecordingEnd | null;
  readonly reason: string;
  readonly missed: number;
  readonly removed: number;
  /** Messages that are there, and the place that the next one gets. */
  readonly messages: number;
  readonly next: number;
}

/**
 * One recording: a SQLite file of its own, readable by its owner only, in which everything but sizes, counts and times
 * is sealed. Messages come in blocks, one transaction each; a process that is killed leaves what was committed.
 */
export class RecordingFile {
  readonly recordingId: string;
  readonly file: string;
  readonly #database: Sqlite.Database;
  readonly #key: Buffer;
  #about: RecordingAbout;
  #index: BlockPlace[] | null = null;
  #lost = 0;
  #open = true;
  readonly #recent = new Map<string, Block>();
  readonly #statements = new Map<string, Sqlite.Statement>();

  private constructor(file: string, recordingId: string, database: Sqlite.Database, key: Buffer, about?: RecordingAbout) {
    this.file = file;
    this.recordingId = recordingId;
    this.#database = database;
    this.#key = key;
    this.#about = about ?? this.#readAbout();
  }

  /** @throws what SQLite or the file system throws */
  static create(file: string, recordingId: string, key: Uint8Array, about: RecordingAbout): RecordingFile {
    // O_EXCL and 0600; SQLite gives -wal the same mode
    closeSync(openSync(file, 'wx', 0o600));
    const database = new Sqlite(file, { fileMustExist: true });
    database.pragma('page_size = 4096');
    // what the budget removes gives its room back to the disk
    database.pragma('auto_vacuum = INCREMENTAL');
    prepare(database);
    database.pragma(`application_id = ${applicationId}`);
    database.exec(`
      CREATE TABLE about (id INTEGER PRIMARY KEY CHECK (id = 1), sealed BLOB NOT NULL) STRICT;
      CREATE TABLE block (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, level INTEGER NOT NULL,
        from_at REAL NOT NULL, to_at REAL NOT NULL, grams BLOB NOT NULL, head BLOB NOT NULL, body BLOB NOT NULL) STRICT;
      CREATE TABLE mark (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
      PRAGMA user_version = ${formatVersion};`);
    const recording = new RecordingFile(file, recordingId, database, recordingKey(key, recordingId), about);
    recording.change({});
    return recording;
  }

  /** @throws SealBroken for another key or what is no recording; what SQLite or the file system throws */
  static open(file: string, recordingId: string, key: Uint8Array): RecordingFile {
    const database = new Sqlite(file, { fileMustExist: true, timeout: 500 });
    try {
      if (database.pragma('application_id', { simple: true }) !== applicationId) throw new SealBroken();
      if (Number(database.pragma('user_version', { simple: true })) > formatVersion) throw new SealBroken();
      prepare(database);
      return new RecordingFile(file, recordingId, database, recordingKey(key, recordingId));
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Whether this is the key of all recordings that its own comes from. */
  isOf(key: Uint8Array): boolean {
    return timingSafeEqual(recordingKey(key, this.recordingId), this.#key);
  }

  get about(): RecordingAbout {
    return this.#about;
  }

  /** Bytes on the disk, the write-ahead log included. */
  get bytes(): number {
    return bytesOf(this.file);
  }

  /** Every block in its order. */
  get blocks(): readonly BlockPlace[] {
    if (this.#index === null) {
      this.#index = readIndex(this.#database, this.#about.next);
      const there = this.#index.reduce((sum, { count }) => sum + count, 0);
      this.#lost = Math.max(0, this.#about.messages - there);
    }
    return this.#index;
  }

  /** Messages whose blocks cannot even be found: the file is damaged. */
  get lost(): number {
    return this.blocks.length === 0 ? this.#about.messages : this.#lost;
  }

  change(part: Partial<RecordingAbout>): void {
    const next = { ...this.#about, ...part };
    const sealed = sealPart(this.#key, Buffer.from(JSON.stringify(next)), this.#context('about'));
    this.#prepared('INSERT INTO about (id, sealed) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed').run(
      sealed,
    );
    this.#about = next;
  }

  /** Stores messages and says so in the same transaction. @throws SqliteError; then nothing has changed */
  append(block: Block): void {
    this.#atOnce(() => {
      const { next, messages } = this.#about;
      const count = this.#insert(block, next, 0);
      this.#mergeTail();
      this.change({ next: next + count, messages: messages + count });
    });
  }

  /** Notes that messages came faster than they could be stored. */
  miss(count: number, now: number): void {
    this.#atOnce(() => {
      this.mark({ at: now, kind: 'missed', count });
      this.change({ missed: this.#about.missed + count });
    });
  }

  mark(mark: RecordingMark): void {
    const { lastInsertRowid } = this.#prepared('INSERT INTO mark (sealed) VALUES (?)').run(Buffer.alloc(0));
    const sealed = sealPart(this.#key, Buffer.from(JSON.stringify(mark)), this.#context(`mark ${lastInsertRowid}`));
    this.#prepared('UPDATE mark SET sealed = ? WHERE id = ?').run(sealed, lastInsertRowid);
  }

  /** In the order in which they were made, the latest `limit` of them; of a damaged file those that can be read. */
  marks(limit: number): RecordingMark[] {
    const marks: RecordingMark[] = [];
    try {
      for (const row of this.#prepared('SELECT id, sealed FROM mark ORDER BY id DESC LIMIT ?').iterate(limit)) {
        const { id, sealed } = row as { id: number; sealed: Buffer };
        marks.push(JSON.parse(openPart(this.#key, sealed, this.#context(`mark ${id}`)).toString()));
      }
    } catch {
      // what is damaged is told by the messages that are left out
    }
    return marks.reverse();
  }

  /** The head of the block that begins at `place.first`. @throws SealBroken */
  head(place: BlockPlace): Buffer {
    const row = this.#prepared('SELECT head FROM block WHERE first = ?').get(place.first) as { head: Buffer } | undefined;
    if (!row) throw new SealBroken();
    return openPart(this.#key, row.head, this.#blockContext('head', place));
  }

  /** Which runs of bytes may be in its messages (grams.ts). @throws SealBroken */
  grams(place: BlockPlace): Buffer {
    const row = this.#prepared('SELECT grams FROM block WHERE first = ?').get(place.first) as { grams: Buffer } | undefined;
    if (!row) throw new SealBroken();
    return openPart(this.#key, row.grams, this.#blockContext('grams', place));
  }

  /** As `head`: what its messages carried. @throws SealBroken */
  body(place: BlockPlace): Buffer {
    const row = this.#prepared('SELECT body FROM block WHERE first = ?').get(place.first) as { body: Buffer } | undefined;
    if (!row) throw new SealBroken();
    return openPart(this.#key, row.body, this.#blockContext('body', place));
  }

  /** @throws SealBroken */
  block(place: BlockPlace): Block {
    return { head: this.head(place), body: this.body(place) };
  }

  /** As `block`; the last few are kept, for lists that are scrolled. */
  cachedBlock(place: BlockPlace): Block {
    const key = `${place.first} ${place.count}`;
    const block = this.#recent.get(key) ?? this.block(place);
    this.#recent.delete(key);
    this.#recent.set(key, block);
    if (this.#recent.size > recentBlocks) this.#recent.delete(this.#recent.keys().next().value as string);
    return block;
  }

  /** Removes the oldest `count` blocks and gives how many messages they had; the file becomes smaller by them. */
  removeOldest(count: number, now: number): number {
    const gone = this.blocks.slice(0, count);
    const last = gone.at(-1);
    if (!last) return 0;
    const messages = gone.reduce((sum, each) => sum + each.count, 0);
    this.#atOnce(() => {
      this.#prepared('DELETE FROM block WHERE first <= ?').run(last.first);
      this.mark({ at: now, kind: 'removed', count: messages });
      this.change({ messages: this.#about.messages - messages, removed: this.#about.removed + messages });
      this.#index = this.blocks.slice(gone.length);
    });
    this.#database.pragma('incremental_vacuum');
    this.#database.pragma('wal_checkpoint(TRUNCATE)');
    return messages;
  }

  /** As if the disk were full beyond so many pages; for tests, which have no disk to fill. */
  limitPages(pages: number): void {
    this.#database.pragma(`max_page_count = ${pages}`);
  }

  get open(): boolean {
    return this.#open;
  }

  close(): void {
    this.#open = false;
    this.#key.fill(0);
    this.#recent.clear();
    this.#database.close();
  }

  #readAbout(): RecordingAbout {
    const row = this.#prepared('SELECT sealed FROM about').get() as { sealed: Buffer } | undefined;
    if (!row) throw new SealBroken();
    return JSON.parse(openPart(this.#key, row.sealed, this.#context('about')).toString()) as RecordingAbout;
  }

  /** Gives how many messages the block has. */
  #insert(block: Block, first: number, wanted: number): number {
    const { count, span } = new BlockHead(block.head);
    const full = block.head.byteLength + block.body.byteLength >= fullBlock;
    const level = full ? fullLevel : wanted;
    const { fromAt, toAt } = span;
    const context = { first, count, fromAt, toAt };
    const sealedHead = sealPart(this.#key, block.head, this.#blockContext('head', context));
    const sealedGrams = sealPart(this.#key, gramsOf(block.body), this.#blockContext('grams', context));
    const sealedBody = sealPart(this.#key, block.body, this.#blockContext('body', context));
    this.#index = [
      ...this.blocks,
      { ...context, level, bytes: sealedGrams.byteLength + sealedHead.byteLength + sealedBody.byteLength },
    ];
    this.#prepared(
      'INSERT INTO block (first, count, level, from_at, to_at, grams, head, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ).run(first, count, level, fromAt, toAt, sealedGrams, sealedHead, sealedBody);
    return count;
  }

  /** A recording of one message a second must not become as many blocks: those of a level become one of the next. */
  #mergeTail(): void {
    for (;;) {
      const tail = this.blocks.slice(-mergedAtOnce);
      const level = tail[0]?.level ?? fullLevel;
      if (tail.length < mergedAtOnce || level >= fullLevel || tail.some((each) => each.level !== level)) return;
      const block = encodeBlock(tail.flatMap((place) => decodeBlock(this.block(place))));
      const { first } = tail[0] as BlockPlace;
      this.#prepared('DELETE FROM block WHERE first >= ?').run(first);
      this.#index = this.blocks.slice(0, -mergedAtOnce);
      this.#insert(block, first, level + 1);
    }
  }

  /** One transaction; what is kept in memory follows it back when it fails. */
  #atOnce(work: () => void): void {
    const about = this.#about;
    const index = this.#index;
    try {
      this.#database.transaction(work)();
    } catch (error) {
      this.#about = about;
      this.#index = index;
      throw error;
    }
  }

  #prepared(sql: string): Sqlite.Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #context(part: string): string {
    return `${this.recordingId} ${part}`;
  }
  #blockContext(part: 'grams' | 'head' | 'body', place: Pick<BlockPlace, 'first' | 'count' | 'fromAt' | 'toAt'>): string {
    const { first, count, fromAt, toAt } = place;
    return this.#context(`${part} ${first} ${count} ${fromAt} ${toAt}`);
  }
}

function prepare(database: Sqlite.Database): void {
  // alone, and without the shared memory file that not every medium can have
  database.pragma('locking_mode = EXCLUSIVE');
  database.pragma('journal_mode = WAL');
  // a killed program loses nothing that was committed; a power cut at most the last moments, never the file
  database.pragma('synchronous = NORMAL');
  database.pragma('wal_autocheckpoint = 4000');
  database.pragma('journal_size_limit = 16777216');
  database.pragma('trusted_schema = OFF');
  database.pragma('cell_size_check = ON');
}

/** Bytes of a recording on the disk, whether it is open or not. */
export function bytesOf(file: string): number {
  return [file, `${file}-wal`].reduce((sum, each) => sum + (statSync(each, { throwIfNoEntry: false })?.size ?? 0), 0);
}
