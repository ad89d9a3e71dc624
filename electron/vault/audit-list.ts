import { type AuditAction, type AuditEntry, type AuditFilter, auditActions, auditGroupOf } from '../../shared/model/audit.ts';
import { type AuditRow, entryOf } from './audit.ts';
import type { SqlValue } from './database.ts';
import type { VaultSession } from './session.ts';

/** Entries that are looked through at once, some ten milliseconds; then others have their turn. */
const chunk = 20_000;
/** Answers that are kept: going back to a filter, and scrolling, look nothing through again. */
const keptAnswers = 8;
/** More names than anybody chooses from. */
const operatorsAtMost = 200;

/** The numbers of the entries that match, the oldest first, as far as they were looked through. */
interface Answer {
  readonly seqs: number[];
  upTo: number;
  working: Promise<void> | null;
}

/**
 * Finds entries without an index: a million of them are looked through in about a second, in parts; what comes later is
 * added to the answer. What is listed is what lies in the table; whether it is what was written only `verifyVault` tells.
 */
export class AuditList {
  readonly #session: VaultSession;
  readonly #answers = new Map<string, Answer>();
  /** Whether entries were found to be missing. */
  #gaps = false;
  readonly #operators = { names: new Set<string>(), upTo: Number.MIN_SAFE_INTEGER, working: null as Promise<void> | null };

  constructor(session: VaultSession) {
    this.#session = session;
  }

  /** Entries that match, the newest first, from the `offset`th on; and how many there are. @throws VAULT_LOCKED */
  async page(filter: AuditFilter, offset: number, limit: number): Promise<{ total: number; rows: AuditEntry[] }> {
    const { database } = this.#session;
    const where = conditionOf(filter);
    if (where.sql === '') return this.#everything(offset, limit);
    const { seqs } = await this.#answer(where);
    const end = Math.max(0, seqs.length - offset);
    const one = database.prepare<[number], AuditRow>('SELECT * FROM audit WHERE seq = ?');
    const rows = seqs.slice(Math.max(0, end - limit), end).flatMap((seq) => one.get(seq) ?? []);
    return { total: seqs.length, rows: rows.map(entryOf).reverse() };
  }

