import { FieldkeyError } from '../../../shared/errors.ts';
import { problem } from '../../../shared/problems.ts';
import { type CommandContext, numberOf } from '../context.ts';
import type { CheckResult, Group, Outcome } from '../demo/check.ts';
import { checks, demonstrate } from '../demo/demonstration.ts';
import { exitCodes } from '../exit-codes.ts';

const defaultSeconds = 5;
const longest = 3600;
const columns = 80;
const indent = 17;

const headings: Record<Group, string> = {
  issued: 'Issued',
  connected: 'Connected',
  delivered: 'Delivered',
  denied: 'Denied by the access rules',
  refused: 'Refused by the broker',
  replaced: 'Replaced',
  kept: 'Kept, and cleared away',
};
const outcomes: Record<Outcome, string> = { held: 'held', failed: 'FAILED', skipped: 'skipped' };

/**
 * `fieldkey demo`: shows on a throw-away project what Fieldkey promises. Needs no vault, no broker and no network, and
 * leaves nothing behind. Gives the exit status: 0 only when every check held. @throws INPUT_INVALID
 */
export async function demoCommand(context: CommandContext, options: { readonly seconds?: string }): Promise<number> {
  const { output, signal } = context;
  const seconds = numberOf(options.seconds, '--seconds') ?? defaultSeconds;
  if (seconds < 1 || seconds > longest)
    throw new FieldkeyError('INPUT_INVALID', {
      problems: [problem('number-range', { minimum: 1, maximum: longest }, '--seconds')],
    });
  const begun = performance.now();
  output.say('A throw-away project with a broker and three meters on this computer. Nothing');
  output.say('leaves it, and nothing stays: everything is removed at the end.');
  let group: Group | null = null;
  const results = await demonstrate({
    seconds,
    signal,
    onResult: (result) => {
      if (result.group !== group) output.say(`\n${headings[result.group]}`);
      group = result.group;
      for (const line of lines(result)) output.say(line);
    },
  });
  const cancelled = results.length < checks.length;
  const count = (outcome: Outcome) => results.filter((result) => result.outcome === outcome).length;
  const counts = { held: count('held'), failed: count('failed'), skipped: count('skipped') };
  const ok = !cancelled && counts.held === checks.length;
  const total = Math.round(performance.now() - begun) / 1000;
  output.say(`\n${summary(counts, cancelled, total)}`);
  output.result({ ok, cancelled, seconds: total, ...counts, checks: results });
  return cancelled ? exitCodes.cancelled : ok ? exitCodes.done : exitCodes.notHeld;
}

function summary(counts: Record<Outcome, number>, cancelled: boolean, seconds: number): string {
  const { held, failed, skipped } = counts;
  const time = `${seconds.toFixed(1)} s`;
  if (cancelled) return `Cancelled after ${held + failed + skipped} of ${checks.length} checks; everything was removed.`;
  if (held === checks.length) return `All ${held} checks held, in ${time}.`;
  return `Of ${checks.length} checks ${held} held, ${failed} failed, ${skipped} could not be tried, in ${time}.`;
}

/** The claim in one line, below it what was seen, within 80 columns. */
function lines({ outcome, seconds, claim, says }: CheckResult): string[] {
  const head = `  ${outcomes[outcome].padEnd(7)}${`${seconds.toFixed(2)} s`.padStart(7)}`.padEnd(indent);
  return [`${head} ${claim}`, ...wrapped(says, columns - indent - 1).map((line) => `${' '.repeat(indent + 1)}${line}`)];
}

/** Breaks a text at its spaces into lines of at most `width` characters, where its words allow. */
export function wrapped(text: string, width: number): string[] {
  const rows: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(word);
  }
  return rows;
}
