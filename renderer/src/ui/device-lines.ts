import { type Role, roles } from '../../../shared/model/access.ts';
import { type Problem, problem } from '../../../shared/problems.ts';
import { checkDeviceId, foldDeviceId } from '../../../shared/rules/device-id.ts';
import { expandPattern } from '../../../shared/rules/pattern.ts';

/** A line as the plan takes it: one device, or a pattern that stands for many. */
export type DeviceEntry = { readonly id: string; readonly role: Role } | { readonly pattern: string; readonly role: Role };

export interface LineProblem {
  /** Counted from 1, as people do. */
  readonly line: number;
  readonly problem: Problem;
}

export interface DeviceLines {
  readonly entries: readonly DeviceEntry[];
  /** Devices in all lines that are right, patterns expanded. */
  readonly count: number;
  readonly problems: readonly LineProblem[];
  readonly rolesUsed: readonly Role[];
}

/** More would be read by nobody; the first ones are mended first. */
const problemMaximum = 200;

/**
 * Reads devices as people type or paste them: one a line, an id or a pattern like `press-{001..100}`, optionally
 * followed by a role (separated by space, comma, semicolon or tab), one of `known`. Empty lines and what follows a `#` are skipped.
 * A `duplicate` problem names in `other` the number of the line that had the id first.
 */
export function readDeviceLines(text: string, defaultRole: Role, known: readonly Role[] = roles): DeviceLines {
  const reading = inSlices(text, defaultRole, known);
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
  }
}

/** Lines and ids between two places where reading may be interrupted: well below a millisecond. */
export const sliceSize = 200;

/** The same, interrupted every few lines, for whoever must not keep the window waiting. */
export function* inSlices(text: string, defaultRole: Role, known: readonly Role[] = roles): Generator<undefined, DeviceLines> {
  const entries: DeviceEntry[] = [];
  const problems: LineProblem[] = [];
  const rolesUsed = new Set<Role>();
  const firstLine = new Map<string, number>();
  let count = 0;
  let work = 0;
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = index + 1;
    if (work++ % sliceSize === 0) yield;
    const [word, roleWord, ...rest] = raw
      .replace(/#.*$/, '')
      .split(/[\s,;]+/)
      .filter((each) => each !== '');
    if (word === undefined) continue;
    const found = (...all: readonly Problem[]) => problems.push(...all.map((each) => ({ line, problem: each })));
    const role = roleWord === undefined ? defaultRole : known.find((each) => each === roleWord.toLowerCase());
    if (role === undefined || rest.length > 0) {
      found(problem('choice', { choices: known.join(', ') }));
      continue;
    }
    const isPattern = /[{}]/.test(word);
    const expanded = isPattern ? expandPattern(word) : { ids: [word] };
    if ('problems' in expanded) {
      found(...expanded.problems);
      continue;
    }
    // the ids of one pattern are alike: its first bad one says it all
    let bad: readonly Problem[] = [];
    let twice: string | undefined;
    for (const id of expanded.ids) {
      if (isPattern && work++ % sliceSize === 0) yield;
      bad = checkDeviceId(id);
      if (bad.length > 0) break;
      if (twice === undefined && firstLine.has(foldDeviceId(id))) twice = id;
    }
    if (bad.length > 0) {
      found(...bad);
      continue;
    }
    if (twice !== undefined) {
      found(problem('duplicate', { value: twice, other: String(firstLine.get(foldDeviceId(twice))) }));
      continue;
    }
    for (const id of expanded.ids) firstLine.set(foldDeviceId(id), line);
    count += expanded.ids.length;
    rolesUsed.add(role);
    entries.push(isPattern ? { pattern: word, role } : { id: word, role });
  }
  return { entries, count, problems: problems.slice(0, problemMaximum), rolesUsed: known.filter((each) => rolesUsed.has(each)) };
}

/** Every single device of the entries, patterns expanded. */
export function expandEntries(entries: readonly DeviceEntry[]): { id: string; role: Role }[] {
  return entries.flatMap((entry) => {
    if ('id' in entry) return [{ ...entry }];
    const expanded = expandPattern(entry.pattern);
    return 'ids' in expanded ? expanded.ids.map((id) => ({ id, role: entry.role })) : [];
  });
}
