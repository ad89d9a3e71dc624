import { Worker } from 'node:worker_threads';
import type { ListVolumes, Volume } from '../bundle/drives.ts';

export type VolumesAnswer =
  | { readonly id: number; readonly volumes: readonly Volume[] }
  | { readonly id: number; readonly reason: string };

/** A thread that is asked for nothing this long, ms, ends: nobody looks at a page with drives. */
const idle = 30_000;

/**
 * Asks the system for its drives in a thread of its own. Loading the library and starting the system's program keep a
 * thread for some 50 ms, every two seconds while somebody exports: in main the window would feel it.
 */
export class VolumesHost {
  #worker: Worker | null = null;
  #next = 1;
  #timer: NodeJS.Timeout | undefined;
  readonly #pending = new Map<number, { resolve: (volumes: readonly Volume[]) => void; reject: (error: Error) => void }>();

  /** As `systemVolumes`. */
  readonly list: ListVolumes = () => {
    const worker = this.#running();
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.postMessage(id);
    });
  };

  #running(): Worker {
    this.#endWhenIdle();
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('./volumes-worker.js', import.meta.url));
    // a program that hangs (a drive that does not answer) must not keep the process
    worker.unref();
    worker.on('message', (answer: VolumesAnswer) => {
      const waiting = this.#pending.get(answer.id);
      this.#pending.delete(answer.id);
      if ('volumes' in answer) waiting?.resolve(answer.volumes);
      else waiting?.reject(new Error(answer.reason));
    });
    worker.on('error', (error) => {
      if (this.#worker === worker) this.#end(error);
    });
    this.#worker = worker;
    return worker;
  }

  #endWhenIdle(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // a drive that does not answer may keep a look for minutes
      if (this.#pending.size > 0) this.#endWhenIdle();
      else this.#end(new Error('nobody asks'));
    }, idle).unref();
  }

  #end(error: Error): void {
    clearTimeout(this.#timer);
    void this.#worker?.terminate();
    this.#worker = null;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
