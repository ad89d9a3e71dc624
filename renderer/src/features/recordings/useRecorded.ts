import { useCallback, useEffect, useRef, useState } from 'react';
import type { TestMessage } from '../../../../shared/model/connection.ts';
import { unpackMessages } from '../../../../shared/model/packed-messages.ts';
import { call } from '../../bridge/client.ts';

const pageSize = 200;
/** Pages that are kept: a list of a million messages must not end up in the window. */
const pagesKept = 20;

export interface Recorded {
  /** Undefined while it is on its way, null when it is damaged. */
  readonly rowAt: (index: number) => TestMessage | null | undefined;
  readonly onRange: (first: number, last: number) => void;
}

/** The messages of a recording, or of what a search found, as far as a list shows them. `version`: what was read before is old. */
export function useRecorded(recordingId: string, searchId: number | null, count: number, version: string): Recorded {
  const pages = useRef(new Map<number, readonly (TestMessage | null)[]>());
  const underway = useRef(new Set<number>());
  const [, render] = useState(0);
  const key = `${recordingId} ${searchId} ${version}`;
  const present = useRef(key);
  if (present.current !== key) {
    present.current = key;
    pages.current = new Map();
    underway.current = new Set();
  }

  const load = useCallback(
    async (page: number) => {
      const waiting = underway.current;
      const into = pages.current;
      if (waiting.has(page)) return;
      waiting.add(page);
      try {
        const from = page * pageSize;
        const read = await call('recording.messages', { recordingId, searchId, from, count: pageSize });
        const messages = unpackMessages({ ...read.packed, bytes: read.packed.bytes as Uint8Array<ArrayBuffer> });
        const rows = new Array<TestMessage | null>(read.count).fill(null);
        for (const [index, message] of messages.entries())
          rows[read.rows[index] ?? 0] = { ...message, seq: read.seqs[index] ?? 0 };
        into.delete(page);
        into.set(page, rows);
        if (into.size > pagesKept) into.delete(into.keys().next().value as number);
      } catch {
        // asked again when it is scrolled to; what is wrong with the recording is told above the list
      } finally {
        waiting.delete(page);
        render((times) => times + 1);
      }
    },
    [recordingId, searchId],
  );

  const range = useRef<[first: number, last: number]>([0, 0]);
  const fill = useCallback(
    (first: number, last: number) => {
      for (let page = Math.floor(first / pageSize); page <= Math.floor(Math.max(first, last) / pageSize); page++) {
        const wanted = Math.min(pageSize, count - page * pageSize);
        if (wanted > 0 && (pages.current.get(page)?.length ?? 0) < wanted) void load(page);
      }
    },
    [count, load],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search or a longer recording has to be read although nobody scrolled
  useEffect(() => fill(...range.current), [fill, key]);
  return {
    rowAt: (index) => pages.current.get(Math.floor(index / pageSize))?.[index % pageSize],
    onRange: useCallback(
      (first, last) => {
        range.current = [first, last];
        fill(first, last);
      },
      [fill],
    ),
  };
}
