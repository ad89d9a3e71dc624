import type { TestMessage } from '../../../../../shared/model/connection.ts';
import { compareNames } from './compare-names.ts';
import { Rate } from './rate.ts';

/** Places in the tree, of topics and of what is above them. What comes beyond is counted, not listed. */
export const mostNodes = 50_000;
/** Characters of all topics in the tree: one topic may have 65,535. */
export const mostCharacters = 8_000_000;
/** Deeper levels stand together in one place: a topic can have 65,536 of them. */
export const mostLevels = 32;
/** Bytes of the last payload that a topic keeps, for the line in the tree. */
export const lastBytes = 256;

/** The last message of a topic, as much of it as the tree keeps. */
export interface LastMessage {
  readonly at: number;
  /** The beginning of the payload, a copy. */
  readonly payload: Uint8Array;
  /** Length of the whole payload. */
  readonly size: number;
}

/** A place in the tree: a topic, a part of topics, or both. */
export class TopicNode {
  /** The topic up to here. */
  readonly topic: string;
  /** The last level of it. */
  readonly name: string;
  readonly parent: TopicNode | null;
  readonly depth: number;
  /** In the order in which they are shown. */
  readonly children: TopicNode[] = [];
  byName: Map<string, TopicNode> | null = null;
  /** Messages of exactly this topic; 0 = it is only a part of others. */
  own = 0;
  /** Messages of this topic and all below it. */
  total = 0;
  /** Topics with messages, here and below. */
  topics = 0;
  readonly rate = new Rate();
  last: LastMessage | null = null;
  /** The broker keeps a message of this topic, as far as was seen. */
  retained = false;
  /** How many topics here and below are marked so. */
  retainedTopics = 0;

  constructor(topic: string, name: string, parent: TopicNode | null) {
    this.topic = topic;
    this.name = name;
    this.parent = parent;
    this.depth = parent === null ? -1 : parent.depth + 1;
  }
}

export interface TreeLimits {
  readonly nodes: number;
  readonly characters: number;
}

/**
 * What was received, by topic. Each message costs a look-up and a step for each level, however many topics there are, and
 * memory ends at the limits.
 */
export class TopicTree {
  readonly #limits: TreeLimits;
  root = new TopicNode('', '', null);
  /** Nodes that are topics with messages. */
  #topics = new Map<string, TopicNode>();
  #nodes = 0;
  #characters = 0;
  #unlisted = 0;
  #structure = 0;

  constructor(limits: TreeLimits = { nodes: mostNodes, characters: mostCharacters }) {
    this.#limits = limits;
  }

  /** Messages of topics that have no place in the tree, because there are too many. */
  get unlisted(): number {
    return this.#unlisted;
  }
  get nodes(): number {
    return this.#nodes;
  }
  /** Changes whenever a place is added, or all are gone. */
  get structure(): number {
    return this.#structure;
  }

  /** The topic, where it had a message. */
  of(topic: string): TopicNode | undefined {
    return this.#topics.get(topic);
  }

  /** Every topic that had a message. */
  all(): IterableIterator<TopicNode> {
    return this.#topics.values();
  }

  add(messages: readonly TestMessage[]): void {
    /** The last message of each topic in this batch: only that one is copied. */
    const newest = new Map<TopicNode, TestMessage>();
    for (const message of messages) {
      if (message.direction === 'out') {
        this.#sent(message);
        continue;
      }
      const node = this.#topics.get(message.topic) ?? this.#grow(message.topic);
      for (let each: TopicNode | null = node; each !== null; each = each.parent) {
        each.total += 1;
        each.rate.add(message.at);
      }
      // the deepest part of it that has a place
      if (node.topic !== message.topic) {
        this.#unlisted += 1;
        continue;
      }
      node.own += 1;
      newest.set(node, message);
      // MQTT 5 §3.3.1.3: an empty payload takes a retained message away
      if (message.retain) this.#mark(node, message.payload.byteLength > 0);
    }
    for (const [node, { at, payload }] of newest)
      node.last = { at, payload: payload.slice(0, lastBytes), size: payload.byteLength };
  }

  clear(): void {
    this.root = new TopicNode('', '', null);
    this.#topics = new Map();
    this.#nodes = 0;
    this.#characters = 0;
    this.#unlisted = 0;
    this.#structure += 1;
  }

  /** What we publish ourselves tells what the broker keeps, unless it refused. */
  #sent({ topic, retain, payload, reasonCode }: TestMessage): void {
    const node = this.#topics.get(topic);
    if (node && retain && (reasonCode ?? 0) < 128) this.#mark(node, payload.byteLength > 0);
  }

  #mark(node: TopicNode, retained: boolean): void {
    if (node.retained === retained) return;
    node.retained = retained;
    for (let each: TopicNode | null = node; each !== null; each = each.parent) each.retainedTopics += retained ? 1 : -1;
  }

  /** Makes a place for a topic, with all above it; where there is no room, gives the nearest place that is there. */
  #grow(topic: string): TopicNode {
    let node = this.root;
    for (let start = 0, level = 1; start <= topic.length; level++) {
      const slash = level < mostLevels ? topic.indexOf('/', start) : -1;
      const end = slash < 0 ? topic.length : slash;
      const name = topic.slice(start, end);
      const there = node.byName?.get(name);
      if (there === undefined) {
        if (this.#nodes >= this.#limits.nodes || this.#characters + topic.length > this.#limits.characters) return node;
        node = this.#put(node, end === topic.length ? topic : apart(topic.slice(0, end)), name);
        this.#characters += end;
      } else node = there;
      start = end + 1;
    }
    this.#topics.set(topic, node);
    for (let each: TopicNode | null = node; each !== null; each = each.parent) each.topics += 1;
    return node;
  }

  #put(parent: TopicNode, topic: string, name: string): TopicNode {
    const node = new TopicNode(topic, apart(name), parent);
    parent.byName ??= new Map();
    parent.byName.set(name, node);
    const { children } = parent;
    let [low, high] = [0, children.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareNames((children[middle] as TopicNode).name, name) < 0) low = middle + 1;
      else high = middle;
    }
    children.splice(low, 0, node);
    this.#nodes += 1;
    this.#structure += 1;
    return node;
  }
}

/** A text of its own: a part of a long one would keep all of it in memory. */
function apart(text: string): string {
  return text.length > 100 ? (JSON.parse(JSON.stringify(text)) as string) : text;
}
