import { FieldkeyError } from '../../../shared/errors.ts';
import { problem } from '../../../shared/problems.ts';
import { foldDeviceId } from '../../../shared/rules/device-id.ts';
import { passwordFile, saltOf, sha512Hash } from '../../broker/mosquitto/password-hash.ts';
import { kitUsers } from '../../jobs/canary-account.ts';
import { whatToCopy } from '../../jobs/change-project.ts';
import { passwordsView } from '../../jobs/password-view.ts';
import { finishPasswords, makePasswords } from '../../jobs/passwords.ts';
import { membersOf } from '../../jobs/project-files.ts';
import type { VaultSession } from '../../vault/session.ts';
import { type CommandContext, projectNamed, withVault } from '../context.ts';
import type { Output } from '../output.ts';
import { askPassphrase } from '../passphrase.ts';

export const passwordActions = ['show', 'make', 'finish', 'undo', 'file'] as const;

interface Options {
  readonly device?: readonly string[];
  readonly all?: boolean;
  readonly observer?: boolean;
  readonly typed?: boolean;
  readonly atOnce?: boolean;
  readonly print?: boolean;
  readonly sha512?: boolean;
}

/** `fieldkey password show | make | finish | undo | file PROJECT`. A password is printed by `make --print` only, and only then. */
export async function passwordCommand(
  context: CommandContext,
  action: (typeof passwordActions)[number],
  name: string,
  options: Options,
): Promise<void> {
  const { output } = context;
  await withVault(context, false, async (session) => {
    const { id: projectId } = projectNamed(session, name);
    switch (action) {
      case 'show':
        return show(output, session, projectId);
      case 'make':
        return make(context, session, projectId, options);
      case 'finish':
      case 'undo': {
        const ids = devicesOf(session, projectId, options);
        const keep = action === 'finish' ? 'new' : 'old';
        const { finished, filesToCopy } = await whatToCopy(session, projectId, () => ({
          finished: finishPasswords(session, projectId, ids, keep),
        }));
        const words = action === 'finish' ? 'Only the new password from now on' : 'The old password alone, as before';
        output.say(finished.length === 0 ? 'No password was being changed.' : `${words}: ${finished.join(', ')}`);
        sayFiles(output, filesToCopy);
        output.result({ finished, filesToCopy });
        return;
      }
      case 'file': {
        const users = kitUsers(session, projectId);
        const lines = await Promise.all(
          users.map(async ({ user, password, hash }) => ({
            user,
            // of what is known as a hash only there is no other form
            hash: options.sha512 && password !== null ? sha512Hash(password, saltOf(hash)) : hash,
          })),
        );
        const text = passwordFile(lines);
        if (output.json) output.result({ users: lines.map(({ user }) => user), file: text });
        else process.stdout.write(text);
        return;
      }
    }
  });
}

function show(output: Output, session: VaultSession, projectId: number): void {
  const view = passwordsView(session, projectId);
  if (view.identity === 'certificate')
    output.say('The broker knows devices by their certificates; it never looks at a password.');
  else output.say(`${view.one + view.changing.length} devices have a password, ${view.none} have none.`);
  for (const { id, user, before, exported } of view.changing)
    output.say(
      `  ${id}: the broker takes ${before} (old) and ${user} (new); ${exported ? 'the new one was exported, finish when the device has it' : 'export its bundle next'}`,
    );
  output.result({ ...view });
}

async function make(context: CommandContext, session: VaultSession, projectId: number, options: Options): Promise<void> {
  const { output } = context;
  const deviceIds = options.observer && !options.all && !options.device ? [] : devicesOf(session, projectId, options);
  const typed = options.typed
    ? await askPassphrase('Password for the device', { twice: true, variable: 'FIELDKEY_DEVICE_PASSWORD' })
    : undefined;
  if (typed !== undefined && deviceIds.length + (options.observer ? 1 : 0) !== 1)
    throw new FieldkeyError('INPUT_INVALID', { problems: [problem('choice', { choices: 'one device' }, 'device')] });
  const request = { deviceIds, observer: options.observer, typed, overlap: options.atOnce !== true };
  const { made, filesToCopy } = await whatToCopy(session, projectId, async () => ({
    made: await makePasswords(session, projectId, request, { signal: context.signal, onProgress: output.progress }),
  }));
  const shown = options.print ? made : made.map(({ id, user }) => ({ id, user }));
  output.say(`${made.length} passwords made.`);
  for (const each of shown) if ('password' in each) output.say(`  ${each.user}  ${each.password}`);
  if (!options.print) output.say('They are in the bundles that "export" writes; "make --print" would have shown them.');
  sayFiles(output, filesToCopy);
  output.result({ made: shown, filesToCopy });
}

/** @throws INPUT_INVALID when nobody is named, DEVICE_NOT_FOUND */
function devicesOf(session: VaultSession, projectId: number, { device, all }: Options): number[] {
  if (all) return membersOf(session, projectId).map(({ id }) => id);
  if (!device) throw new FieldkeyError('INPUT_INVALID', { problems: [problem('missing', {}, 'device')] });
  return device.map((id) => {
    const row = session.tables.device.where('project_id = ? AND name_folded = ?', projectId, foldDeviceId(id))[0];
    if (!row) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: id });
    return row.id;
  });
}

export function sayFiles(output: Output, files: readonly string[]): void {
  if (files.length > 0) output.say(`The broker needs these files: ${files.join(', ')}. Export, and install the kit.`);
}
