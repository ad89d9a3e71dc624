import { dueList } from '../../authority/due.ts';
import { scanFolder } from '../../jobs/scan-folder.ts';
import { type CommandContext, numberOf, projectNamed, withVault } from '../context.ts';
import { utc } from '../output.ts';

/** `fieldkey due PROJECT`: what ends soon, by week. */
export async function dueCommand(context: CommandContext, name: string, options: { within?: string }): Promise<void> {
  const { output } = context;
  await withVault(context, false, async (session) => {
    const due = dueList(session, projectNamed(session, name).id, {
      withinDays: numberOf(options.within, 'within'),
    });
    output.say(
      `Within ${due.withinDays} days: ${due.devices.total} devices, ${due.own.length} others. (30 days: ${due.within[30]}, 60: ${due.within[60]}, 90: ${due.within[90]})`,
    );
    for (const { weekStart, devices, others } of due.weeks) {
      output.say(`  week of ${utc(weekStart).slice(0, 10)}: ${devices} devices${others > 0 ? `, ${others} others` : ''}`);
    }
    for (const { kind, name: what, notAfter, ended, automatic, offline } of [...due.own, ...due.devices.items]) {
      const notes = [ended ? 'ENDED' : '', automatic ? 'renewed by itself' : '', offline ? 'needs the key file' : ''].filter(
        Boolean,
      );
      output.say(`  ${utc(notAfter)}  ${kind.padEnd(8)} ${what}${notes.length > 0 ? `  (${notes.join(', ')})` : ''}`);
    }
    output.result({ due });
  });
}

/** `fieldkey scan DIR`: certificates of whomever, by their end. Needs no vault. */
export async function scanCommand(
  context: Pick<CommandContext, 'output' | 'path' | 'signal'>,
  folder: string,
  options: { within?: string },
): Promise<void> {
  const { output } = context;
  const withinDays = numberOf(options.within, 'within') ?? 30;
  const scan = await scanFolder(
    context.path(folder),
    { withinDays, now: Date.now() },
    { signal: context.signal, onProgress: output.progress },
  );
  for (const { file, position, subject, notAfter, state } of scan.certificates) {
    output.say(`${utc(notAfter)}  ${state.padEnd(13)} ${subject}  ${file}${position > 0 ? ` (${position + 1})` : ''}`);
  }
  for (const { file, reason } of scan.unreadable) output.say(`not readable: ${file}: ${reason}`);
  output.say(
    `${scan.certificates.length} certificates in ${scan.files} files${scan.incomplete ? '; there is more than was looked at' : ''}`,
  );
  output.result({ scan });
}
