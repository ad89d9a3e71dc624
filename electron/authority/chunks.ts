import { FieldkeyError } from '../../shared/errors.ts';
import type { CancelSignal, JobControl } from '../../shared/model/job.ts';

/** Certificates in one transaction at most. */
const chunkSize = 200;
/** ms. A chunk that takes longer (RSA keys) is committed with what it has, so that progress moves. */
const chunkTime = 3_000;
/** ms after which whoever shares the thread gets a turn: a cancel or a lock must be heard while a chunk is prepared. */
const breathTime = 40;

/**
 * Works through `items` in chunks, each one transaction of `work`, which gives how many of those handed to it were
 * committed (at least one). Progress counts only them; a cancelled or failed run keeps them.
 * @throws JOB_CANCELLED with what was done, and what `work` throws
 */
export async function inChunks<T>(
  items: readonly T[],
  control: JobControl,
  work: (chunk: readonly T[]) => Promise<number>,
): Promise<void> {
  const total = items.length;
  for (let done = 0; done < total; ) {
    if (control.signal?.aborted) throw new FieldkeyError('JOB_CANCELLED', { done, total });
    done += await work(items.slice(done, done + chunkSize));
    control.onProgress?.({ step: 'issue', done, total });
    await breathe();
  }
}

/**
 * Prepares the items of a chunk one after the other until all are, or the time is up, or the work shall stop: what is
 * prepared by then is committed. Gives at least one.
 */
export async function prepareChunk<T, P>(
  items: readonly T[],
  signal: CancelSignal | undefined,
  prepare: (item: T) => Promise<P>,
): Promise<P[]> {
  const start = performance.now();
  let breathed = start;
  const prepared: P[] = [];
  for (const item of items) {
    const now = performance.now();
    if (prepared.length > 0 && (signal?.aborted || now - start > chunkTime)) break;
    if (now - breathed > breathTime) {
      await breathe();
      breathed = performance.now();
    }
    prepared.push(await prepare(item));
  }
  return prepared;
}

function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
