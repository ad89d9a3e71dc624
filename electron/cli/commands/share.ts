import { FieldkeyError } from '../../../shared/errors.ts';
import { problem } from '../../../shared/problems.ts';
import { foldDeviceId } from '../../../shared/rules/device-id.ts';
import { whatToCopy } from '../../jobs/change-project.ts';
import { shareCertificate, sharedGroups, unshareCertificate } from '../../jobs/share-certificate.ts';
import type { VaultSession } from '../../vault/session.ts';
import { authorityKey } from '../authority-key.ts';
import { type CommandContext, projectNamed, withVault } from '../context.ts';
import { sayFiles } from './password.ts';

export const shareActions = ['list', 'begin', 'end'] as const;

interface Options {
  readonly certificate?: string;
  readonly key?: string;
  readonly device?: readonly string[];
}

/** `fieldkey share list | begin | end PROJECT` */
export async function shareCommand(
  context: CommandContext,
  action: (typeof shareActions)[number],
  name: string,
  options: Options,
): Promise<void> {
  const { output } = context;
  await withVault(context, false, async (session) => {
    const { id: projectId } = projectNamed(session, name);
    const idOf = (id: string) => deviceNamed(session, projectId, id);
    if (action === 'list') {
      const groups = sharedGroups(session, projectId);
      for (const { holder, devices } of groups)
        output.say(`The certificate of ${holder} is also used by ${devices.map(({ id }) => id).join(', ')}`);
      if (groups.length === 0) output.say('Every device has a certificate of its own.');
      output.result({ groups });
      return;
    }
    if (!options.device) throw new FieldkeyError('INPUT_INVALID', { problems: [problem('missing', {}, 'device')] });
    const ids = options.device.map(idOf);
    if (action === 'end') {
      const control = { signal: context.signal, onProgress: output.progress };
      const done = await whatToCopy(session, projectId, async () => ({
        unshared: await authorityKey(context, session, projectId, options, async (handed) => [
          ...(await unshareCertificate(session, projectId, ids, control, handed)),
        ]),
      }));
      output.say(`A certificate of their own: ${done.unshared.join(', ') || 'nobody'}. Export their bundles next.`);
      sayFiles(output, done.filesToCopy);
      output.result(done);
      return;
    }
    if (!options.certificate) throw new FieldkeyError('INPUT_INVALID', { problems: [problem('missing', {}, 'certificate')] });
    const holder = idOf(options.certificate);
    const done = await whatToCopy(session, projectId, () => ({
      shared: [...shareCertificate(session, projectId, holder, ids)],
    }));
    output.say(`${done.shared.join(', ') || 'Nobody else'}: now with the certificate of ${options.certificate}.`);
    output.say('Whoever has it can pose as each of them, and revoking it stops all of them.');
    sayFiles(output, done.filesToCopy);
    output.result(done);
  });
}

/** @throws DEVICE_NOT_FOUND */
function deviceNamed(session: VaultSession, projectId: number, id: string): number {
  const row = session.tables.device.where('project_id = ? AND name_folded = ?', projectId, foldDeviceId(id))[0];
  if (!row) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: id });
  return row.id;
}
