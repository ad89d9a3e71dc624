import { expect, test } from 'vitest';
import { type DiffLine, diffLines, diffParts } from './line-diff.ts';

const signs = { same: ' ', added: '+', removed: '-' } as const;
const shown = (before: string, after: string) => diffLines(before, after).map(({ kind, text }) => signs[kind] + text);
const side = (lines: readonly DiffLine[], kind: 'added' | 'removed') =>
  lines.filter((line) => line.kind === 'same' || line.kind === kind).map(({ text }) => text);

test('what is gone stands before what came in its place', () => {
  expect(shown('a\nb\nc\n', 'a\nx\nc\n')).toEqual([' a', '-b', '+x', ' c']);
  expect(shown('a\nb\nc\nd\n', 'a\nx\ny\nd\n')).toEqual([' a', '-b', '-c', '+x', '+y', ' d']);
  expect(shown('', 'a\n')).toEqual(['+a']);
  expect(shown('a\n', '')).toEqual(['-a']);
  expect(shown('a\nb\n', 'a\nb\n')).toEqual([' a', ' b']);
  expect(shown('one\ntwo\nthree\nfour\n', 'two\nthree\nfive\nfour\n')).toEqual(['-one', ' two', ' three', '+five', ' four']);
});

test('both texts can be read from the difference, and it is as short as one with the longest common lines', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  for (let time = 0; time < 400; time++) {
    const text = () => Array.from({ length: random(14) }, () => 'abcd'[random(4)] ?? 'a');
    const [a, b] = [text(), text()];
    const lines = diffLines(a.map((l) => `${l}\n`).join(''), b.map((l) => `${l}\n`).join(''));
    expect(side(lines, 'removed')).toEqual(a);
    expect(side(lines, 'added')).toEqual(b);
    expect(lines.filter(({ kind }) => kind === 'same')).toHaveLength(longestCommon(a, b));
  }
});

/** The textbook's table, independent of what is tested. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  const table = Array.from({ length: a.length + 1 }, () => Array<number>(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++)
      (table[i] as number[])[j] =
        a[i - 1] === b[j - 1] ? (table[i - 1]?.[j - 1] ?? 0) + 1 : Math.max(table[i - 1]?.[j] ?? 0, table[i]?.[j - 1] ?? 0);
  return table[a.length]?.[b.length] ?? 0;
}

test('two large texts without anything in common are told as such, quickly', () => {
  const many = (word: string) => Array.from({ length: 20_000 }, (_, index) => `${word} ${index}\n`).join('');
  const lines = diffLines(`top\n${many('a')}`, `top\n${many('b')}`);
  expect(lines).toHaveLength(40_001);
  expect(lines[0]).toEqual({ kind: 'same', text: 'top' });
});

test('lines far from a difference are counted', () => {
  const text = (middle: string) => ['1', '2', '3', '4', middle, '6', '7', '8', '9', '10'].map((l) => `${l}\n`).join('');
  const parts = diffParts(diffLines(text('5'), text('five')), 2);
  expect(parts.map((part) => ('skipped' in part ? part.skipped : part.lines.map(({ text }) => text)))).toEqual([
    2,
    ['3', '4', '5', 'five', '6', '7'],
    3,
  ]);
});
