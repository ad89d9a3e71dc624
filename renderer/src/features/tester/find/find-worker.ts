import { type Match, matcherOf, type Query } from './match.ts';

/** A piece of the list: topics and payloads of messages whose numbers begin at `first`. */
export interface Piece {
  readonly query: number;
  readonly first: number;
  readonly topics: readonly string[];
  readonly payloads: readonly Uint8Array[];
}
export type ToFinder = { readonly begin: number; readonly query: Query } | Piece;
export interface Found {
  readonly query: number;
  /** The number after the last message that was looked at. */
  readonly next: number;
  readonly hits: readonly (readonly [position: number, text: string])[];
}

let present = -1;
let match: Match = () => null;

// a thread of its own: a pattern that somebody mistypes may take for ever, and then it is ended
self.addEventListener('message', ({ data }: MessageEvent<ToFinder>) => {
  if ('begin' in data) {
    present = data.begin;
    match = matcherOf(data.query);
    return;
  }
  if (data.query !== present) return;
  const hits: [number, string][] = [];
  data.topics.forEach((topic, at) => {
    const text = match(topic, data.payloads[at] as Uint8Array);
    if (text !== null) hits.push([data.first + at, text]);
  });
  const found: Found = { query: present, next: data.first + data.topics.length, hits };
  self.postMessage(found);
});
