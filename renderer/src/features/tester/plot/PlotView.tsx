import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import {
  IconArrowsVertical,
  IconFileTypeCsv,
  IconPhoto,
  IconPlayerPause,
  IconPlayerPlay,
  IconX,
  IconZoomReset,
} from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type UPlot from 'uplot';
import type { ErrorReport } from '../../../../../shared/errors.ts';
import { call, reportOf } from '../../../bridge/client.ts';
import { useFormat } from '../../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { SelectField } from '../../../ui/Field.tsx';
import { visible } from '../../../ui/payload/bytes.ts';
import type { LogStore } from '../log-store.ts';
import { MarkSign } from '../MarkSign.tsx';
import { useTick } from '../view.ts';
import { csvOf } from './csv.ts';
import { dashes, drawing, type Look, pictureOf, show } from './draw.ts';
import css from './Plot.module.css';
import { nameOfField, type Series } from './plot-store.ts';
import { mostPoints } from './series.ts';

const windows = ['all', '60', '300', '900', '3600'] as const;
type Window = (typeof windows)[number];

const signOf = ({ style }: Series) => String.fromCharCode(65 + style);

/** Numbers over time, as many lines as there are colours. The table below says the same in words and digits. */
export function PlotView({ store, label }: { readonly store: LogStore; readonly label: string }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const scheme = useComputedColorScheme();
  const tick = useTick(250);
  const { plot } = store;
  const { series } = plot;
  const [window, setWindow] = useState<Window>('all');
  const [paused, setPaused] = useState<number | null>(null);
  const [zoom, setZoom] = useState<readonly [number, number] | null>(null);
  const [ownScales, setOwnScales] = useState(false);
  const [error, setError] = useState<ErrorReport | null>(null);
  const [, setRemoved] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLTableElement>(null);
  const drawn = useRef<UPlot | null>(null);
  const range = useRef<readonly [number, number]>([0, 1]);
  const wanted = useRef({ paused, zoom, window });
  wanted.current = { paused, zoom, window };

  const refresh = useRef<() => void>(() => undefined);
  refresh.current = () => {
    if (!drawn.current) return;
    range.current = zoom ?? timesOf(series, window, paused ?? Date.now());
    show(drawn.current, series, range.current);
  };

  const lines = series.map(({ id }) => id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew for other lines, another look or language, and by nothing else
  useEffect(() => {
    const into = box.current;
    if (!into || series.length === 0) return;
    const time = new Intl.DateTimeFormat(i18n.language, { hour: '2-digit', minute: '2-digit' });
    const seconds = new Intl.DateTimeFormat(i18n.language, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
    const made = drawing(into, series, () => range.current, {
      look: lookOf(into, legend.current),
      ownScales,
      time: (at, span) => (span < 600_000 ? seconds : time).format(at),
      number: format.number,
      onZoom: (begin, end) => setZoom([begin, end]),
    });
    drawn.current = made;
    refresh.current();
    const sized = new ResizeObserver(() => made.setSize({ width: into.clientWidth, height: into.clientHeight }));
    sized.observe(into);
    return () => {
      sized.disconnect();
      made.destroy();
      drawn.current = null;
    };
  }, [lines, ownScales, scheme, i18n.language]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each tick may have brought points
  useEffect(() => refresh.current(), [tick, zoom, window, paused]);

  const save = async (work: () => Promise<unknown>) => {
    setError(null);
    await work().catch((cause) => setError(reportOf(cause)));
  };
  const savePicture = () =>
    save(async () => {
      if (!drawn.current || !box.current) return;
      const names = series.map((each) => ({
        sign: signOf(each),
        text: `${visible(each.topic)} · ${nameOfField(each) || t('tester.plot.value')}`,
        dash: dashes[each.style] ?? [],
      }));
      const blob = await pictureOf(drawn.current, { look: lookOf(box.current, legend.current), names });
      if (blob) await call('image.save', { name: 'mqtt-plot.png', png: new Uint8Array(await blob.arrayBuffer()) });
    });
  const saveTable = () => save(() => call('text.save', { name: 'mqtt-plot.csv', text: csvOf(series) }));

  if (series.length === 0) {
    return (
      <div className={css.nothing}>
        <div>
          <b>{t('tester.plot.emptyTitle')}</b>
          <p>{t('tester.plot.empty')}</p>
        </div>
      </div>
    );
  }
  const gone = series.some(({ points }) => points.gone > 0);
  return (
    <div className={css.plot}>
      <div className={css.tools}>
        <SelectField
          label={t('tester.plot.window')}
          value={window}
          options={windows.map((each) => ({ value: each, label: t(`tester.plot.windows.${each}`) }))}
          onChange={(next) => {
            setWindow(next);
            setZoom(null);
          }}
        />
        <button
          type="button"
          className={css.tool}
          aria-pressed={paused !== null}
          onClick={() => setPaused(paused === null ? Date.now() : null)}
        >
          {paused === null ? <IconPlayerPause size={18} aria-hidden /> : <IconPlayerPlay size={18} aria-hidden />}
          <span>{t(paused === null ? 'tester.stream.pause' : 'tester.stream.resume')}</span>
        </button>
        <button type="button" className={css.tool} disabled={zoom === null} onClick={() => setZoom(null)}>
          <IconZoomReset size={20} stroke={1.7} aria-hidden />
          <span>{t('tester.plot.reset')}</span>
        </button>
        {series.length > 1 && (
          <button type="button" className={css.tool} aria-pressed={ownScales} onClick={() => setOwnScales(!ownScales)}>
            <IconArrowsVertical size={20} stroke={1.7} aria-hidden />
            <span>{t('tester.plot.ownScales')}</span>
          </button>
        )}
        <button type="button" className={css.tool} onClick={() => void savePicture()}>
          <IconPhoto size={20} stroke={1.7} aria-hidden />
          <span>PNG</span>
        </button>
        <button type="button" className={css.tool} onClick={() => void saveTable()}>
          <IconFileTypeCsv size={20} stroke={1.7} aria-hidden />
          <span>CSV</span>
        </button>
      </div>
      {error && <ErrorPanel error={error} />}
      <div ref={box} className={css.chart} role="img" aria-label={label} onDoubleClick={() => setZoom(null)} />
      <p className={css.hint}>
        {t('tester.plot.hint')}
        {gone && ` ${t('tester.plot.gone', { points: format.number(mostPoints) })}`}
        {plot.skipped > 0 && ` ${t('tester.plot.skipped', { count: plot.skipped, messages: format.number(plot.skipped) })}`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would promise a form */}
      <div className={css.legend} tabIndex={0} role="group" aria-label={t('tester.plot.legend')}>
        <table ref={legend}>
          <thead>
            <tr>
              <th scope="col">{t('tester.plot.line')}</th>
              <th scope="col">{t('tester.plot.last')}</th>
              <th scope="col">{t('tester.plot.lowest')}</th>
              <th scope="col">{t('tester.plot.highest')}</th>
              <th scope="col">{t('tester.plot.points')}</th>
              <th scope="col">
                <span className="visually-hidden">{t('tester.plot.remove')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {series.map((each) => {
              const { last, low, high } = extremes(each, range.current);
              const field = nameOfField(each) || t('tester.plot.value');
              return (
                <tr key={each.id}>
                  <th scope="row">
                    <MarkSign colour={each.style} sign={signOf(each)} />
                    <span className={css.named}>
                      <b>{field}</b>
                      <span>{visible(each.topic)}</span>
                    </span>
                  </th>
                  <td>{last === null ? t('tester.plot.noValue') : format.number(last)}</td>
                  <td>{low === null ? '' : format.number(low)}</td>
                  <td>{high === null ? '' : format.number(high)}</td>
                  <td>{format.number(each.points.length)}</td>
                  <td>
                    <button
                      type="button"
                      className={css.remove}
                      aria-label={t('tester.plot.removeNamed', { field, topic: each.topic })}
                      onClick={() => {
                        plot.remove(each.id);
                        setRemoved((times) => times + 1);
                      }}
                    >
                      <IconX size={18} aria-hidden />
                    </button>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** What is shown when nobody zoomed: everything, or the last so many seconds. */
function timesOf(series: readonly Series[], window: Window, now: number): readonly [number, number] {
  const first = Math.min(...series.map(({ points }) => (points.length > 0 ? points.time(0) : now)));
  const begin = window === 'all' ? Math.min(first, now - 10_000) : now - Number(window) * 1_000;
  return [begin, now];
}

function extremes({ points }: Series, [begin, end]: readonly [number, number]) {
  const from = points.from(begin);
  const to = points.from(end + 1);
  let [low, high]: (number | null)[] = [null, null];
  for (let at = from; at < to; at++) {
    const value = points.value(at);
    if (low === null || low === undefined || value < low) low = value;
    if (high === null || high === undefined || value > high) high = value;
  }
  return { last: points.length > 0 ? points.value(points.length - 1) : null, low: low ?? null, high: high ?? null };
}

/** The colours as they are at this moment: of the theme, and of each line's sign. */
function lookOf(into: HTMLElement, legend: HTMLElement | null): Look {
  const style = getComputedStyle(into);
  const signs = [...(legend?.querySelectorAll('[data-colour]') ?? [])];
  return {
    text: style.getPropertyValue('--fk-muted').trim() || style.color,
    grid: style.getPropertyValue('--fk-line').trim(),
    ground: style.getPropertyValue('--fk-panel').trim(),
    font: `13px ${style.fontFamily}`,
    lines: signs.map((each) => getComputedStyle(each).getPropertyValue('--mark').trim()),
  };
}
