import { expect, it } from 'vitest';
import { TurnByTurn } from './turn-by-turn.ts';

it('lets nothing of one name run at the same time, whatever else it has as names, and others at once', async () => {
  const turns = new TurnByTurn();
  const told: string[] = [];
  const ends = new Map<string, () => void>();
  const take = (what: string, ...names: string[]) =>
    turns.take(names, async () => {
      told.push(what);
      await new Promise<void>((resolve) => ends.set(what, resolve));
      told.push(`${what} ended`);
      if (what === 'b') throw new Error(what);
      return what;
    });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const a = take('a', 'x');
  const b = expect(take('b', 'x', 'y')).rejects.toThrow('b');
  const c = take('c', 'y');
  const d = take('d');
  await settle();
  expect([...told].sort()).toEqual(['a', 'd']);
  ends.get('a')?.();
  await settle();
  expect(told.slice(2)).toEqual(['a ended', 'b']);
  ends.get('b')?.();
  await settle();
  // one that failed has ended as well
  expect(told.slice(4)).toEqual(['b ended', 'c']);
  for (const end of ends.values()) end();
  expect(await Promise.all([a, c, d])).toEqual(['a', 'c', 'd']);
  await b;
});
