import { Button } from '@mantine/core';
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogReport, LogTimeLine } from '../../../../shared/model/broker-log.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import type { Format } from '../../locales/format.ts';
import { Panel } from '../../ui/Panel.tsx';
import css from './BrokerLog.module.css';
import { type Span, showSpan } from './store.ts';

const height = 150;
const step = 10;
const lanes = ['refused', 'denied', 'connected'] as const;
/** A cell with one refusal among thousands of connections still shows it. */
const least = 3;

interface Props {
  readonly report: LogReport;
  readonly span: Span | null;
  readonly watching: boolean;
}

/** What came when: connected, refused, denied. A part of it can be selected and looked at alone. */
export function TimeLine({ report, span, watching }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { timeLine: line, totals } = report;
  const [selection, setSelection] = useState<readonly [number, number] | null>(null);
  // another part of the log has other cells
  const at = line ? `${line.start} ${line.width}` : '';
  const [known, setKnown] = useState(at);
  if (known !== at) {
    setKnown(at);
    setSelection(null);
  }
  const selected = line && selection ? spanOfCells(line, selection) : null;
  const range = ({ from, to }: Span) => ({ from: format.dateTime(from), to: format.dateTime(to) });
  return (
    <Panel
      title={t('log.timeLine.title')}
      aside={
        <ul className={css.legend}>
          {(['connected', 'refused', 'denied'] as const).map((lane) => (
            <li key={lane} data-lane={lane}>
              <b>{format.number(totals[lane])}</b> {t(`log.totals.${lane}`)}
            </li>
          ))}
        </ul>
      }
    >
      <div>
        {line === null ? (
          <p className={css.faint}>{t('log.timeLine.none')}</p>
        ) : (
          <Chart line={line} selection={selection} onSelect={watching ? null : setSelection} />
        )}
        {line !== null && (
          <div className={css.under}>
            <p role="status">
              {selected
                ? t('log.timeLine.selected', range(selected))
                : span
                  ? t('log.timeLine.part', range(span))
                  : watching
                    ? ''
                    : t('log.timeLine.hint')}
            </p>
            {selected && (
              <>
                <Button onClick={() => void showSpan(selected)}>{t('log.timeLine.only')}</Button>
                <Button variant="default" onClick={() => setSelection(null)}>
                  {t('log.timeLine.clear')}
                </Button>
              </>
            )}
            {span && !selected && (
              <Button variant="default" onClick={() => void showSpan(null)}>
                {t('log.timeLine.whole')}
              </Button>
            )}
          </div>
        )}
      </div>
    </Panel>
  );
}

function spanOfCells({ start, width }: LogTimeLine, [a, b]: readonly [number, number]): Span {
  return { from: start + Math.min(a, b) * width, to: start + (Math.max(a, b) + 1) * width };
}

interface ChartProps {
  readonly line: LogTimeLine;
  readonly selection: readonly [number, number] | null;
  /** Null while nothing can be selected. */
  readonly onSelect: ((selection: readonly [number, number] | null) => void) | null;
}

