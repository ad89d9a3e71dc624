import { FieldkeyError } from '../../../shared/errors.ts';
import { verifyVault } from '../../vault/verify.ts';
import { type CommandContext, withVault } from '../context.ts';

/** `fieldkey verify --vault FILE` */
export async function verifyCommand(context: CommandContext): Promise<void> {
  const { output } = context;
  await withVault(context, false, async (session) => {
    const result = await verifyVault(session);
    if (!result.sound) throw new FieldkeyError('VAULT_DAMAGED', { file: context.vault, detail: result.findings.join('; ') });
    output.say(`Sound: ${result.entries} audit entries, every row as it was written. The log stands at ${result.head}`);
    output.result({ verification: result });
  });
}
