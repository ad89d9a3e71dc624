import { FieldkeyError } from '../../../shared/errors.ts';
import { type InventoryFormat, inventoryFormats, inventorySecrets } from '../../../shared/model/inventory.ts';
import { problem } from '../../../shared/problems.ts';
import { writeInventory } from '../../jobs/inventory.ts';
import { type CommandContext, projectNamed, withVault } from '../context.ts';
import { askPassphrase } from '../passphrase.ts';

interface Options {
  readonly out: string;
  readonly format?: string;
  readonly passwords: string;
}

/** `fieldkey inventory PROJECT --out FILE` */
export async function inventoryCommand(context: CommandContext, name: string, options: Options): Promise<void> {
  const { output } = context;
  const format = chosen(inventoryFormats, options.format ?? formatOf(options.out), 'format');
  const secrets = chosen(inventorySecrets, options.passwords, 'passwords');
  await withVault(context, false, async (session) => {
    const { id: projectId } = projectNamed(session, name);
    const passphrase =
      secrets === 'vault'
        ? await askPassphrase('Passphrase for ansible-vault', { twice: true, variable: 'FIELDKEY_INVENTORY_PASSPHRASE' })
        : undefined;
    const request = { format, secrets, passphrase };
    const written = await writeInventory(session, projectId, request, context.path(options.out), { signal: context.signal });
    output.say(`${written.devices} devices written to ${written.file}`);
    if (secrets === 'plain') output.say('Whoever has this file has the passwords of all devices.');
    output.result({ ...written, format, secrets });
  });
}

function formatOf(file: string): InventoryFormat {
  if (file.endsWith('.tfvars.json')) return 'terraform';
  return file.endsWith('.json') ? 'ansible-json' : 'ansible-yaml';
}

/** @throws INPUT_INVALID */
function chosen<T extends string>(choices: readonly T[], text: string, path: string): T {
  const found = choices.find((each) => each === text);
  if (found) return found;
  throw new FieldkeyError('INPUT_INVALID', { problems: [problem('choice', { choices: choices.join(', ') }, path)] });
}
