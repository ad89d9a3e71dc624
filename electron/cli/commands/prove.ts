import { writeFile } from 'node:fs/promises';
import { FieldkeyError } from '../../../shared/errors.ts';
import type { ProofReport } from '../../../shared/model/proof.ts';
import { foldDeviceId } from '../../../shared/rules/device-id.ts';
import { differs } from '../../../shared/rules/proof-judgement.ts';
import { brokerOf } from '../../authority/lookup.ts';
import { finishProof, prepareProof } from '../../jobs/prove-access.ts';
import { proveAccess } from '../../tester/prove.ts';
import { defaultTiming } from '../../tester/timing.ts';
import type { VaultSession } from '../../vault/session.ts';
import { checkText, connectionText, explanationText, refusalText } from '../access-words.ts';
import { type CommandContext, numberOf, projectNamed, withVault } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';

interface ProveOptions {
  readonly host?: string;
  readonly port?: string;
  readonly device?: readonly string[];
  readonly out?: string;
}

/**
 * `fieldkey prove PROJECT --device ID…`: tries on the live broker who may write and read what, and whom it refuses. Gives the exit
 * status: `notHeld` unless everything was tried and is as the project says.
 * @throws PROJECT_NOT_FOUND, DEVICE_NOT_FOUND, KEY_UNAVAILABLE, EXPORT_NOT_WRITABLE, PROOF_CANCELLED (Ctrl-C)
 */
export async function proveCommand(context: CommandContext, name: string, options: ProveOptions): Promise<number> {
  const { output } = context;
  return withVault(context, false, async (session) => {
    const projectId = projectNamed(session, name).id;
    const broker = brokerOf(session, projectId)?.parsed;
    const host = options.host ?? broker?.addresses[0] ?? broker?.names[0] ?? 'localhost';
    const port = numberOf(options.port, 'port') ?? broker?.port ?? 8883;
    const deviceIds = (options.device ?? []).map((id) => deviceNamed(session, projectId, id));
    const { expected, startedAt, ...order } = await prepareProof(session, { projectId, host, port, deviceIds });
    const observed = await proveAccess({ proofId: '', host, port, ...order }, defaultTiming, {
      onProgress: (done, total) => output.progress({ step: 'prove', done, total }),
      signal: context.signal,
    });
    const { proofId, report } = await finishProof(session, { projectId, host, port }, { expected, startedAt }, observed);
    if (options.out !== undefined) await write(context.path(options.out), report);
    for (const line of linesOf(report)) output.say(line);
    output.result({ proofId, report });
    return report.outcome === 'proved' ? exitCodes.done : exitCodes.notHeld;
  });
}

function linesOf(report: ProofReport): string[] {
  const wrong = report.checks.filter(differs);
  const open = report.checks.filter(({ seen }) => seen === 'untried');
  return [
    ...report.connections.map(connectionText),
    ...(report.brokerVersion == null ? [] : [`the broker says of itself: ${report.brokerVersion}`]),
    ...wrong.map((check) => `  DIFFERENT  ${checkText(check)}`),
    ...report.explanations.map((each) => `  ${explanationText(each)}`),
    ...open.map((check) => `  not tried  ${checkText(check)}`),
    ...report.refusals.map(refusalText),
    `${report.checks.length} checks, ${wrong.length} different, ${open.length} not tried: ${report.outcome}`,
  ];
}

async function write(file: string, report: ProofReport): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FieldkeyError('EXPORT_NOT_WRITABLE', { directory: file, reason }, error);
  }
}

function deviceNamed(session: VaultSession, projectId: number, id: string): number {
  const [row] = session.tables.device.where(
    'project_id = ? AND name_folded = ? AND retired_at IS NULL',
    projectId,
    foldDeviceId(id),
  );
  if (!row) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: id });
  return row.id;
}
