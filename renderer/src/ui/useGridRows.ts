import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { moveBy } from './table-keys.ts';

interface Grid {
  readonly count: number;
  /** Pixels. */
  readonly rowHeight: number;
  readonly headHeight: number;
}

/**
 * The rows of a grid below its head, of which only those in view exist. One of them is in the tab order (`active`); `move` goes where a
 * key leads, if it leads anywhere. Rows have `data-index`.
 */
export function useGridRows({ count, rowHeight, headHeight }: Grid) {
  const scroller = useRef<HTMLDivElement>(null);
  const [wanted, setActive] = useState(0);
  const active = Math.max(0, Math.min(wanted, count - 1));
  const moved = useRef(false);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    // the active row stays in the page when it is scrolled away: its focus would be lost with it
    rangeExtractor: useCallback(
      (range: Range) => [...new Set([...defaultRangeExtractor(range), ...(count > 0 ? [active] : [])])],
      [active, count],
    ),
  });
  useLayoutEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    scroller.current?.querySelector<HTMLElement>(`[data-index="${active}"]`)?.focus({ preventScroll: true });
  });
  const move = (event: KeyboardEvent): void => {
    const visible = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - headHeight) / rowHeight) - 1);
    const next = moveBy(event.key, active, count, visible);
    if (next === null) return;
    event.preventDefault();
    moved.current = true;
    virtualizer.scrollToIndex(next);
    setActive(next);
  };
  return { scroller, virtualizer, active, setActive, move };
}
