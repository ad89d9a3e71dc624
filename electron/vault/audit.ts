import { type KeyObject, timingSafeEqual } from 'node:crypto';
import type Sqlite from 'better-sqlite3';
import { FieldkeyError } from '../../shared/errors.ts';
import { KnownTime } from './clock.ts';
import type { Database, SqlValue } from './database.ts';
import { macOf } from './row-mac.ts';

/** What an entry is about. The list grows with the acts; a past name is never reused for something else. */
export type AuditAction =
  | 'vault.create'
  | 'vault.unlock'
  | 'clock.confirm'
  | 'passphrase.change'
  | 'passphrase.recover'
  | 'shares.make'
  | 'shares.drill'
  | 'backup.write'
  | 'project.create'
  | 'project.change'
  | 'authority.create'
  | 'authority.change'
  | 'authority.offline'
  | 'authority.replace'
  | 'device.add'
  | 'device.change'
  | 'certificate.issue'
  | 'certificate.revoke'
  | 'certificate.hold'
  | 'certificate.release'
  | 'crl.publish'
  | 'export.begin'
  | 'export.write'
  | 'export.fail'
  | 'tester.connect'
  | 'broker.open';

export interface AuditEntry {
  readonly seq: number;
  readonly at: number;
  readonly operator: string;
  readonly action: AuditAction;
  readonly projectId: number | null;
  /** What was acted on, as people name it: a device id, a file, a serial. */
  readonly subject: string;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

type AuditRow = {
  seq: number;
  at: number;
  operator: string;
  action: string;
  project_id: number | null;
  subject: string;
  detail: string;
  mac: Buffer;
};

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
  append(entry: Omit<AuditEntry, 'seq'>): void {
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

  /** All entries in order; `sound` is false from the first one on whose chain is broken. */
  *entries(): Generator<{ readonly entry: AuditEntry; readonly sound: boolean }> {
    let previous: Buffer = origin;
    let sound = true;
    let expected = 1;
    const rows = this.#database.prepare<[], AuditRow>('SELECT * FROM audit ORDER BY seq').iterate();
    for (const row of rows) {
      const mac = macOf(this.#entryKey, [
        previous,
        row.seq,
        row.at,
        row.operator,
        row.action,
        row.project_id,
        row.subject,
        row.detail,
      ]);
      sound = sound && row.seq === expected && row.mac.length === mac.length && timingSafeEqual(mac, row.mac);
      previous = row.mac;
      expected++;
      yield {
        entry: {
          seq: row.seq,
          at: row.at,
          operator: row.operator,
          action: row.action as AuditAction,
          projectId: row.project_id,
          subject: row.subject,
          detail: parseDetail(row.detail),
        },
        sound,
      };
    }
  }

  /** The authenticated head as stored, or null when it is missing or not ours. */
  #storedHead(): { count: number; last: Buffer } | null {
    const row = this.#database
      .prepare<[], { count: number; last_mac: Buffer; mac: Buffer }>('SELECT count, last_mac, mac FROM audit_head')
      .get();
    if (!row) return null;
    const mac = this.#headMac(row.count, row.last_mac);
    return row.mac.length === mac.length && timingSafeEqual(mac, row.mac) ? { count: row.count, last: row.last_mac } : null;
  }

  #headMac(count: number, last: Buffer): Buffer {
    return macOf(this.#headKey, [this.#vaultId, count, last]);
  }
}

function parseDetail(text: string): AuditEntry['detail'] {
  try {
    return JSON.parse(text) as AuditEntry['detail'];
  } catch {
    return {};
  }
}
