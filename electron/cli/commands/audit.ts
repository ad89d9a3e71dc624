import { FieldkeyError } from '../../../shared/errors.ts';
import { type AuditFilter, auditGroups } from '../../../shared/model/audit.ts';
import { problem } from '../../../shared/problems.ts';
import { writeAudit } from '../../jobs/audit-file.ts';
import { AuditList } from '../../vault/audit-list.ts';
import { auditSentence } from '../audit-words.ts';
import { type CommandContext, dateOf, projectNamed, withVault } from '../context.ts';
import { utc } from '../output.ts';

export interface AuditOptions {
  readonly since?: string;
  readonly until?: string;
  readonly by?: string;
  readonly device?: string;
  readonly group?: string;
  readonly project?: string;
  readonly csv?: string;
  readonly out?: string;
}

/** `fieldkey audit --vault FILE`: the entries, oldest first; or into a file. */
export async function auditCommand(context: CommandContext, options: AuditOptions): Promise<void> {
  const { output } = context;
  const group = auditGroups.find((each) => each === options.group);
  if (options.group !== undefined && !group) {
    throw new FieldkeyError('INPUT_INVALID', { problems: [problem('choice', { choices: auditGroups.join(', ') }, 'group')] });
  }
  await withVault(context, false, async (session) => {
    const filter: AuditFilter = {
      since: dateOf(options.since, 'since'),
      until: dateOf(options.until, 'until'),
      operator: options.by,
      text: options.device,
      group,
      projectId: options.project === undefined ? undefined : projectNamed(session, options.project).id,
    };
    const file = options.csv ?? options.out;
    if (file !== undefined) {
      const format = options.csv === undefined ? 'json' : 'csv';
      const written = await writeAudit(session, filter, { file: context.path(file), format, signal: context.signal });
      output.say(`${written.entries} entries written to ${written.file}`);
      output.say(`Audit log stands at ${written.head}`);
      output.result({ written });
      return;
    }
    const head = session.audit.sealedHead;
    const entries = [];
    for await (const part of new AuditList(session).all(filter)) {
      for (const entry of part) {
        const { seq, at, operator } = entry;
        const when = Math.abs(at) <= 8.64e15 ? utc(at) : String(at);
        output.say(`${String(seq).padStart(7)}  ${when}  ${operator.padEnd(12)}  ${auditSentence(entry)}`);
        if (output.json) entries.push(entry);
      }
      if (context.signal.aborted) break;
    }
    output.say(`Audit log stands at ${head.mac} after ${head.count} entries`);
    output.result({ head, entries });
  });
}
