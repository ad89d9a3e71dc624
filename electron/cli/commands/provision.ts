import { readFile, stat } from 'node:fs/promises';
import { FieldkeyError } from '../../../shared/errors.ts';
import type { ProvisionPlan } from '../../../shared/model/plan.ts';
import { checkPlan } from '../../../shared/rules/plan.ts';
import { brokerAwaits } from '../../authority/broker-origin.ts';
import { projectByName } from '../../authority/lookup.ts';
import { exportProject } from '../../jobs/export-project.ts';
import { type ProvisionReport, provision } from '../../jobs/provision.ts';
import { authorityKey } from '../authority-key.ts';
import { type CommandContext, keyPassphrase, withVault } from '../context.ts';
import { sayExport } from './export.ts';
import { warnings } from './warnings.ts';

/** 250,000 devices written out one by one are about 20 MB. */
const planMaximum = 32 * 1024 * 1024;

/** `fieldkey provision PLAN --vault FILE --out DIR`: check, create or complete, export. */
export async function provisionCommand(
  context: CommandContext,
  file: string,
  options: { out: string; encryptKeys?: boolean; key?: string },
): Promise<void> {
  const plan = await readPlan(context, file);
  const { output } = context;
  output.say(`Plan checked: project ${plan.project}, ${plan.devices.length} devices.`);
  // asked before the vault is made: a run that cannot go on leaves nothing behind
  const passphrase = await keyPassphrase(options);
  await withVault(context, true, async (session) => {
    const control = { signal: context.signal, onProgress: output.progress };
    // of a project that is there
    const report = await authorityKey(context, session, projectByName(session, plan.project)?.id ?? 0, options, (handed) =>
      provision(session, plan, control, {}, handed),
    );
    for (const line of reportLines(report, brokerAwaits(session, report.projectId) !== null)) output.say(line);
    for (const line of warnings(session, report.projectId)) output.say(line);
    const written = await exportProject(session, report.projectId, {
      ...control,
      directory: context.path(options.out),
      keyPassphrase: passphrase,
    });
    sayExport(output, written);
    const { projectId: _, project, ...rest } = report;
    output.result({ project: { name: plan.project, state: project }, ...rest, export: written });
  });
}

async function readPlan(context: CommandContext, file: string): Promise<ProvisionPlan> {
  const path = file === '-' ? 'standard input' : context.path(file);
  let input: unknown;
  try {
    // a byte-order mark, as Windows editors write it, is no part of JSON
    input = JSON.parse((await readText(file === '-' ? null : path)).replace(/^\ufeff/, ''));
  } catch (error) {
    if (error instanceof FieldkeyError) throw error;
    throw new FieldkeyError(
      'PLAN_NOT_READABLE',
      { file: path, reason: error instanceof Error ? error.message : String(error) },
      error,
    );
  }
  const checked = checkPlan(input);
  if ('problems' in checked) throw new FieldkeyError('PLAN_INVALID', { file: path, problems: checked.problems });
  return checked.plan;
}

async function readText(path: string | null): Promise<string> {
  if (path !== null) {
    if ((await stat(path)).size > planMaximum) throw new FieldkeyError('FILE_TOO_LARGE', { file: path, limit: planMaximum });
    return readFile(path, 'utf8');
  }
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const part of process.stdin) {
    text += part;
    if (text.length > planMaximum) throw new FieldkeyError('FILE_TOO_LARGE', { file: 'standard input', limit: planMaximum });
  }
  return text;
}

function reportLines(report: ProvisionReport, awaits: boolean): string[] {
  const lines: string[] = [];
  if (report.project === 'created')
    lines.push(
      awaits
        ? 'Project created: authority, observer, canary, revocation list. Neither a key nor a certificate of the broker was made.'
        : 'Project created: authority, broker certificate, observer, canary, revocation list.',
    );
  if (report.broker === 'reissued')
    lines.push(
      'Broker certificate issued anew (changed names or addresses, or the old one was due); copy the new kit to the broker.',
    );
  if (report.broker === 'changed') lines.push('Broker settings changed; copy the new kit to the broker.');
  if (report.access === 'changed') lines.push('Access rules changed; copy the new kit to the broker.');
  if (report.rolesChanged > 0) lines.push(`Roles changed: ${report.rolesChanged} devices.`);
  lines.push(
    report.issued > 0
      ? `Issued: ${report.issued} device certificates (${report.alreadyThere} were there already).`
      : `Nothing to issue: all ${report.alreadyThere} devices are there already.`,
  );
  if (report.notInPlan > 0) lines.push(`Kept: ${report.notInPlan} devices of the vault that the plan does not name.`);
  return lines;
}
