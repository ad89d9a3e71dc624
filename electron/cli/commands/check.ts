import { readFile, writeFile } from 'node:fs/promises';
import { FieldkeyError } from '../../../shared/errors.ts';
import { type Check, type CheckReport, type CheckResult, checkLimits } from '../../../shared/model/check.ts';
import { problem } from '../../../shared/problems.ts';
import { concernsDevice, takesOver } from '../../../shared/rules/check-scope.ts';
import { foldDeviceId } from '../../../shared/rules/device-id.ts';
import { brokerOf } from '../../authority/lookup.ts';
import { exportChecks, readChecks } from '../../jobs/checks/file.ts';
import { finishChecks } from '../../jobs/checks/finish.ts';
import { junitOf } from '../../jobs/checks/junit.ts';
import { reportText } from '../../jobs/checks/last-run.ts';
import { type ChecksRequest, openChecked, prepareChecks } from '../../jobs/checks/prepare.ts';
import { checkSentence, resultSentence } from '../../jobs/checks/sentence.ts';
import { folded, savedChecks, takeChecks } from '../../jobs/checks/store.ts';
import { CheckRun } from '../../tester/checks/run.ts';
import { defaultTiming } from '../../tester/timing.ts';
import type { VaultSession } from '../../vault/session.ts';
import { type CommandContext, numberOf, projectNamed, withVault } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';

export const checkActions = ['list', 'run', 'export', 'import'] as const;
type CheckAction = (typeof checkActions)[number];

interface CheckOptions {
  /** import: the file. */
  readonly given?: string | undefined;
  readonly device?: readonly string[];
  readonly all?: boolean;
  readonly role?: string;
  readonly only?: readonly string[];
  readonly yesTakeOver?: boolean;
  readonly host?: string;
  readonly port?: string;
  readonly file?: string;
  readonly junit?: string;
  readonly out?: string;
  readonly replace?: boolean;
}

/**
 * `fieldkey check ACTION PROJECT`: the checks that a project keeps, and running them on the live broker. Gives the exit status: `done`
 * when all passed, `notHeld` when one failed or could not be run, `cancelled` after Ctrl-C.
 * @throws PROJECT_NOT_FOUND, CHECK_NOT_FOUND, DEVICE_NOT_FOUND, INPUT_INVALID, FILE_MALFORMED, EXPORT_NOT_WRITABLE, KEY_UNAVAILABLE
 */
export function checkCommand(
  context: CommandContext,
  action: CheckAction,
  project: string,
  options: CheckOptions,
): Promise<number> {
  return withVault(context, false, async (session) => {
    const { id } = projectNamed(session, project);
    switch (action) {
      case 'list':
        return list(context, session, id);
      case 'run':
        return runChecks(context, session, id, options);
      case 'export':
        return exporting(context, session, id, options);
      case 'import':
        return importing(context, session, id, options);
    }
  });
}

function list({ output }: CommandContext, session: VaultSession, projectId: number): number {
  const checks = savedChecks(session, projectId).map(({ check }) => check);
  for (const check of checks) output.say(`${check.name}${check.enabled ? '' : ' (off)'}: ${checkSentence(check)}`);
  if (checks.length === 0) output.say('There are no checks yet.');
  output.result({ checks });
  return exitCodes.done;
}

async function exporting(
  context: CommandContext,
  session: VaultSession,
  projectId: number,
  { only, out }: CheckOptions,
): Promise<number> {
  const ids = only ? named(savedChecks(session, projectId), only, ({ check }) => check).map(({ checkId }) => checkId) : null;
  const { text } = exportChecks(session, projectId, ids);
  if (out !== undefined) await write(context.path(out), text);
  else context.output.say(text.trimEnd());
  context.output.result(JSON.parse(text));
  return exitCodes.done;
}

async function importing(
  context: CommandContext,
  session: VaultSession,
  projectId: number,
  { given, replace }: CheckOptions,
): Promise<number> {
  if (given === undefined) throw wrong('file');
  const checks = await checksOf(context, given);
  const taken = takeChecks(session, projectId, checks, replace ? 'replace' : 'skip');
  for (const [what, names] of Object.entries(taken)) for (const name of names) context.output.say(`${what}: ${name}`);
  context.output.result(taken);
  return exitCodes.done;
}

