import type { AccessRule } from '../../../shared/model/access.ts';
import { call } from './client.ts';
import { setVault, useLoadedSession } from './session.ts';
import { beginTour } from './tour.ts';

/** True while the open vault is one to practise with. */
export function usePractice(): boolean {
  const { vault } = useLoadedSession();
  return vault.state === 'unlocked' && vault.practice;
}

/** One click: throw-away vault, broker and meters; the window then shows the readings. */
export async function beginPractice(): Promise<void> {
  beginTour();
  const vault = await call('practice.begin');
  window.location.hash = '#/test';
  setVault(vault);
}

export async function leavePractice(): Promise<void> {
  setVault(await call('practice.leave'));
}

/** What somebody tried out and may want for the real thing. Names and keys are not part of it. */
export interface Learnt {
  readonly access: readonly AccessRule[];
  /** One pattern a line. */
  readonly devices: string;
}

let learnt: Learnt | null = null;

/** Leaves practice; the wizard begins with this in the person's own vault. */
export async function makeItReal(found: Learnt): Promise<void> {
  learnt = found;
  window.location.hash = '#/new-project';
  await leavePractice();
}

/** What the wizard begins with; null when nobody came from practice. */
export function learntInPractice(): Learnt | null {
  return learnt;
}

/** `meter-001, meter-002, meter-003` → `meter-{001..003}`: how names are formed, with as many as there were. */
export function patternOf(ids: readonly string[]): string {
  const parts = ids.map((id) => /^(.*?)(\d+)$/.exec(id));
  const [first] = parts;
  const prefix = first?.[1];
  if (!first || parts.some((part) => part?.[1] !== prefix || part?.[2]?.length !== first[2]?.length)) return ids.join('\n');
  const numbers = parts.map((part) => part?.[2] ?? '').toSorted();
  const gaps = Number(numbers.at(-1)) - Number(numbers[0]) !== numbers.length - 1;
  return gaps || numbers.length < 2 ? ids.join('\n') : `${prefix}{${numbers[0]}..${numbers.at(-1)}}`;
}
