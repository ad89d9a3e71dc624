import { InvalidArgumentError } from 'commander';
import { checkNetwork } from '../../../shared/rules/network.ts';
import { readLogs } from '../../broker/log/read.ts';
import { reportOf } from '../../broker/log/report.ts';
import type { CommandContext } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { logFindingSentence, whenWords } from '../log-words.ts';
import { utc } from '../output.ts';

/**
 * `fieldkey log FILE…`: what a Mosquitto's log says: who was refused and why, who comes from where nobody is expected, and the like.
 * Plain files and .gz, in any order. Needs no vault. Gives the exit status: 7 when a finding is an alarm.
 * @throws LOG_NOT_READABLE, JOB_CANCELLED
 */
export async function logCommand(
  { output, path, signal }: CommandContext,
  files: readonly string[],
  options: { readonly network?: readonly string[]; readonly failuresPerMinute?: string },
): Promise<number> {
  const networks = options.network ?? [];
  for (const network of networks)
    if (checkNetwork(network).length > 0)
      throw new InvalidArgumentError(`--network ${network}: not a network such as 10.0.0.0/8`);
  const failuresPerMinute = Number(options.failuresPerMinute ?? 10);
  if (!Number.isInteger(failuresPerMinute) || failuresPerMinute < 1 || failuresPerMinute > 100_000)
    throw new InvalidArgumentError('--failures-per-minute: a whole number from 1 on');
  const read = await readLogs(files.map(path), {}, { signal, onProgress: output.progress });
  const report = reportOf(read.analysis, { networks, failuresPerMinute }, read);
  const { totals, from, to, lines } = report;
  output.say(`${lines} lines${from === null || to === null ? ', none with a time' : `, ${utc(from)} to ${utc(to)}`}`);
  if (report.zoneUnknown) output.say('The times have no zone; they were taken as those of this computer.');
  output.say(
    `${totals.connected} connected, ${totals.refused} refused, ${totals.denied} messages denied${report.debug ? '' : ' (the log was not written with log_type debug)'}`,
  );
  for (const finding of report.findings) {
    const when = whenWords(finding);
    output.say(`${finding.severity}: ${logFindingSentence(finding)}${when && ` [${when}]`}`);
  }
  if (report.moreFindings > 0) output.say(`and ${report.moreFindings} more`);
  if (report.findings.length === 0) output.say('nothing to report');
  output.result({ ...report });
  return report.findings.some(({ severity }) => severity === 'alarm') ? exitCodes.findings : exitCodes.done;
}
