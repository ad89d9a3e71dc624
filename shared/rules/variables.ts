/** What `{{…}}` may name. */
export const variableNames = ['device', 'project', 'now', 'random', 'counter', 'uuid'] as const;
export type VariableName = (typeof variableNames)[number];

/** `known`: the name is one of ours, what follows it is not understood. */
export interface VariableProblem {
  readonly kind: 'unknown' | 'arguments' | 'no-device';
  /** As it was written. */
  readonly text: string;
}

/** What variables become. Each call of `random` and `uuid` gives another one. */
export interface VariableValues {
  /** Null where nobody said for which device. */
  readonly device: string | null;
  readonly project: string;
  /** ms since 1970 UTC. */
  readonly now: number;
  /** 0 for the first message of a run, rising by one with each. */
  readonly index: number;
  /** From 0 (included) to 1 (excluded). */
  readonly random: () => number;
  readonly uuid: () => string;
}

// a name directly after the braces: JSON and code have theirs left alone
const variable = /\{\{\s*([A-Za-z][A-Za-z0-9_-]*)((?:\s+[^\s{}]+)*)\s*\}\}/g;

/** Whether a text has something in it that looks like a variable. */
export function hasVariables(text: string): boolean {
  return text.search(variable) >= 0;
}

/** Whether it names the device. */
export function namesDevice(text: string): boolean {
  return [...text.matchAll(variable)].some((found) => found[1] === 'device');
}

/** Each of them, as it was written. */
export function variablesIn(text: string): readonly { readonly name: string; readonly text: string }[] {
  return [...text.matchAll(variable)].map((found) => ({ name: found[1] ?? '', text: found[0] }));
}

/**
 * Fills in the variables of a text:
 *
 *     {{device}} {{project}}       their names
 *     {{now}}  {{now iso}}         ISO 8601, UTC, with milliseconds
 *     {{now ms}} {{now s}}         since 1970 UTC
 *     {{random 0 100}}             a whole number, both ends included
 *     {{random 0.0 5.00}}          as many decimals as the longer one has; {{random 0 5 3}}: three
 *     {{counter}} {{counter 100}}  1, 2, 3 …; 100, 101 …
 *     {{uuid}}                     a random UUID (RFC 9562), another one each time
 *
 * What is not understood stays as it is and is told.
 */
export function fillVariables(
  text: string,
  values: VariableValues,
): { readonly text: string; readonly problems: readonly VariableProblem[] } {
  const problems: VariableProblem[] = [];
  const filled = text.replace(variable, (whole: string, name: string, rest: string) => {
    const words = rest.trim() === '' ? [] : rest.trim().split(/\s+/);
    const found = variableNames.find((each) => each === name);
    if (!found) {
      problems.push({ kind: 'unknown', text: whole });
      return whole;
    }
    if (found === 'device' && words.length === 0 && values.device === null) {
      problems.push({ kind: 'no-device', text: whole });
      return whole;
    }
    const value = valueFor(found, words, values);
    if (value === null) problems.push({ kind: 'arguments', text: whole });
    return value ?? whole;
  });
  return { text: filled, problems };
}

function valueFor(name: VariableName, words: readonly string[], values: VariableValues): string | null {
  switch (name) {
    case 'device':
      return words.length === 0 ? values.device : null;
    case 'project':
      return words.length === 0 ? values.project : null;
    case 'uuid':
      return words.length === 0 ? values.uuid() : null;
    case 'now':
      return timeOf(words, values.now);
    case 'counter': {
      const [start = '1', ...more] = words;
      return more.length === 0 && /^-?\d{1,15}$/.test(start) ? String(Number(start) + values.index) : null;
    }
    case 'random':
      return randomOf(words, values.random);
  }
}

function timeOf(words: readonly string[], now: number): string | null {
  if (words.length > 1) return null;
  switch (words[0] ?? 'iso') {
    case 'iso':
      return new Date(now).toISOString();
    case 'ms':
      return String(Math.floor(now));
    case 's':
      return String(Math.floor(now / 1000));
    default:
      return null;
  }
}

const decimal = /^-?\d{1,12}(?:\.(\d{1,9}))?$/;

function randomOf(words: readonly string[], random: () => number): string | null {
  const [from, to, digits, ...more] = words;
  const low = from === undefined ? null : decimal.exec(from);
  const high = to === undefined ? null : decimal.exec(to);
  if (!low || !high || more.length > 0 || (digits !== undefined && !/^[0-9]$/.test(digits))) return null;
  const places = digits === undefined ? Math.max(low[1]?.length ?? 0, high[1]?.length ?? 0) : Number(digits);
  const scale = 10 ** places;
  const first = Math.round(Number(from) * scale);
  const last = Math.round(Number(to) * scale);
  if (first > last || !Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return null;
  const picked = Math.min(last, first + Math.floor(random() * (last - first + 1)));
  return (picked / scale).toFixed(places);
}
