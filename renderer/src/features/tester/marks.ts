import { filterOfShare } from '../../../../shared/model/subscription.ts';
import { filterMatcher } from '../../../../shared/rules/topic-search.ts';
import type { Subscription } from './panes.ts';

/** Colours of subscriptions and of lines in a drawing (Marks.module.css). Each also has a sign: a number, or a letter and a dash. */
export const markColours = 8;

/** The sign of a subscription as messages show it. */
export interface SubscriptionMark {
  readonly mark: number;
  readonly colour: number;
  readonly filter: string;
}

/** The smallest sign that none of them has. */
export function freeMark(subscriptions: readonly Subscription[]): number {
  const taken = new Set(subscriptions.map(({ mark }) => mark));
  for (let mark = 1; ; mark++) if (!taken.has(mark)) return mark;
}

export function colourOf({ mark = 1, colour }: Subscription): number {
  return colour ?? (mark - 1) % markColours;
}

/** Which subscriptions a topic belongs to. What a shared subscription gets is only known by its filter, as everybody's. */
export function marker(subscriptions: readonly Subscription[]): (topic: string) => readonly SubscriptionMark[] {
  const known = subscriptions.map((each) => ({
    matches: filterMatcher(filterOfShare(each.filter)),
    sign: { mark: each.mark ?? 1, colour: colourOf(each), filter: each.filter },
  }));
  return (topic) => known.filter(({ matches }) => matches(topic)).map(({ sign }) => sign);
}
