import { Worker } from 'node:worker_threads';
import type { CallOutput, ParsedInput, Reply } from '../../shared/contract.ts';
import { FieldkeyError } from '../../shared/errors.ts';
import type { LogCallName, TellLogEvent } from './log-reader.ts';

type Message =
  | { readonly id: number; readonly reply: Reply<unknown> }
  | { readonly event: Parameters<TellLogEvent>[0]; readonly payload: unknown };

/**
 * Runs the reader of logs in a thread of its own: a gigabyte of somebody's log keeps neither the window nor the vault waiting. The
 * thread starts with the first call and ends when the log is closed.
 */
export class LogHost {
  #worker: Worker | null = null;
  #next = 1;
  readonly #pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  readonly #tell: TellLogEvent;

  constructor(tell: TellLogEvent) {
    this.#tell = tell;
  }

  /** Calls the log's thread. @throws ErrorReport as the handler gave it; INTERNAL when the thread died */
  call<N extends LogCallName>(name: N, input: ParsedInput<N>): Promise<CallOutput<N>> {
    const worker = this.#running();
    const id = this.#next++;
    return new Promise<CallOutput<N>>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      worker.postMessage({ id, name, input });
    });
  }

  /** Ends the thread; what was under way is cancelled. */
  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#rejectAll(new FieldkeyError('JOB_CANCELLED', { done: 0, total: 0 }));
    await worker?.terminate();
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('./log-worker.js', import.meta.url));
    this.#worker = worker;
    worker.on('message', (message: Message) => {
      if (this.#worker !== worker) return;
      if ('event' in message) this.#tell(message.event, message.payload as never);
      else this.#settle(message.id, message.reply);
    });
    worker.on('error', (error) => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#rejectAll(new FieldkeyError('INTERNAL', { detail: error.message }, error));
    });
    return worker;
  }

  #settle(id: number, reply: Reply<unknown>): void {
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    if (reply.ok) waiting?.resolve(reply.value);
    else waiting?.reject(reply.error);
  }

  #rejectAll(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
