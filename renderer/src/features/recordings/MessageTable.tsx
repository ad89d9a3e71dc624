// biome-ignore-all lint/a11y/useSemanticElements: a virtual list cannot be a <select>
// biome-ignore-all lint/a11y/useFocusableInteractive: the list has the focus and names its active option
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the list hears the keys
import { IconArrowDownLeft, IconArrowUpRight, IconPin } from '@tabler/icons-react';
import { type KeyboardEvent, memo, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestMessage } from '../../../../shared/model/connection.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { previewOf } from '../../ui/payload/bytes.ts';
import { placeRows, scrollFor } from './long-list.ts';
import css from './Messages.module.css';
import type { Recorded } from './useRecorded.ts';

const rowHeight = 52;
const steps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, PageUp: -8, PageDown: 8 };

interface Props {
  readonly count: number;
  readonly recorded: Recorded;
  /** The place in the list of the one that is shown in full; null = none. */
  readonly chosen: number | null;
  readonly onChoose: (index: number) => void;
  readonly label: string;
}

/** Messages in their order, of which only those in view exist, however many there are. */
export function MessageTable({ count, recorded, chosen, onChoose, label }: Props) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [view, setView] = useState(400);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setView(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // what is played or moved to by the keys stays in view
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || chosen === null) return;
    const wanted = scrollFor(chosen, count, rowHeight, element.clientHeight, element.scrollTop);
    if (wanted !== null) element.scrollTop = wanted;
  }, [chosen, count]);

  const { height, first, offset } = placeRows(count, rowHeight, view, top);
  const last = Math.min(count - 1, first + Math.ceil(view / rowHeight) + 1);
  const { onRange, rowAt } = recorded;
  useEffect(() => onRange(first, last), [onRange, first, last]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    const from = chosen ?? first - 1;
    const next = step !== undefined ? from + step : event.key === 'Home' ? 0 : event.key === 'End' ? count - 1 : null;
    if (next === null || count === 0) return;
    event.preventDefault();
    onChoose(Math.max(0, Math.min(count - 1, next)));
  };
  const rows = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  return (
    <div
      ref={box}
      className={css.list}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={chosen !== null && chosen >= first && chosen <= last ? `${id}-${chosen}` : undefined}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height }}>
        {rows.map((index) => (
          <Line
            key={index}
            id={`${id}-${index}`}
            message={rowAt(index)}
            offset={offset + (index - first) * rowHeight}
            place={index + 1}
            total={count}
            chosen={index === chosen}
            onChoose={() => onChoose(index)}
          />
        ))}
      </div>
    </div>
  );
}

interface LineProps {
  readonly id: string;
  /** Null = damaged, undefined = on its way. */
  readonly message: TestMessage | null | undefined;
  readonly offset: number;
  readonly place: number;
  readonly total: number;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

const Line = memo(function Line({ id, message, offset, place, total, chosen, onChoose }: LineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const Sign = message?.direction === 'out' ? IconArrowUpRight : IconArrowDownLeft;
  return (
    <div
      id={id}
      className={css.line}
      role="option"
      aria-selected={chosen}
      aria-posinset={place}
      aria-setsize={total}
      data-direction={message?.direction}
      style={{ transform: `translateY(${offset}px)` }}
      onClick={onChoose}
    >
      {message === null && <span className={css.damaged}>{t('recordings.damaged')}</span>}
      {message && (
        <>
          <span className={css.direction} title={t(`tester.stream.${message.direction}`)}>
            <Sign size={16} stroke={2} aria-hidden />
            <span className="visually-hidden">{t(`tester.stream.${message.direction}`)}</span>
          </span>
          <span className={css.time}>{format.clock(message.at)}</span>
          <span className={css.topic}>{message.topic}</span>
          <span className={css.meta}>
            {message.retain && (
              <span title={t('tester.stream.retained')}>
                <IconPin size={14} aria-hidden />
                <span className="visually-hidden">{t('tester.stream.retained')}</span>
              </span>
            )}
            <span>QoS {message.qos}</span>
          </span>
          <span className={css.preview}>{previewOf(message.payload, 'text')}</span>
        </>
      )}
    </div>
  );
});
