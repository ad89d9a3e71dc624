import type { Problem } from '../../../../../shared/problems.ts';
import { checkTopicTemplate } from '../../../../../shared/rules/topic.ts';

/** Filters that are subscribed at a time. */
export const mostFilters = 200;

export interface FilterLines {
  /** Each once, in the order in which they stand there. */
  readonly filters: readonly string[];
  readonly problems: readonly { readonly line: number; readonly problem: Problem }[];
}

/** What is wrong with a filter that somebody typed; a template's braces are ordinary characters here. */
export function filterProblem(filter: string): Problem | undefined {
  return checkTopicTemplate(filter).find(({ rule }) => rule !== 'topic-placeholder' && rule !== 'topic-percent');
}

/** One filter a line; empty lines, spaces around and repeated filters do no harm. Lines count from 1. */
export function readFilterLines(text: string): FilterLines {
  const filters = new Set<string>();
  const problems: { line: number; problem: Problem }[] = [];
  for (const [at, line] of text.split(/\r\n|\r|\n/).entries()) {
    const filter = line.trim();
    if (filter === '') continue;
    const problem = filterProblem(filter);
    if (problem) problems.push({ line: at + 1, problem });
    else filters.add(filter);
  }
  return { filters: [...filters], problems };
}
