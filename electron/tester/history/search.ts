import type { RecordingQuery } from '../../../shared/model/recording.ts';
import { topicMatcher } from '../../../shared/rules/topic-search.ts';
import { BlockHead, type Incoming } from './block.ts';
import { finderOf } from './find-bytes.ts';
import { mayHave } from './grams.ts';
import type { RecordingFile } from './recording-file.ts';
import type { BlockPlace } from './recording-index.ts';

/** A message with its place in the recording. */
export interface Found {
  readonly seq: number;
  readonly message: Incoming;
}

/**
 * Looks through a recording, oldest first, as long as it is given time: what is found so far can be read while the rest
 * is looked through. It ends where the recording ended when the search began.
 */
export class RecordingSearch {
  readonly #recording: RecordingFile;
  readonly #query: RecordingQuery;
  readonly #needle: Buffer | null;
  readonly #topicMatches: ((topic: string) => boolean) | null;
  /** Lower case: a block in whose topics this is nowhere needs no closer look. Null for filters with + and #. */
  readonly #topicPart: string | null;
  readonly #end: number;
  #next = 0;
  /** Places of what was found, rising. */
  readonly #found: number[] = [];
  /** Messages in blocks that are not what was written, or cannot be found. */
  #unreadable: number;

  constructor(recording: RecordingFile, query: RecordingQuery) {
    this.#recording = recording;
    this.#query = query;
    this.#needle = query.text === '' ? null : needleOf(query.text);
    const topic = query.topic.trim();
    this.#topicMatches = topic === '' ? null : topicMatcher(topic);
    this.#topicPart = topic === '' || /[+#]/.test(topic) ? null : topic.toLowerCase();
    this.#end = recording.about.next;
    this.#unreadable = recording.lost;
  }

  /** Whether it can go on: a recording that was closed and opened again needs another search. */
  usable(recording: RecordingFile): boolean {
    return recording === this.#recording && recording.open;
  }

  get done(): boolean {
    return this.#next >= this.#end;
  }
  get found(): readonly number[] {
    return this.#found;
  }
  get unreadable(): number {
    return this.#unreadable;
  }
  /** Messages that were looked at, and how many there are to look at. */
  get searched(): { readonly done: number; readonly total: number } {
    const first = this.#recording.blocks[0]?.first ?? this.#end;
    return { done: Math.max(0, Math.min(this.#next, this.#end) - first), total: Math.max(0, this.#end - first) };
  }

  /** Goes on for about `milliseconds`, at least one block. */
  step(milliseconds: number): void {
    const until = performance.now() + milliseconds;
    do {
      const place = this.#recording.blocks[blockAt(this.#recording.blocks, this.#next)];
      if (!place || place.first >= this.#end) {
        this.#next = this.#end;
        return;
      }
      // blocks may have become one since: what was looked at is not looked at again
      this.#look(place, Math.max(0, this.#next - place.first));
      this.#next = place.first + place.count;
    } while (!this.done && performance.now() < until);
  }

  #look(place: BlockPlace, skip: number): void {
    const { from, to } = this.#query;
    if ((from !== null && place.toAt < from) || (to !== null && place.fromAt >= to)) return;
    try {
      this.#lookInto(place, skip);
    } catch {
      this.#unreadable += place.count;
    }
  }

  #lookInto(place: BlockPlace, skip: number): void {
    if (this.#needle && !mayHave(this.#recording.grams(place), this.#needle)) return;
    const head = new BlockHead(this.#recording.head(place));
    if (this.#topicPart !== null && !head.topicText.toLowerCase().includes(this.#topicPart)) return;
    const matches = this.#topicMatches;
    const wanted = matches ? head.topics.map((topic) => matches(topic)) : null;
    if (wanted && !wanted.includes(true)) return;
    const { from, to, direction } = this.#query;
    const passes = (index: number) => {
      if (wanted && !wanted[head.topicPlace(index)]) return false;
      if (direction !== null && head.isOut(index) !== (direction === 'out')) return false;
      const at = head.at(index);
      return (from === null || at >= from) && (to === null || at < to);
    };
    const note = (index: number) => {
      if (index >= skip && place.first + index < this.#end && passes(index)) this.#found.push(place.first + index);
    };
    if (this.#needle === null) {
      for (let index = skip; index < head.count; index++) note(index);
      return;
    }
    const { byteLength } = this.#needle;
    const find = finderOf(this.#recording.body(place), this.#needle);
    let index = 0;
    let messageEnd = head.payloadLength(0);
    for (let from = 0; ; ) {
      const hit = find(from);
      if (hit < 0) return;
      while (hit >= messageEnd && ++index < head.count) messageEnd += head.payloadLength(index);
      // behind the payloads are the properties
      if (index >= head.count) return;
      if (hit + byteLength > messageEnd) {
        // it only looks so because two payloads lie side by side
        from = hit + 1;
        continue;
      }
      note(index);
      from = messageEnd;
    }
  }
}

/** Reads messages by their places, which rise. What is gone or not what was written is left out. */
export function readMessages(recording: RecordingFile, places: readonly number[]): Found[] {
  const found: Found[] = [];
  const { blocks } = recording;
  for (let at = 0; at < places.length; ) {
    const place = blocks[blockAt(blocks, places[at] as number)];
    if (!place) break;
    const here: number[] = [];
    while (at < places.length && (places[at] as number) < place.first + place.count)
      here.push((places[at++] as number) - place.first);
    try {
      found.push(
        ...pick(
          recording,
          place,
          here.filter((index) => index >= 0),
        ),
      );
    } catch {
      // told by the search, and by the count of the recording
    }
  }
  return found;
}

function pick(recording: RecordingFile, place: BlockPlace, wanted: readonly number[]): Found[] {
  if (wanted.length === 0) return [];
  const { head: headBytes, body } = recording.cachedBlock(place);
  const head = new BlockHead(headBytes);
  const found: Found[] = [];
  let payload = 0;
  let properties = head.payloadBytes;
  let index = 0;
  for (const each of wanted) {
    for (; index < each; index++) {
      payload += head.payloadLength(index);
      properties += head.propertiesLength(index);
    }
    found.push({ seq: place.first + each, message: head.message(each, body, payload, properties) });
  }
  return found;
}

/** The index of the block that has this place, or of the first one after it. */
export function blockAt(blocks: readonly BlockPlace[], seq: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const place = blocks[middle] as BlockPlace;
    if (place.first + place.count <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `0x…` with pairs of hexadecimal digits is bytes, everything else text. */
export function needleOf(text: string): Buffer {
  const digits = /^0x((?:\s*[0-9a-f]{2})+)$/i.exec(text.trim())?.[1];
  return digits === undefined ? Buffer.from(text) : Buffer.from(digits.replace(/\s/g, ''), 'hex');
}
