import { topicMatcher } from '../../../../../shared/rules/topic-search.ts';
import type { TopicNode, TopicTree } from './topic-tree.ts';

/** A line of the tree as it is shown. */
export interface TreeRow {
  readonly node: TopicNode;
  /** Null: nothing is below it. */
  readonly open: boolean | null;
}

/**
 * Which lines are there: made anew only when a place was added, a branch was opened or closed, or the search is another one.
 * Not by recursion: it is as deep as a stranger wants.
 */
export class TreeRows {
  readonly #tree: TopicTree;
  /** What a person opened or closed; the others follow `#openBy`. */
  readonly #chosen = new Map<TopicNode, boolean>();
  #search = '';
  #version = 0;
  #made = '';
  #rows: readonly TreeRow[] = [];
  #found = 0;

  constructor(tree: TopicTree) {
    this.#tree = tree;
  }

  get search(): string {
    return this.#search;
  }
  /** Topics that the search finds; of no use without one. */
  get found(): number {
    return this.#found;
  }

  setSearch(text: string): void {
    this.#search = text;
    this.#chosen.clear();
    this.#version += 1;
  }

  /** The tree was emptied: places that are gone need not be remembered. */
  forget(): void {
    this.#chosen.clear();
    this.#rows = [];
    this.#version += 1;
  }

  toggle(node: TopicNode, open: boolean): void {
    this.#chosen.set(node, open);
    this.#version += 1;
  }

  /** Opens everything above a topic, so that its line is there. */
  reveal(node: TopicNode): void {
    for (let each = node.parent; each !== null; each = each.parent) this.#chosen.set(each, true);
    this.#version += 1;
  }

  collapseAll(): void {
    this.#chosen.clear();
    for (const child of this.#tree.root.children) this.#chosen.set(child, false);
    this.#version += 1;
  }

  get rows(): readonly TreeRow[] {
    const now = `${this.#tree.structure} ${this.#version}`;
    if (now === this.#made) return this.#rows;
    this.#made = now;
    const shown = this.#search.trim() === '' ? null : this.#matching();
    const rows: TreeRow[] = [];
    const waiting = this.#tree.root.children.toReversed();
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (shown !== null && !shown.has(node)) continue;
      const { children } = node;
      const open = children.length === 0 ? null : this.#isOpen(node, shown !== null);
      rows.push({ node, open });
      if (open) for (let at = children.length - 1; at >= 0; at--) waiting.push(children[at] as TopicNode);
    }
    this.#rows = rows;
    return rows;
  }

  #isOpen(node: TopicNode, searching: boolean): boolean {
    const chosen = this.#chosen.get(node);
    if (chosen !== undefined) return chosen;
    // a search shows what it found; otherwise the beginning, and whatever has no choice in it
    return searching || (node.depth < 2 && node.children.length <= 50) || node.children.length === 1;
  }

  /** What the search finds, and all above it. */
  #matching(): Set<TopicNode> {
    const matches = topicMatcher(this.#search);
    const shown = new Set<TopicNode>();
    this.#found = 0;
    for (const topic of this.#tree.all()) {
      if (!matches(topic.topic)) continue;
      this.#found += 1;
      for (let each: TopicNode | null = topic; each !== null && !shown.has(each); each = each.parent) shown.add(each);
    }
    return shown;
  }
}

/** The topics of a branch that are marked as retained, at most `most` of them. */
export function retainedOf(branch: TopicNode, most: number): string[] {
  const topics: string[] = [];
  const waiting = [branch];
  for (let node = waiting.pop(); node !== undefined && topics.length < most; node = waiting.pop()) {
    if (node.retained) topics.push(node.topic);
    for (let at = node.children.length - 1; at >= 0; at--) {
      const child = node.children[at] as TopicNode;
      if (child.retainedTopics > 0) waiting.push(child);
    }
  }
  return topics;
}
