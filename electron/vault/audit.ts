import { type KeyObject, timingSafeEqual } from 'node:crypto';
import type Sqlite from 'better-sqlite3';
import { FieldkeyError } from '../../shared/errors.ts';
import type { AuditAction, AuditDetail, AuditEntry, ChainBreak } from '../../shared/model/audit.ts';
import { KnownTime } from './clock.ts';
import { type Database, guarded, type SqlValue } from './database.ts';
import { MacCheck, macOf } from './row-mac.ts';

export type AuditRow = {
  seq: number;
  at: number;
  operator: string;
  action: string;
  project_id: number | null;
  subject: string;
  detail: string;
  mac: Buffer;
};

type AuditColumns = [
  seq: number,
  at: number,
  operator: string,
  action: string,
  project_id: number | null,
  subject: string,
  detail: string,
  mac: Buffer,
];

/** Below every number that an entry can have. */
const beforeAll = Number.MIN_SAFE_INTEGER;

/** What stands before the first entry. */
const origin = Buffer.alloc(32);

/**
 * The log of every act, chained: each entry's HMAC covers the previous one, under a key that only the unlocked vault
 * has (whoever merely edits the file cannot recompute it). Count and last MAC are authenticated on their own, so that
 * a cut tail is seen as well.
 */
export class AuditLog {
  readonly #database: Database;
  readonly #entryKey: KeyObject;
  readonly #headKey: KeyObject;
  readonly #vaultId: Buffer;
  readonly #insert: Sqlite.Statement;
  /** What the entries tell of the time. */
  readonly time = new KnownTime();
  #count = 0;
  #last: Buffer = origin;

  constructor(database: Database, keys: { readonly entries: KeyObject; readonly head: KeyObject; readonly vaultId: Buffer }) {
    this.#database = database;
    this.#entryKey = keys.entries;
    this.#headKey = keys.head;
    this.#vaultId = keys.vaultId;
    this.#insert = database.prepare(
      'INSERT INTO audit (seq, at, operator, action, project_id, subject, detail, mac) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
  }

