import { FieldkeyError } from '../../shared/errors.ts';
import type { AuditEntry, AuditFilter } from '../../shared/model/audit.ts';
import { writeWhole } from '../bundle/whole-file.ts';
import { AuditList } from '../vault/audit-list.ts';
import type { VaultSession } from '../vault/session.ts';

export type AuditFormat = 'csv' | 'json';

export interface WrittenAudit {
  readonly file: string;
  readonly entries: number;
  /** Where the log stood, hexadecimal; in the file too. */
  readonly head: string;
}

/**
 * Writes the entries that match to a file, oldest first, with the head of the chain: JSON with one entry a line, or CSV
 * (RFC 4180, UTF-8 with a mark, because spreadsheets guess otherwise). A few entries at a time; the file appears under its
 * name when it is complete, and one that was there is replaced only then.
 * @throws EXPORT_NOT_WRITABLE, EXPORT_NO_SPACE, VAULT_LOCKED, EXPORT_CANCELLED
 */
export async function writeAudit(
  session: VaultSession,
  filter: AuditFilter,
  target: { readonly file: string; readonly format: AuditFormat; readonly signal?: AbortSignal | undefined },
): Promise<WrittenAudit> {
  const { file, format, signal } = target;
  const head = session.audit.sealedHead;
  let entries = 0;
  await writeWhole(file, async (write) => {
    const form = format === 'csv' ? csv : json;
    await write(form.begin(head, filter, session.now()));
    const names = projectNames(session);
    for await (const part of new AuditList(session).all(filter)) {
      if (signal?.aborted) throw new FieldkeyError('EXPORT_CANCELLED', { directory: file });
      // entries of acts after the head was noted belong to the next export
      const known = part.filter(({ seq }) => seq <= head.count || head.count === 0);
      await write(known.map((entry, index) => form.entry(entry, names, entries + index === 0)).join(''));
      entries += known.length;
    }
    await write(form.end(head));
  });
  return { file, entries, head: head.mac };
}

type Head = VaultSession['audit']['sealedHead'];
type Names = ReadonlyMap<number, string>;

interface Form {
  begin(head: Head, filter: AuditFilter, now: number): string;
  entry(entry: AuditEntry, names: Names, first: boolean): string;
  end(head: Head): string;
}

const json: Form = {
  begin: (head, filter, now) => {
    const about = { format: 'fieldkey-audit', version: 1, exportedAt: utcText(now), head, filter };
    return `${JSON.stringify(about).slice(0, -1)},"entries":[`;
  },
  entry: ({ seq, at, projectId, ...entry }, names, first) => {
    const project = projectId === null ? null : (names.get(projectId) ?? String(projectId));
    return `${first ? '' : ','}\n${JSON.stringify({ seq, at: utcText(at), ...entry, project })}`;
  },
  end: () => '\n]}\n',
};

const columns = ['seq', 'at', 'operator', 'action', 'project', 'subject', 'detail'];

const csv: Form = {
  begin: () => `\uFEFF${columns.map(csvField).join(',')}\r\n`,
  entry: ({ seq, at, operator, action, projectId, subject, detail }, names) => {
    const project = projectId === null ? '' : (names.get(projectId) ?? String(projectId));
    return csvLine([String(seq), utcText(at), operator, action, project, subject, JSON.stringify(detail)]);
  },
  // a line of the same form: a comment would not be CSV
  end: ({ count, mac }) => csvLine([String(count), '', '', 'audit.head', '', mac, '{}']),
};

function csvLine(fields: readonly string[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

/**
 * One field. A spreadsheet takes what begins with = + - @ (or a tab or line break before it) for a formula and runs it; an
 * apostrophe before it makes it text (OWASP, CSV injection).
 */
export function csvField(text: string): string {
  const safe = /^[\s\0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** ISO 8601 in UTC; of an entry whose time was changed to none at all, the number. */
function utcText(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time);
}

function projectNames(session: VaultSession): Names {
  const rows = session.database.prepare<[], { id: number; name: string }>('SELECT id, name FROM project').all();
  return new Map(rows.map(({ id, name }) => [id, name]));
}
