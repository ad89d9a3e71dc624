import { type AuditAction, type AuditEntry, type AuditFilter, auditActions, auditGroupOf } from '../../shared/model/audit.ts';
import { type AuditRow, entryOf } from './audit.ts';
import type { Database, SqlValue } from './database.ts';
import type { VaultSession } from './session.ts';

/** Entries that are looked through at once, some ten milliseconds; then others have their turn. */
const chunk = 20_000;
/** Answers that are kept: going back to a filter, and scrolling, look nothing through again. */
const keptAnswers = 8;

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

  constructor(session: VaultSession) {
    this.#session = session;
  }

  /** Entries that match, the newest first, from the `offset`th on; and how many there are. @throws VAULT_LOCKED */
  async page(filter: AuditFilter, offset: number, limit: number): Promise<{ total: number; rows: AuditEntry[] }> {
    const { database } = this.#session;
    const where = conditionOf(filter);
    if (where.sql === '') {
      const total = count(database);
      const select = 'SELECT * FROM audit ORDER BY seq DESC LIMIT ? OFFSET ?';
      return { total, rows: database.prepare<[number, number], AuditRow>(select).all(limit, offset).map(entryOf) };
    }
    const { seqs } = await this.#answer(where);
    const end = Math.max(0, seqs.length - offset);
    const one = database.prepare<[number], AuditRow>('SELECT * FROM audit WHERE seq = ?');
    const rows = seqs.slice(Math.max(0, end - limit), end).flatMap((seq) => one.get(seq) ?? []);
    return { total: seqs.length, rows: rows.map(entryOf).reverse() };
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
  operators(): string[] {
    const select = `WITH RECURSIVE name (n) AS (SELECT min(operator) FROM audit
      UNION SELECT (SELECT min(operator) FROM audit WHERE operator > n) FROM name WHERE n IS NOT NULL)
      SELECT n FROM name WHERE n IS NOT NULL LIMIT 200`;
    return this.#session.database.prepare<[], string>(select).pluck().all();
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
    const part = database
      .prepare<[number, number], number>('SELECT max(seq) FROM (SELECT seq FROM audit WHERE seq > ? ORDER BY seq LIMIT ?)')
      .pluck();
    const find = database
      .prepare<SqlValue[], number>(`SELECT seq FROM audit WHERE seq > ? AND seq <= ? ${sql} ORDER BY seq`)
      .pluck();
    for (;;) {
      const end = part.get(answer.upTo, chunk);
      if (typeof end !== 'number' || end <= answer.upTo) return;
      for (const seq of find.all(answer.upTo, end, ...values)) answer.seqs.push(seq);
      answer.upTo = end;
      await nextTurn();
      this.#session.assertOpen();
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function count(database: Database): number {
  return Number(database.prepare('SELECT count(*) FROM audit').pluck().get());
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
