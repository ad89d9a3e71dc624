import type { Leaf, Reading, Value } from './value.ts';

/** A place in the value with what stood there and what stands there now; null: there was or is nothing. */
export interface Change {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** More than that are told as a number. */
export const mostChanges = 500;

/** What differs between two values, place by place, in the order of the new one. Names are compared, not their order. */
export function changesOf(before: Reading, after: Reading): Change[] {
  const [old, now] = [leavesOf(before.value), leavesOf(after.value)];
  const changes: Change[] = [];
  for (const [path, leaf] of now) {
    const was = old.get(path);
    if (was === undefined) changes.push({ path, before: null, after: leaf.text });
    else if (!sameLeaf(was, leaf)) changes.push({ path, before: was.text, after: leaf.text });
  }
  for (const [path, leaf] of old) if (!now.has(path)) changes.push({ path, before: leaf.text, after: null });
  return changes;
}

function sameLeaf(a: Leaf, b: Leaf): boolean {
  if (a.text !== b.text || a.bytes?.length !== b.bytes?.length) return false;
  return !a.bytes || a.bytes.every((byte, index) => byte === b.bytes?.[index]);
}

function leavesOf(value: Value): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const put = (path: string, leaf: Leaf) => {
    // a name that stands there twice
    let free = path;
    for (let again = 2; leaves.has(free); again++) free = `${path} (${again})`;
    leaves.set(free, leaf);
  };
  const walk = (each: Value, path: string) => {
    if (each.kind === 'list') {
      if (each.items.length === 0) put(path, { kind: 'word', text: '[]' });
      for (const [index, item] of each.items.entries()) walk(item, `${path}[${index}]`);
    } else if (each.kind === 'record') {
      if (each.entries.length === 0) put(path, { kind: 'word', text: '{}' });
      for (const [key, item] of each.entries) {
        const name = /^"[\p{L}_][\p{L}\p{N}_/ -]*"$/u.test(key) ? key.slice(1, -1) : key;
        walk(item, path === '' ? name : `${path}.${name}`);
      }
    } else put(path, each);
  };
  walk(value, '');
  return leaves;
}
