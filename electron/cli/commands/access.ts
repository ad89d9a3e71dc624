import { FieldkeyError } from '../../../shared/errors.ts';
import { accessDangers, dangerKinds } from '../../../shared/rules/access-dangers.ts';
import { foldDeviceId } from '../../../shared/rules/device-id.ts';
import { accessOf, exceptionsOf } from '../../authority/lookup.ts';
import { accessInput, compiledAccess } from '../../jobs/access-input.ts';
import { sharersIn } from '../../jobs/project-files.ts';
import type { VaultSession } from '../../vault/session.ts';
import { dangerText, reasonText } from '../access-words.ts';
import { type CommandContext, projectNamed, withVault } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';

interface AccessOptions {
  readonly device?: string;
  readonly clientId?: string;
  readonly publish?: readonly string[];
  readonly read?: readonly string[];
}

/**
 * `fieldkey access PROJECT --device ID --publish TOPIC --read TOPIC`: what the broker will decide, and by which line;
 * `--client-id` for another client id than the device's. Without a device: what is worth a second look in the rules. Gives the exit status: `findings` when something asked for is denied.
 * @throws PROJECT_NOT_FOUND, DEVICE_NOT_FOUND
 */
export async function accessCommand(context: CommandContext, name: string, options: AccessOptions): Promise<number> {
  const { output } = context;
  return withVault(context, false, async (session) => {
    const project = projectNamed(session, name);
    if (options.device === undefined) return dangersOf(session, project, output);
    const device = deviceNamed(session, project.id, options.device);
    const { decide, gaps } = compiledAccess(session, project.id);
    const user = certificateName(session, project.id, device);
    const asked = [
      ...(options.publish ?? []).map((topic) => ({ verb: 'write' as const, topic })),
      ...(options.read ?? []).map((topic) => ({ verb: 'read' as const, topic })),
    ];
    const answers = asked.map(({ verb, topic }) => ({
      verb,
      topic,
      ...decide({ user, clientId: options.clientId ?? device, topic, verb }),
    }));
    for (const answer of answers) {
      output.say(`${device} may ${answer.allowed ? '' : 'NOT '}${answer.verb} ${answer.topic}`);
      output.say(`  ${reasonText(answer)}`);
    }
    output.result({ device, answers, gaps: gaps.filter(({ member }) => member === device) });
    return answers.every(({ allowed }) => allowed) ? exitCodes.done : exitCodes.findings;
  });
}

function dangersOf(session: VaultSession, project: { id: number; name: string }, output: CommandContext['output']): number {
  const roles = new Map(session.tables.device.where('project_id = ?', project.id).map((row) => [row.name, row.role]));
  const found = accessDangers(
    project.name,
    accessOf(session, project.id),
    exceptionsOf(session, project.id),
    (device) => roles.get(device) ?? 'device',
  ).map((danger) => ({ ...danger, severity: dangerKinds[danger.kind] }));
  for (const danger of found) output.say(`${danger.severity.padEnd(7)} ${dangerText(danger)}`);
  if (found.length === 0) output.say('Nothing in these rules is worth a second look.');
  output.result({ dangers: found, gaps: compiledAccess(session, project.id).gaps });
  return exitCodes.done;
}

/** The user name that the broker takes from a certificate, which may be that of another device. */
function certificateName(session: VaultSession, projectId: number, device: string): string {
  if (!accessInput(session, projectId).ownClientIds) return device;
  return sharersIn(session, projectId).find((each) => each.device.id === device)?.holder.id ?? device;
}

/** The id as it was given: user name and client id on the broker. The observer is one as well. */
function deviceNamed(session: VaultSession, projectId: number, id: string): string {
  if (id === 'observer') return id;
  const [row] = session.tables.device.where('project_id = ? AND name_folded = ?', projectId, foldDeviceId(id));
  if (!row) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: id });
  return row.name;
}
