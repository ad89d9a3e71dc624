import { FieldkeyError } from '../../../shared/errors.ts';
import { problem } from '../../../shared/problems.ts';
import { verifyVault } from '../../vault/verify.ts';
import { type CommandContext, withVault } from '../context.ts';

/**
 * `fieldkey verify --vault FILE [--head HEX]`: with the checksum of an earlier export or report also whether the log ever
 * stood there. An older copy of the vault that was put in its place is sound in itself; only this finds it.
 */
export async function verifyCommand(context: CommandContext, options: { readonly head?: string } = {}): Promise<void> {
  const { output } = context;
  const head = options.head?.replaceAll(/[:\s]/g, '').toLowerCase();
  if (head !== undefined && !/^[0-9a-f]{64}$/.test(head)) {
    throw new FieldkeyError('INPUT_INVALID', {
      problems: [problem('type', { expected: 'checksum (64 hexadecimal digits)' }, 'head')],
    });
  }
  await withVault(context, false, async (session) => {
    const result = await verifyVault(session);
    const stoodAt = head === undefined ? null : session.audit.stoodAt(head);
    if (!result.sound) throw new FieldkeyError('VAULT_DAMAGED', { file: context.vault, detail: result.findings.join('; ') });
    if (head !== undefined && stoodAt === null) {
      const detail = `its audit log never stood at ${head}: an older copy was put in its place, or it is another vault`;
      throw new FieldkeyError('VAULT_DAMAGED', { file: context.vault, detail });
    }
    output.say(`Sound: ${result.entries} audit entries, every row as it was written. The log stands at ${result.head}`);
    if (stoodAt !== null) output.say(`It stood at ${head} after entry ${stoodAt}`);
    output.result({ verification: { ...result, stoodAt } });
  });
}