async function runChecks(
  context: CommandContext,
  session: VaultSession,
  projectId: number,
  options: CheckOptions,
): Promise<number> {
  const { output, signal } = context;
  const broker = brokerOf(session, projectId)?.parsed;
  const host = options.host ?? broker?.addresses[0] ?? broker?.names[0] ?? 'localhost';
  const port = numberOf(options.port, 'port') ?? broker?.port ?? 8883;
  const checks = await wantedChecks(context, session, projectId, options);
  const devices = devicesOf(session, projectId, options);
  if (checks.some(concernsDevice) && devices.kind === 'some' && devices.deviceIds.length === 0) throw wrong('device');
  if (checks.some(takesOver) && !options.yesTakeOver) throw wrong('yes-take-over');
  const request = { projectId, host, port, devices, takeoverAccepted: options.yesTakeOver === true };
  const prepared = await prepareChecks(session, request, { checks });
  const { project, members, observer } = prepared;
  const concerned = checks.filter(concernsDevice).length;
  const total = concerned * members.length + checks.length - concerned;
  const results: CheckResult[] = [];
  const run = new CheckRun({ runId: '', host, port, project, checks, observer }, defaultTiming, (result) => {
    results.push(result);
    output.progress({ step: 'prove', done: results.length, total });
  });
  const cancel = () => void run.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    if (!signal.aborted) await run.alone();
    // keys leave the vault a few at a time, and are wiped as soon as TLS has them
    for (let from = 0; from < members.length && !signal.aborted; from += checkLimits.parallel) {
      const some = members.slice(from, from + checkLimits.parallel);
      const identities = openChecked(session, projectId, some);
      await run.devices(some.map(({ id, hindrance }, at) => ({ device: id, hindrance, identity: identities[at] ?? null })));
    }
  } finally {
    signal.removeEventListener('abort', cancel);
    await run.end();
  }
  const report = finishChecks(session, request, prepared, { results, cancelled: signal.aborted });
  if (options.out !== undefined) await write(context.path(options.out), reportText(report));
  if (options.junit !== undefined) await write(context.path(options.junit), junitOf(report));
  for (const line of linesOf(report)) output.say(line);
  output.result({ report });
  if (report.cancelled) return exitCodes.cancelled;
  return report.results.every(({ outcome }) => outcome === 'passed') ? exitCodes.done : exitCodes.notHeld;
}

function linesOf({ results, checks, cancelled }: CheckReport): string[] {
  const count = (outcome: CheckResult['outcome']) => results.filter((each) => each.outcome === outcome).length;
  const words = { passed: 'passed   ', failed: 'FAILED   ', untried: 'not run  ' } as const;
  return [
    ...results.map((result) => {
      const check = checks[result.check] as Check;
      const whose = result.device === null ? '' : `${result.device}, `;
      return `${words[result.outcome]}${whose}${check.name}: ${resultSentence(result, check)}`;
    }),
    `${results.length} checks: ${count('passed')} passed, ${count('failed')} failed, ${count('untried')} could not be run${cancelled ? '; cancelled' : ''}`,
  ];
}

async function wantedChecks(
  context: CommandContext,
  session: VaultSession,
  projectId: number,
  { file, only }: CheckOptions,
): Promise<Check[]> {
  const all = file === undefined ? savedChecks(session, projectId).map(({ check }) => check) : await checksOf(context, file);
  // named ones are wanted, whether they are on or off
  return only ? named(all, only, (check) => check) : all.filter(({ enabled }) => enabled);
}

/** In their own order. @throws CHECK_NOT_FOUND */
function named<T>(all: readonly T[], names: readonly string[], of: (one: T) => Check): T[] {
  const wanted = new Set(names.map(folded));
  const missing = names.find((name) => !all.some((one) => folded(of(one).name) === folded(name)));
  if (missing !== undefined) throw new FieldkeyError('CHECK_NOT_FOUND', { check: missing });
  return all.filter((one) => wanted.has(folded(of(one).name)));
}

function devicesOf(session: VaultSession, projectId: number, { device = [], all, role }: CheckOptions): ChecksRequest['devices'] {
  if (all || role !== undefined) return { kind: 'all', role };
  const deviceIds = device.map((id) => {
    const [row] = session.tables.device.where(
      'project_id = ? AND name_folded = ? AND retired_at IS NULL',
      projectId,
      foldDeviceId(id),
    );
    if (!row) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: id });
    return row.id;
  });
  return { kind: 'some', deviceIds };
}

async function checksOf(context: CommandContext, file: string): Promise<Check[]> {
  let text: string;
  try {
    text = await readFile(context.path(file), 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FieldkeyError('FILE_MALFORMED', { what: file, reason }, error);
  }
  return readChecks(text, file);
}

function wrong(option: string): FieldkeyError<'INPUT_INVALID'> {
  return new FieldkeyError('INPUT_INVALID', { problems: [problem('missing', {}, option)] });
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FieldkeyError('EXPORT_NOT_WRITABLE', { directory: file, reason }, error);
  }
}
