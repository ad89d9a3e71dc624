import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Reply } from '../../shared/contract.ts';
import { type ErrorReport, FieldkeyError } from '../../shared/errors.ts';
import { errorReport } from './error-report.ts';
import { logError } from './log.ts';
import type { TellVaultEvent, VaultEvent } from './vault-calls/context.ts';
import type { VaultHandlers } from './vault-service.ts';

type Name = keyof VaultHandlers;
type Input<N extends Name> = Parameters<VaultHandlers[N]> extends [infer I, ...unknown[]] ? I : undefined;
type Output<N extends Name> = Awaited<ReturnType<VaultHandlers[N]>>;

interface Answer {
  readonly id: number;
  readonly reply: Reply<unknown>;
  readonly detail?: string;
}

interface Told {
  readonly event: VaultEvent;
  readonly payload: unknown;
}

/** Runs the vault in a thread of its own, so that main's event loop never waits for the database or for scrypt. */
export class VaultHost {
  #worker: Worker | null = null;
  /** To the running thread: ids of jobs that are cancelled, so that work sees it which keeps the thread for itself. */
  #cancelling: MessagePort | null = null;
  #next = 1;
  /** The running thread has answered at least once. */
  #answered = false;
  readonly #pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  readonly #onCrash: () => void;
  readonly #tell: TellVaultEvent;

  /**
   * `onCrash`: the thread died; its vault is closed, the next call starts a new one. `tell`: something happened in it,
   * the progress of a job for example.
   */
  constructor(onCrash: () => void, tell: TellVaultEvent) {
    this.#onCrash = onCrash;
    this.#tell = tell;
  }

  /** Calls the vault's thread. @throws ErrorReport as the handler gave it */
  call<N extends Name>(name: N, input: Input<N>): Promise<Output<N>> {
    const worker = this.#running();
    const id = this.#next++;
    return new Promise<Output<N>>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      if (name === 'job.cancel') this.#cancelling?.postMessage((input as { readonly jobId: string }).jobId);
      worker.postMessage({ id, name, input });
    });
  }

  /** Closes the vault and ends the thread. */
  async end(): Promise<void> {
    if (!this.#worker) return;
    await this.call('vault.close', undefined as never).catch(() => undefined);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const { port1, port2 } = new MessageChannel();
    const options = { workerData: { cancelling: port2 }, transferList: [port2] };
    const worker = new Worker(new URL('./vault-worker.js', import.meta.url), options);
    this.#worker = worker;
    this.#cancelling?.close();
    this.#cancelling = port1;
    // it must not keep the program from ending
    port1.unref();
    worker.on('message', (message: Answer | Told) => {
      this.#answered = true;
      if ('event' in message) this.#tell(message.event, message.payload as never);
      else this.#settle(message);
    });
    worker.on('error', (error) => this.#crashed(worker, error));
    worker.on('exit', (code) => {
      if (code !== 0) this.#crashed(worker, new Error(`the vault's thread ended with ${code}`));
    });
    return worker;
  }

  #settle({ id, reply, detail }: Answer): void {
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    if (!waiting) return;
    if (reply.ok) {
      waiting.resolve(reply.value);
      return;
    }
    logError(reply.error, detail ?? '');
    waiting.reject(reply.error satisfies ErrorReport);
  }

  #crashed(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const { reject } of this.#pending.values()) reject(new FieldkeyError('INTERNAL', { detail: error.message }, error));
    this.#pending.clear();
    const report = errorReport(error);
    logError(report, error.stack ?? '');
    // one that never answered cannot start here at all: the next call tries again, nothing does so by itself
    if (this.#answered) this.#onCrash();
    this.#answered = false;
  }
}