  /** Takes up the chain where the stored, authenticated head says it ends. @throws VAULT_TAMPERED */
  resume(): void {
    const head = this.#storedHead();
    if (!head) throw new FieldkeyError('VAULT_TAMPERED', { table: 'audit_head', row: 1 });
    const tail = this.#database
      .prepare<[], { seq: number; mac: Buffer }>('SELECT seq, mac FROM audit ORDER BY seq DESC LIMIT 1')
      .get();
    const whole = head.count === 0 ? tail === undefined : tail?.seq === head.count && tail.mac.equals(head.last);
    if (!whole) throw new FieldkeyError('VAULT_TAMPERED', { table: 'audit', row: tail?.seq ?? 0 });
    this.#count = head.count;
    this.#last = head.last;
    this.time.resume(this.#database);
  }

  /** Adds an entry. Only inside the session's `write`, which stores the head with it. */
  append(entry: Omit<AuditEntry, 'seq' | 'action'> & { readonly action: AuditAction }): void {
    const seq = this.#count + 1;
    const row: SqlValue[] = [
      seq,
      entry.at,
      entry.operator,
      entry.action,
      entry.projectId,
      entry.subject,
      JSON.stringify(entry.detail),
    ];
    const mac = macOf(this.#entryKey, [this.#last, ...row]);
    this.#insert.run(...row, mac);
    this.#count = seq;
    this.#last = mac;
    // should the transaction be rolled back, the moment has passed all the same
    this.time.learn(entry.at, entry.action);
  }

  /** Authenticates what `append` added; the last statement of every transaction. */
  storeHead(): void {
    this.#database
      .prepare(
        `INSERT INTO audit_head (id, count, last_mac, mac) VALUES (1, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET count = excluded.count, last_mac = excluded.last_mac, mac = excluded.mac`,
      )
      .run(this.#count, this.#last, this.#headMac(this.#count, this.#last));
  }

  /** Where the chain stands, to go back to when a transaction is rolled back. */
  mark(): { count: number; last: Buffer } {
    return { count: this.#count, last: this.#last };
  }

  rewind(mark: { count: number; last: Buffer }): void {
    this.#count = mark.count;
    this.#last = mark.last;
  }

  /** Printed on exports, so that a vault file that was rolled back as a whole can be recognised. */
  get head(): { readonly count: number; readonly mac: string } {
    return { count: this.#count, mac: this.#last.toString('hex') };
  }

  /** All entries in order; `sound` is false for one that is not the one that was written at this place. */
  *entries(): Generator<{ readonly entry: AuditEntry; readonly sound: boolean }> {
    for (let from = beforeAll; ; ) {
      const part = this.#checked(from);
      for (const { row, sound } of part) yield { entry: entryOf(row), sound };
      if (part.length < followed) return;
      from = part.at(-1)?.row.seq ?? from;
    }
  }

  /**
   * Follows the chain entry by entry to its authenticated head. `each` is told every entry; now and then control is
   * given back. The break is the first one.
   */
  async follow(each: (entry: AuditEntry) => void, pause: () => Promise<void>): Promise<Followed> {
    let first: ChainBreak | null = null;
    let last: { seq: number; at: number } | null = null;
    let entries = 0;
    let most = followed;
    for (let from = beforeAll; ; ) {
      let taken = 0;
      const part = this.#orNull(() => this.#checked(from, most));
      if (part === null && most === 1) {
        const seq: number = (last?.seq ?? 0) + 1;
        first ??= { kind: 'entry', seq, until: seq, at: last?.at ?? null };
        break;
      }
      // one by one up to the entry that cannot be read
      if (part === null) most = 1;
      for (const { row, sound } of part ?? []) {
        // a number beyond 2^53, which nobody counted up to, would be read again and again
        if (row.seq <= from) break;
        const entry = new ReadEntry(row);
        taken++;
        entries++;
        const before: number = last?.seq ?? 0;
        if (!sound && first === null) {
          const gap = entry.seq > before + 1;
          first = gap
            ? { kind: 'missing', seq: before + 1, until: entry.seq - 1, at: last?.at ?? null }
            : { kind: 'entry', seq: entry.seq, until: entry.seq, at: entry.at };
        }
        last = { seq: entry.seq, at: entry.at };
        from = entry.seq;
        each(entry);
      }
      if (part !== null && taken < most) break;
      await pause();
    }
    // in the same moment as the last entries: acts go on while this pauses
    const head = this.#storedHead();
    const ends: number = last?.seq ?? 0;
    if (first === null && head === null) first = { kind: 'head', seq: ends, until: ends, at: last?.at ?? null };
    else if (first === null && head && head.count > ends) {
      first = { kind: 'tail', seq: ends + 1, until: head.count, at: last?.at ?? null };
    } else if (first === null && head && (head.count < ends || !this.#macAt(head.count).equals(head.last))) {
      first = { kind: 'head-older', seq: head.count + 1, until: ends, at: last?.at ?? null };
    }
    return { entries, head: this.sealedHead, first };
  }

  /** The entries after one that was read already, as they are; for what was written by this program since. */
  after(seq: number): AuditEntry[] {
    return this.#database.prepare<[number], AuditRow>('SELECT * FROM audit WHERE seq > ? ORDER BY seq').all(seq).map(entryOf);
  }

  /** The entries after `from`, checked; at most `most`. @throws VAULT_DAMAGED */
  #checked(from: number, most: number = followed): CheckedEntry[] {
    const select = this.#database
      .prepare<[number, number], AuditColumns>(
        'SELECT seq, at, operator, action, project_id, subject, detail, mac FROM audit WHERE seq > ? ORDER BY seq LIMIT ?',
      )
      // lists, because SQLite's binding takes half as long for them as for objects
      .raw();
    const rows = guarded(this.#database.name, () => select.all(from, most));
    let previous = from === beforeAll ? origin : this.#macAt(from);
    let expected = from === beforeAll ? 1 : from + 1;
    const check = new MacCheck(this.#entryKey);
    try {
      return rows.map(([seq, at, operator, action, project_id, subject, detail, mac]) => {
        const sound = check.matches([previous, seq, at, operator, action, project_id, subject, detail], mac) && seq === expected;
        previous = mac;
        expected = seq + 1;
        return { row: { seq, at, operator, action, project_id, subject, detail, mac }, sound };
      });
    } finally {
      check.wipe();
    }
  }

  #macAt(seq: number): Buffer {
    const select = 'SELECT mac FROM audit WHERE seq = ?';
    const stored = seq === 0 ? origin : this.#database.prepare<[number], unknown>(select).pluck().get(seq);
    return Buffer.isBuffer(stored) ? stored : Buffer.alloc(0);
  }

  /**
   * After which entry the log stood at this head, as an export or a report printed it (hexadecimal); null: never. Then the
   * file was put back to a state from before, or it is another vault.
   */
  stoodAt(mac: string): number | null {
    const select = 'SELECT seq FROM audit WHERE mac = ?';
    return this.#database.prepare<[Buffer], number>(select).pluck().get(Buffer.from(mac, 'hex')) ?? null;
  }

  /** The head as it is authenticated in the file; count 0 and no MAC when it is missing or was changed. */
  get sealedHead(): { readonly count: number; readonly mac: string } {
    const { count, last } = this.#storedHead() ?? { count: 0, last: Buffer.alloc(0) };
    return { count, mac: last.toString('hex') };
  }

  /** The authenticated head as stored, or null when it is missing or not ours. */
  #storedHead(): { count: number; last: Buffer } | null {
    const select = this.#database.prepare<[], HeadRow>('SELECT count, last_mac, mac FROM audit_head');
    const row = this.#orNull(() => select.get());
    // of a damaged file anything may come
    if (!row || !Buffer.isBuffer(row.mac) || !Buffer.isBuffer(row.last_mac)) return null;
    const mac = this.#headMac(row.count, row.last_mac);
    return row.mac.length === mac.length && timingSafeEqual(mac, row.mac) ? { count: row.count, last: row.last_mac } : null;
  }

  /** What is read; null when the file does not give it any more. */
  #orNull<T>(read: () => T): T | null {
    try {
      return guarded(this.#database.name, read);
    } catch (error) {
      if (error instanceof FieldkeyError && error.code === 'VAULT_DAMAGED') return null;
      throw error;
    }
  }

  #headMac(count: number, last: Buffer): Buffer {
    return macOf(this.#headKey, [this.#vaultId, count, last]);
  }
}

interface HeadRow {
  readonly count: number;
  readonly last_mac: Buffer;
  readonly mac: Buffer;
}

interface CheckedEntry {
  readonly row: AuditRow;
  readonly sound: boolean;
}

/** What `follow` found. */
export interface Followed {
  readonly entries: number;
  /** As authenticated; count 0 and an empty MAC when it is missing or was changed. */
  readonly head: { readonly count: number; readonly mac: string };
  readonly first: ChainBreak | null;
}

/** Entries that are checked at once: a few milliseconds. */
const followed = 250;

/** A row as an entry. What somebody put into it who is not this program stays readable. */
export function entryOf(row: AuditRow): AuditEntry {
  const { seq, at, operator, action, project_id: projectId, subject } = row;
  return { seq, at, operator, action, projectId, subject, detail: parseDetail(row.detail) };
}

/** The same, whose detail is read when somebody asks: of most entries nobody does. */
class ReadEntry implements AuditEntry {
  readonly seq: number;
  readonly at: number;
  readonly operator: string;
  readonly action: string;
  readonly projectId: number | null;
  readonly subject: string;
  #detail: AuditDetail | string;

  constructor(row: AuditRow) {
    this.seq = row.seq;
    this.at = row.at;
    this.operator = row.operator;
    this.action = row.action;
    this.projectId = row.project_id;
    this.subject = row.subject;
    this.#detail = row.detail;
  }

  get detail(): AuditDetail {
    if (typeof this.#detail === 'string') this.#detail = parseDetail(this.#detail);
    return this.#detail;
  }
}

function parseDetail(text: string): AuditDetail {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
    if (Object.values(value).every((part) => typeof part !== 'object' || part === null)) return value as AuditDetail;
    const plain = Object.entries(value).map(([name, part]) => [
      name,
      typeof part === 'object' && part !== null ? JSON.stringify(part) : part,
    ]);
    return Object.fromEntries(plain) as AuditDetail;
  } catch {
    return {};
  }
}
