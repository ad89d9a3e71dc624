// biome-ignore-all lint/a11y/useSemanticElements: a virtual list cannot be a <select>
// biome-ignore-all lint/a11y/useFocusableInteractive: the list has the focus and names its active option
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useId, useLayoutEffect, useRef } from 'react';
import type { TestMessage } from '../../../../shared/model/connection.ts';
import type { LineView } from '../../ui/payload/bytes.ts';
import { markText } from './find/highlight.ts';
import type { LogStore } from './log-store.ts';
import { MessageLine } from './MessageLine.tsx';
import type { SubscriptionMark } from './marks.ts';
import css from './Stream.module.css';

const rowHeight = 56;
/** ms after a turn of the wheel, a press or a touch in which a scroll counts as a person's. */
const handPatience = 1_500;

interface Props {
  readonly store: LogStore;
  /** Renders this component; the log itself is not React's. */
  readonly version: number;
  readonly view: LineView;
  readonly label: string;
  readonly chosen: TestMessage | null;
  readonly marksOf: (topic: string) => readonly SubscriptionMark[];
  readonly onChoose: (message: TestMessage) => void;
}

const steps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, PageUp: -6, PageDown: 6 };

/** The newest is at the bottom and is followed; scrolling up or choosing a message lets the list stand still. */
export function MessageList({ store, version, view, label, chosen, marksOf, onChoose }: Props) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const lastInput = useRef(Number.NEGATIVE_INFINITY);
  const { log } = store;
  const active = chosen && log.paused ? indexOf(store, chosen) : -1;
  const virtualizer = useVirtualizer({
    count: log.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 4,
    // the active option is named by the list, so it has to be there
    rangeExtractor: useCallback(
      (range: Range) => [...new Set([...defaultRangeExtractor(range), ...(active >= 0 ? [active] : [])])],
      [active],
    ),
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: each version of the log may be longer
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box || log.paused) return;
    box.scrollTop = box.scrollHeight;
    lastTop.current = box.scrollTop;
  }, [version, log.paused]);

  // marks what is looked for in the lines that are there; they are few, and change with every frame
  useLayoutEffect(() => {
    const { finder } = store;
    const box = scroller.current;
    if (!box || finder.query === null) return;
    const { matchCase, regex } = finder.query;
    const undo = [...box.querySelectorAll('[aria-posinset]')].map((line) => {
      const found = finder.textAt(log.first + Number(line.getAttribute('aria-posinset')) - 1);
      return found === null ? () => undefined : markText(line, found, matchCase || regex);
    });
    return () => {
      for (const each of undo) each();
    };
  });

  // where a search or a key chose a message that is out of sight
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the choice moves the list
  useLayoutEffect(() => {
    if (active >= 0) virtualizer.scrollToIndex(active);
  }, [chosen]);

  const onScroll = () => {
    const box = scroller.current;
    if (!box) return;
    const up = box.scrollTop < lastTop.current - 1;
    const away = box.scrollHeight - box.clientHeight - box.scrollTop;
    lastTop.current = box.scrollTop;
    if (log.paused || !up || away <= rowHeight / 2) return;
    // a box that changes its size moves as well; only what follows a person's hand lets the list stand still
    if (performance.now() - lastInput.current < handPatience) store.change((each) => each.pause());
    else box.scrollTop = box.scrollHeight;
  };
  const noteInput = () => {
    lastInput.current = performance.now();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const last = log.length - 1;
    const from = active < 0 ? last + 1 : active;
    const step = steps[event.key];
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? last : step === undefined ? null : from + step;
    if (next === null) return;
    event.preventDefault();
    const index = Math.min(last, Math.max(0, next));
    const message = log.at(index);
    if (!message) return;
    onChoose(message);
    virtualizer.scrollToIndex(index);
  };

  return (
    <div
      ref={scroller}
      className={css.list}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
      onScroll={onScroll}
      onWheel={noteInput}
      onPointerDown={noteInput}
      onTouchMove={noteInput}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const message = log.at(index);
          return (
            message && (
              <MessageLine
                key={index}
                id={`${id}-${index}`}
                message={message}
                view={view}
                offset={start}
                place={index + 1}
                total={log.length}
                chosen={message === chosen}
                marksOf={marksOf}
                onChoose={onChoose}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

function indexOf({ log }: LogStore, message: TestMessage): number {
  for (let index = log.length - 1; index >= 0; index--) if (log.at(index) === message) return index;
  return -1;
}
