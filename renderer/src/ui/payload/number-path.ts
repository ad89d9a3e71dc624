import type { Leaf, Value } from './value.ts';

/** Where a member stands: names as they are written, places in lists. Empty: the value itself. */
export type NumberPath = readonly (string | number)[];

/** What stands there; null where nothing does. Of a name that is there twice, the last one. */
export function leafAt(value: Value, path: NumberPath): Leaf | null {
  let each: Value | undefined = value;
  for (const step of path) {
    if (each?.kind === 'list') each = typeof step === 'number' ? each.items[step] : undefined;
    else if (each?.kind === 'record') each = each.entries.findLast(([key]) => key === step)?.[1];
    else return null;
  }
  return each === undefined || each.kind === 'list' || each.kind === 'record' ? null : each;
}

/** The number that a leaf is, or that a string is the text of, as many devices send it; null where it is none. */
export function numberOf({ kind, text }: Leaf): number | null {
  if (kind !== 'number' && kind !== 'string') return null;
  const digits = kind === 'string' ? text.slice(1, -1) : text;
  if (!/^[-+]?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(digits)) return null;
  const value = Number(digits);
  return Number.isFinite(value) ? value : null;
}

/** `power.L1`, `readings[3]`: short enough to be read in a legend. */
export function nameOfPath(path: NumberPath): string {
  let name = '';
  for (const step of path) {
    if (typeof step === 'number') name += `[${step}]`;
    else name += `${name === '' ? '' : '.'}${step.startsWith('"') ? step.slice(1, -1) : step}`;
  }
  return name;
}
