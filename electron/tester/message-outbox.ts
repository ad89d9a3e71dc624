import type { TestMessage } from '../../shared/model/connection.ts';
import { packMessages } from '../../shared/model/packed-messages.ts';
import type { PublishProperties } from '../../shared/model/publish-properties.ts';
import type { MessageBatch } from './channel.ts';

export interface OutboxOptions {
  readonly connectionId: string;
  readonly send: (batch: MessageBatch) => void;
  /** Milliseconds between two batches. */
  readonly interval: number;
  /** What may wait at most: 200,000 messages and 64 MB unless told. The oldest is dropped, and counted, when more comes. */
  readonly messages?: number;
  readonly bytes?: number;
}

/** A batch is taken in one go by the window: larger ones would cost it frames. */
const batchMessages = 10_000;
const batchBytes = 8_000_000;
/** Rough cost of a message besides its texts and payload. */
const overhead = 120;

type Message = { -readonly [K in keyof TestMessage]: TestMessage[K] };

/**
 * Messages on their way to the window. At most one batch each interval, the next one only after the last was taken, and
 * never more waiting than the budget: the tester receives faster than any page can show. Nothing disappears silently:
 * a dropped message leaves a gap in `seq` and counts in `dropped`.
 */
export class MessageOutbox {
  readonly #options: Required<OutboxOptions>;
  #waiting: Message[] = [];
  #head = 0;
  #bytes = 0;
  #seq = 0;
  #received = 0;
  #dropped = 0;
  #toldDropped = 0;
  #underway = false;
  #sending = false;
  #timer: NodeJS.Timeout | undefined;
  #last = Number.NEGATIVE_INFINITY;

  constructor(options: OutboxOptions) {
    this.#options = { messages: 200_000, bytes: 64_000_000, ...options };
  }

  add(message: Omit<Message, 'seq'>): void {
    if (message.direction === 'in') this.#received++;
    this.#waiting.push({ seq: ++this.#seq, ...message });
    this.#bytes += sizeOf(message);
    while (this.#count > this.#options.messages || (this.#bytes > this.#options.bytes && this.#count > 0)) {
      this.#shift();
      this.#dropped++;
    }
    this.#schedule();
  }

  /** The page has the last batch. */
  taken(): void {
    this.#underway = false;
    this.#schedule();
  }

  get empty(): boolean {
    return this.#count === 0;
  }

  get #count(): number {
    return this.#waiting.length - this.#head;
  }

  #schedule(): void {
    if (this.#sending) return;
    // a batch without messages still tells that one was too large to wait at all
    if (this.#timer || this.#underway || (this.empty && this.#dropped === this.#toldDropped)) return;
    const pause = this.#last + this.#options.interval - performance.now();
    // timers may fire a millisecond early
    this.#timer = setTimeout(() => this.#flush(), Math.max(0, Math.ceil(pause) + (pause > 0 ? 1 : 0)));
  }

  #flush(): void {
    this.#timer = undefined;
    const messages: Message[] = [];
    for (let bytes = 0; this.#count > 0 && messages.length < batchMessages && bytes < batchBytes; ) {
      const message = this.#shift();
      bytes += sizeOf(message);
      messages.push(message);
    }
    this.#underway = true;
    this.#toldDropped = this.#dropped;
    this.#sending = true;
    this.#options.send({
      connectionId: this.#options.connectionId,
      packed: packMessages(messages),
      received: this.#received,
      dropped: this.#dropped,
    });
    // after sending: copying a large batch takes its time, and the pause is for whoever receives it
    this.#last = performance.now();
    this.#sending = false;
    // `taken` may have been called within `send`
    this.#schedule();
  }

  #shift(): Message {
    const message = this.#waiting[this.#head] as Message;
    this.#waiting[this.#head++] = undefined as unknown as Message;
    this.#bytes -= sizeOf(message);
    if (this.#head > 4_096 && this.#head * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
    return message;
  }
}

function sizeOf(message: Omit<Message, 'seq'>): number {
  const { properties } = message;
  return message.payload.byteLength + message.topic.length * 2 + overhead + (properties ? weightOf(properties) : 0);
}

/** Rough, as the rest: what a hostile peer fills properties with counts as well. */
function weightOf({ contentType, responseTopic, correlationData, userProperties, subscriptionIdentifiers }: PublishProperties) {
  let weight = overhead + (correlationData?.byteLength ?? 0) + (subscriptionIdentifiers?.length ?? 0) * 8;
  weight += ((contentType?.length ?? 0) + (responseTopic?.length ?? 0)) * 2;
  for (const [name, value] of userProperties ?? []) weight += overhead + (name.length + value.length) * 2;
  return weight;
}
