import { exportProject, type ProjectExport } from '../../jobs/export-project.ts';
import { type CommandContext, keyPassphrase, projectNamed, withVault } from '../context.ts';
import type { Output } from '../output.ts';
import { warnings } from './warnings.ts';

/** `fieldkey export PROJECT --vault FILE --out DIR` */
export async function exportCommand(
  context: CommandContext,
  name: string,
  options: { out: string; encryptKeys?: boolean },
): Promise<void> {
  const { output } = context;
  await withVault(context, false, async (session) => {
    const passphrase = await keyPassphrase(options);
    const written = await exportProject(session, projectNamed(session, name).id, {
      directory: context.path(options.out),
      keyPassphrase: passphrase,
      signal: context.signal,
      onProgress: output.progress,
    });
    sayExport(output, written);
    for (const line of warnings(session, projectNamed(session, name).id)) output.say(line);
    output.result({ export: written });
  });
}

export function sayExport(output: Output, written: ProjectExport): void {
  output.say(
    written.unchanged
      ? `Export unchanged: ${written.directory} already holds these ${written.files} files.`
      : `Exported and read back: ${written.files} files, ${written.devices} devices, ${written.directory}`,
  );
  if (written.leftOut.length > 0) {
    const some = written.leftOut.slice(0, 5).join(', ');
    output.say(
      `Left out, no valid certificate: ${some}${written.leftOut.length > 5 ? ` and ${written.leftOut.length - 5} more` : ''}`,
    );
  }
  output.say(`Audit log stands at ${written.auditHead}`);
}
