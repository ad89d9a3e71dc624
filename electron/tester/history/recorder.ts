import type { RecordingMarkKind } from '../../../shared/model/recording.ts';
import { encodeBlock, type Incoming } from './block.ts';
import type { ToHistory } from './calls.ts';

/** A block is handed over when it has so many messages or bytes, or is so old (ms). */
const blockMessages = 4_096;
const blockBytes = 1_000_000;
const blockAge = 500;
/** What may be under way to the disk; more is not taken, and counted. */
const budget = 64_000_000;

/** Collects the messages of one connection and hands them over in blocks. */
export class Recorder {
  readonly #connectionId: string;
  readonly #post: (message: ToHistory, transfer: ArrayBuffer[]) => void;
  readonly #budget: number;
  #pending: Incoming[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #underway = 0;
  #missed = 0;

  constructor(connectionId: string, post: (message: ToHistory, transfer: ArrayBuffer[]) => void, bytes = budget) {
    this.#connectionId = connectionId;
    this.#post = post;
    this.#budget = bytes;
  }

  add(message: Incoming): void {
    this.#pending.push(message);
    this.#bytes += message.payload.byteLength + message.topic.length;
    if (this.#pending.length >= blockMessages || this.#bytes >= blockBytes) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), blockAge);
  }

  mark(kind: RecordingMarkKind, at: number): void {
    this.flush();
    this.#post({ kind: 'mark', connectionId: this.#connectionId, mark: { at, kind, count: 0 } }, []);
  }

  /** So many bytes are stored. */
  appended(bytes: number): void {
    this.#underway -= bytes;
  }

  /** Hands over what there is. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const messages = this.#pending;
    this.#pending = [];
    this.#bytes = 0;
    if (this.#underway > this.#budget) this.#missed += messages.length;
    else if (messages.length > 0) {
      const { head, body } = encodeBlock(messages);
      this.#underway += head.byteLength + body.byteLength;
      const missed = this.#missed;
      this.#missed = 0;
      this.#post({ kind: 'append', connectionId: this.#connectionId, block: { head, body }, missed }, [
        head.buffer as ArrayBuffer,
        body.buffer as ArrayBuffer,
      ]);
      return;
    }
    if (this.#missed === 0) return;
    this.#post({ kind: 'append', connectionId: this.#connectionId, block: null, missed: this.#missed }, []);
    this.#missed = 0;
  }
}
