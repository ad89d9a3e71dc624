import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FieldkeyError } from '../../../shared/errors.ts';
import type { Role } from '../../../shared/model/access.ts';
import type { IntakeRefusal, ReviewedRequest } from '../../../shared/model/request.ts';
import { problem } from '../../../shared/problems.ts';
import { checkRoleName } from '../../../shared/rules/role-name.ts';
import { type DroppedFile, reviewRequests } from '../../jobs/review-requests.ts';
import { signRequests } from '../../jobs/sign-requests.ts';
import { requestFileSizeLimit } from '../../pki/read-request.ts';
import { authorityKey } from '../authority-key.ts';
import { type CommandContext, projectNamed, withVault } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { findingLine } from '../lint-words.ts';
import { grouped, utc } from '../output.ts';
import { requestRefusalTexts } from '../words.ts';

export interface SignRequestsOptions {
  readonly dryRun?: boolean;
  readonly role?: string;
  readonly id?: string;
  readonly replace?: boolean;
  readonly key?: string;
}

/**
 * `fieldkey sign-requests PROJECT FILES…`: shows every request beside what is issued, and issues what can be. Folders are
 * read without those below them. Gives the exit status: 7 when a request was refused.
 * @throws INPUT_INVALID, FILE_MALFORMED for a file that cannot be read, whatever issuing throws
 */
export async function signRequestsCommand(
  context: CommandContext,
  name: string,
  paths: readonly string[],
  options: SignRequestsOptions,
): Promise<number> {
  const { output } = context;
  const role = roleOf(options.role);
  const files = await filesOf(paths.map((path) => context.path(path)));
  return withVault(context, false, async (session) => {
    const { id: projectId } = projectNamed(session, name);
    const { policy, requests } = await reviewRequests(session, projectId, files, role);
    if (options.id !== undefined && requests.length !== 1)
      throw new FieldkeyError('INPUT_INVALID', { problems: [problem('number-range', { minimum: 1, maximum: 1 }, 'id')] });
    const named = requests.map((each) => ({ ...each, id: options.id ?? each.id }));
    output.say(`Issued for ${policy.days} days by ${policy.authority}, for MQTT clients, whatever a request asks for.`);
    const wanted = named.filter((each) => isWanted(each, options));
    for (const each of named) sayRequest(context, each, policy.subject, wanted.includes(each));
    const early = named
      .filter((each) => !wanted.includes(each))
      .map(({ file, id, refusal }) => ({ file, id, reason: refusal as IntakeRefusal }));
    if (options.dryRun) {
      output.say(`${wanted.length} would be issued, ${early.length} refused. Nothing was changed.`);
      output.result({ dryRun: true, policy, requests: named });
      return early.length > 0 ? exitCodes.findings : exitCodes.done;
    }
    const accepted = wanted.map(({ pem, id }) => ({ pem, id, role, existing: options.replace === true }));
    const control = { signal: context.signal, onProgress: output.progress };
    const report = await authorityKey(context, session, projectId, options, (handed) =>
      signRequests(session, projectId, accepted, control, {}, handed),
    );
    for (const { id, serial, notAfter } of report.issued)
      output.say(`Issued: ${id.padEnd(24)} until ${utc(notAfter)}  ${grouped(serial)}`);
    for (const { id, reason } of report.refused) output.say(`Refused: ${id}: ${requestRefusalTexts[reason]}`);
    const refused = [...early, ...report.refused];
    output.say(`${report.issued.length} issued, ${refused.length} refused. "export" writes the bundles, without keys.`);
    output.result({ policy, issued: report.issued, refused });
    return refused.length > 0 ? exitCodes.findings : exitCodes.done;
  });
}

/** With another id than the proposed one everything is judged when it is issued. */
function isWanted({ pem, refusal, existing }: ReviewedRequest, { id, replace }: SignRequestsOptions): boolean {
  if (pem === '') return false;
  if (refusal === null) return true;
  if (refusal === 'name-taken') return (replace === true && existing !== null) || id !== undefined;
  return id !== undefined && refusal.startsWith('id-');
}

function sayRequest({ output }: CommandContext, each: ReviewedRequest, subject: string, wanted: boolean): void {
  output.say(`${each.file}${each.position > 0 ? ` (${each.position + 1})` : ''}`);
  if (each.pem !== '') {
    const asks = [...each.names, ...each.addresses].join(', ');
    output.say(`  asks for  ${each.subject || '(no name)'}, ${each.key}${asks === '' ? '' : `, names: ${asks}`}`);
    if (each.extensions.length > 0) output.say(`            extensions: ${each.extensions.join(', ')}`);
    for (const finding of each.findings) output.say(`            ${findingLine(finding)}`);
  }
  if (wanted) output.say(`  becomes   CN=${each.id}${subject === '' ? '' : `, ${subject}`}, role ${each.role}`);
  else if (each.refusal) output.say(`  REFUSED   ${requestRefusalTexts[each.refusal]}`);
}

function roleOf(text = 'device'): Role {
  const problems = checkRoleName(text);
  // one that has no rules in this project is told with each request
  if (problems.length === 0) return text;
  throw new FieldkeyError('INPUT_INVALID', { problems: problems.map((each) => ({ ...each, path: 'role' })) });
}

async function filesOf(paths: readonly string[]): Promise<DroppedFile[]> {
  const files: DroppedFile[] = [];
  for (const path of paths) {
    try {
      const isFolder = (await stat(path)).isDirectory();
      const entries = isFolder ? (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isFile()) : [];
      const all = isFolder ? entries.map((entry) => join(path, entry.name)).toSorted() : [path];
      for (const file of all) {
        if ((await stat(file)).size > requestFileSizeLimit)
          throw new FieldkeyError('FILE_TOO_LARGE', { file, limit: requestFileSizeLimit });
        files.push({ name: basename(file), bytes: await readFile(file) });
      }
    } catch (error) {
      if (error instanceof FieldkeyError) throw error;
      throw new FieldkeyError('FILE_MALFORMED', { what: path, reason: (error as NodeJS.ErrnoException).code ?? 'error' }, error);
    }
  }
  return files;
}