function Chart({ line, selection, onSelect }: ChartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const count = line.connected.length;
  const [cursor, setCursor] = useState(count - 1);
  const dragging = useRef<number | null>(null);
  const at = Math.min(cursor, count - 1);
  const most = Math.max(1, ...line.connected.map((_, cell) => lanes.reduce((sum, lane) => sum + (line[lane][cell] ?? 0), 0)));
  const words = (cell: number) =>
    t('log.timeLine.cell', {
      at: format.dateTime(line.start + cell * line.width),
      connected: format.number(line.connected[cell] ?? 0),
      refused: format.number(line.refused[cell] ?? 0),
      denied: format.number(line.denied[cell] ?? 0),
    });
  const cellAt = (event: PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(count - 1, Math.floor(((event.clientX - left) / Math.max(1, width)) * count)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && selection && onSelect) {
      event.preventDefault();
      void showSpan(spanOfCells(line, selection));
      return;
    }
    if (event.key === 'Escape' && selection) {
      onSelect?.(null);
      return;
    }
    const page = Math.max(1, Math.floor(count / 10));
    const steps = {
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at - 1,
      PageUp: at + page,
      PageDown: at - page,
      Home: 0,
      End: count,
    };
    const wanted = steps[event.key as keyof typeof steps];
    if (wanted === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(count - 1, wanted));
    if (event.shiftKey) onSelect?.([selection?.[0] ?? at, next]);
    setCursor(next);
  };
  const [low, high] = selection ? [Math.min(...selection), Math.max(...selection)] : [0, -1];
  return (
    <div className={css.chart}>
      <span className={css.most} aria-hidden>
        {format.number(most)}
      </span>
      <div
        className={css.plot}
        role="slider"
        tabIndex={0}
        aria-label={t('log.timeLine.label', {
          from: format.dateTime(line.start),
          to: format.dateTime(line.start + count * line.width),
        })}
        aria-valuemin={0}
        aria-valuemax={count - 1}
        aria-valuenow={at}
        aria-valuetext={words(at)}
        data-selects={onSelect !== null || undefined}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (event.button !== 0 || !onSelect) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          dragging.current = cellAt(event);
          setCursor(dragging.current);
          onSelect(null);
        }}
        onPointerMove={(event) => {
          if (dragging.current === null) return;
          const cell = cellAt(event);
          if (cell !== dragging.current || selection) onSelect?.([dragging.current, cell]);
        }}
        onPointerUp={() => {
          dragging.current = null;
        }}
      >
        <svg viewBox={`0 0 ${count * step} ${height}`} preserveAspectRatio="none" aria-hidden>
          {high >= low && <rect className={css.chosen} x={low * step} y={0} width={(high - low + 1) * step} height={height} />}
          {line.connected.map((_, cell) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the cell is its number
            <g key={cell}>
              <Bars line={line} cell={cell} most={most} />
              <rect className={css.column} x={cell * step} y={0} width={step} height={height}>
                <title>{words(cell)}</title>
              </rect>
            </g>
          ))}
          <line className={css.cursor} x1={(at + 0.5) * step} x2={(at + 0.5) * step} y1={0} y2={height} />
        </svg>
      </div>
      <div className={css.axis} aria-hidden>
        {ticksOf(line, format).map(({ cell, label }) => (
          <span key={cell} style={{ left: `${(cell / count) * 100}%` }}>
            {label}
          </span>
        ))}
      </div>
    </div>
  );
}

/** From the bottom: refused, denied, connected. What matters most stands on the ground. */
function Bars({ line, cell, most }: { readonly line: LogTimeLine; readonly cell: number; readonly most: number }) {
  let top = height;
  const gap = line.connected.length > 100 ? 0.5 : 1;
  return lanes.map((lane) => {
    const value = line[lane][cell] ?? 0;
    if (value === 0) return null;
    const tall = Math.max(least, (value / most) * (height - 6));
    top -= tall;
    return (
      <rect
        key={lane}
        className={css.bar1}
        data-lane={lane}
        x={cell * step + gap}
        y={Math.max(0, top)}
        width={step - 2 * gap}
        height={tall}
      />
    );
  });
}

/** Up to six times below the bars; where a day begins, the day. */
function ticksOf(line: LogTimeLine, format: Format): { readonly cell: number; readonly label: string }[] {
  const count = line.connected.length;
  const every = Math.max(1, Math.ceil(count / 6));
  const whole = count * line.width;
  const at = (cell: number) => line.start + cell * line.width;
  const label = (cell: number) => {
    const day = format.date(at(cell));
    const another = cell === 0 || format.date(at(cell - every)) !== day;
    return whole > 3 * day1 || (whole > day1 / 2 && another) ? day : format.time(at(cell));
  };
  // the last one would stand beyond the edge
  return Array.from({ length: Math.ceil(count / every) }, (_, index) => index * every)
    .filter((cell) => cell === 0 || cell <= count * 0.86)
    .map((cell) => ({ cell, label: label(cell) }));
}

const day1 = 86_400_000;
