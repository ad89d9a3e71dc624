/** A line of one text or of both. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Lines that are shown, or the number of those between that are the same. */
export type DiffPart = { readonly lines: readonly DiffLine[] } | { readonly skipped: number };

/** Beyond this many differences two texts are simply different: nobody reads them line by line, and finding them takes long. */
const mostDifferences = 2_000;

/**
 * The shortest way from one text to another in whole lines (E. W. Myers, "An O(ND) Difference Algorithm and Its Variations",
 * 1986). What is removed stands before what was added in its place.
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: 'same', text }));
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return [...same(a.slice(0, start)), ...middle, ...same(a.slice(a.length - end))];
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  // a text ends with the end of its last line, not with an empty one
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function between(a: readonly string[], b: readonly string[]): DiffLine[] {
  const removed = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: 'removed', text }));
  const added = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: 'added', text }));
  if (a.length === 0 || b.length === 0) return [...removed(a), ...added(b)];
  const trace = furthest(a, b);
  if (!trace) return [...removed(a), ...added(b)];
  // back along the way that was found
  const lines: DiffLine[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = trace.length - 1; d >= 0; d--) {
    const reached = trace[d] as ReadonlyMap<number, number>;
    const k = x - y;
    const down = k === -d || (k !== d && (reached.get(k - 1) ?? -1) < (reached.get(k + 1) ?? -1));
    const from = down ? k + 1 : k - 1;
    const [startX, startY] = d === 0 ? [0, 0] : [reached.get(from) ?? 0, (reached.get(from) ?? 0) - from];
    while (x > startX && y > startY) {
      lines.push({ kind: 'same', text: a[x - 1] ?? '' });
      x--;
      y--;
    }
    if (d === 0) break;
    if (down) lines.push({ kind: 'added', text: b[--y] ?? '' });
    else lines.push({ kind: 'removed', text: a[--x] ?? '' });
  }
  return tidy(lines.reverse());
}

/** For each number of differences, how far along `a` each diagonal gets; undefined when there are too many. */
function furthest(a: readonly string[], b: readonly string[]): ReadonlyMap<number, number>[] | undefined {
  const trace: Map<number, number>[] = [];
  const reach = new Map<number, number>([[1, 0]]);
  for (let d = 0; d <= Math.min(a.length + b.length, mostDifferences); d++) {
    trace.push(new Map(reach));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      let x = down ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach.set(k, x);
      if (x >= a.length && x - k >= b.length) return trace;
    }
  }
  return undefined;
}

/** Within a run of differences, first what is gone, then what came. */
function tidy(lines: readonly DiffLine[]): DiffLine[] {
  const result: DiffLine[] = [];
  let run: DiffLine[] = [];
  const flush = () => {
    result.push(...run.filter(({ kind }) => kind === 'removed'), ...run.filter(({ kind }) => kind === 'added'));
    run = [];
  };
  for (const line of lines) {
    if (line.kind === 'same') {
      flush();
      result.push(line);
    } else run.push(line);
  }
  flush();
  return result;
}

/** The differences with a few lines around them; what lies between is counted. */
export function diffParts(lines: readonly DiffLine[], around = 3): DiffPart[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== 'same'),
  );
  const parts: DiffPart[] = [];
  let from = 0;
  while (from < lines.length) {
    let to = from;
    while (to < lines.length && near[to] === near[from]) to++;
    parts.push(near[from] ? { lines: lines.slice(from, to) } : { skipped: to - from });
    from = to;
  }
  return parts;
}