  /**
   * Entries are numbered without gaps, so the numbers tell how many there are and where the `offset`th stands: nothing is
   * counted or passed over. Where fewer are found than the numbers say, somebody took some out, and from then on they are counted.
   */
  #everything(offset: number, limit: number): { total: number; rows: AuditEntry[] } {
    const { database } = this.#session;
    if (!this.#gaps) {
      // in two: SQLite looks up the least and the largest, but reads through everything for both at once
      const end = (of: 'min' | 'max') => Number(database.prepare(`SELECT ${of}(seq) FROM audit`).pluck().get() ?? 0);
      const [first, last] = [end('min'), end('max')];
      const total = last === 0 ? 0 : last - first + 1;
      const select = 'SELECT * FROM audit WHERE seq <= ? AND seq > ? ORDER BY seq DESC LIMIT ?';
      const from = last - offset;
      const rows = database.prepare<[number, number, number], AuditRow>(select).all(from, from - limit, limit);
      const expected = Math.max(0, Math.min(limit, total - offset));
      if (first > 0 && rows.length === expected) return { total, rows: rows.map(entryOf) };
      this.#gaps = total > 0;
    }
    const total = Number(database.prepare('SELECT count(*) FROM audit').pluck().get());
    const select = 'SELECT * FROM audit ORDER BY seq DESC LIMIT ? OFFSET ?';
    return { total, rows: database.prepare<[number, number], AuditRow>(select).all(limit, offset).map(entryOf) };
  }

  /** Entries that match, the oldest first, a few at a time: of any number only these are in memory. */
  async *all(filter: AuditFilter): AsyncGenerator<readonly AuditEntry[]> {
    const { sql, values } = conditionOf(filter);
    const select = `SELECT * FROM audit WHERE seq > ? ${sql} ORDER BY seq LIMIT 1000`;
    for (let from = Number.MIN_SAFE_INTEGER; ; ) {
      this.#session.assertOpen();
      const rows = this.#session.database.prepare<SqlValue[], AuditRow>(select).all(from, ...values);
      const last = rows.at(-1)?.seq;
      if (last === undefined || last <= from) return;
      yield rows.map(entryOf);
      from = last;
      await nextTurn();
    }
  }

  /** Who is in the log, in alphabetical order. */
  async operators(): Promise<string[]> {
    const known = this.#operators;
    known.working ??= this.#lookForOperators().finally(() => {
      known.working = null;
    });
    await known.working;
    return [...known.names].sort().slice(0, operatorsAtMost);
  }

  async #lookForOperators(): Promise<void> {
    const known = this.#operators;
    const select = 'SELECT DISTINCT operator FROM audit WHERE seq > ? AND seq <= ?';
    const names = this.#session.database.prepare<[number, number], string>(select).pluck();
    for await (const [from, to] of this.#parts(known)) for (const name of names.all(from, to)) known.names.add(name);
  }

  /** The entries after `upTo`, part by part, so that others have their turn; `upTo` is moved on. */
  async *#parts(place: { upTo: number }): AsyncGenerator<readonly [from: number, to: number]> {
    const end = this.#session.database
      .prepare<[number, number], number>('SELECT max(seq) FROM (SELECT seq FROM audit WHERE seq > ? ORDER BY seq LIMIT ?)')
      .pluck();
    for (;;) {
      const to = end.get(place.upTo, chunk);
      if (typeof to !== 'number' || to <= place.upTo) return;
      yield [place.upTo, to];
      place.upTo = to;
      await nextTurn();
      this.#session.assertOpen();
    }
  }

  async #answer(where: Condition): Promise<Answer> {
    const key = JSON.stringify(where);
    const known = this.#answers.get(key) ?? { seqs: [], upTo: Number.MIN_SAFE_INTEGER, working: null };
    // the one that was asked for last is forgotten last
    this.#answers.delete(key);
    this.#answers.set(key, known);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= keptAnswers) break;
      this.#answers.delete(oldest);
    }
    known.working ??= this.#look(known, where).finally(() => {
      known.working = null;
    });
    await known.working;
    return known;
  }

  async #look(answer: Answer, { sql, values }: Condition): Promise<void> {
    const { database } = this.#session;
    const find = database
      .prepare<SqlValue[], number>(`SELECT seq FROM audit WHERE seq > ? AND seq <= ? ${sql} ORDER BY seq`)
      .pluck();
    for await (const [from, to] of this.#parts(answer)) for (const seq of find.all(from, to, ...values)) answer.seqs.push(seq);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Condition {
  /** Code only; begins with AND. */
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

function conditionOf(filter: AuditFilter): Condition {
  const parts: [string, ...SqlValue[]][] = [];
  if (filter.since !== undefined) parts.push(['at >= ?', filter.since]);
  if (filter.until !== undefined) parts.push(['at < ?', filter.until]);
  if (filter.operator !== undefined) parts.push(['operator = ?', filter.operator]);
  if (filter.projectId !== undefined) parts.push(['project_id = ?', filter.projectId]);
  if (filter.group !== undefined) {
    const actions = actionsOf(filter.group);
    parts.push([`action IN (${actions.map(() => '?').join(', ')})`, ...actions]);
  }
  const text = filter.text?.trim() ?? '';
  if (text !== '') {
    const like = `%${searched(text).replace(/[\\%_]/g, '\\$&')}%`;
    // names of the detail's fields are no hits: the first LIKE is only quick, the values decide
    parts.push([
      `(subject LIKE ? ESCAPE '\\' OR (detail LIKE ? ESCAPE '\\' AND EXISTS
        (SELECT 1 FROM json_each(detail) WHERE json_each.value LIKE ? ESCAPE '\\')))`,
      like,
      `%${JSON.stringify(searched(text))
        .slice(1, -1)
        .replace(/[\\%_]/g, '\\$&')}%`,
      like,
    ]);
  }
  return { sql: parts.map(([sql]) => `AND ${sql}`).join(' '), values: parts.flatMap(([, ...values]) => values) };
}

function actionsOf(group: AuditFilter['group']): AuditAction[] {
  return auditActions.filter((action) => auditGroupOf[action] === group);
}

/** Serial numbers and fingerprints are read and typed in groups: 4f:9a:1c. */
function searched(text: string): string {
  return /^[0-9a-f]{2}(:[0-9a-f]{2})+:?$/i.test(text) ? text.replaceAll(':', '').toLowerCase() : text;
}
