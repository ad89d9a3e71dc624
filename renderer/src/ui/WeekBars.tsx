import { useTranslation } from 'react-i18next';
import { useFormat } from '../locales/FormatContext.tsx';
import css from './WeekBars.module.css';
import type { Bar, WeekChart } from './week-chart.ts';

const height = 140;
/** A week with one certificate among thousands still has a bar that can be seen. */
const minimumHeight = 4;
/** Units of the drawing per bar; it is stretched to the width of the card. */
const step = 10;
const gap = 2;

interface Props {
  readonly chart: WeekChart;
  /** Where a bar leads: the devices that end then. */
  readonly hrefOfBar?: (bar: Bar) => string;
}

export function WeekBars({ chart, hrefOfBar }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { bars, peak, total, ticks } = chart;
  const end = bars.at(-1)?.start ?? 0;
  const alt = peak
    ? t('overview.expiry.alt', {
        total: format.number(total),
        until: format.date(end),
        most: format.number(peak.count),
        week: format.date(peak.start),
      })
    : t('overview.expiry.altEmpty');
  return (
    <div className={css.chart}>
      {peak && (
        <span className={css.peak} aria-hidden style={{ left: `${((bars.indexOf(peak) + 0.5) / bars.length) * 100}%` }}>
          {format.number(peak.count)}
        </span>
      )}
      <svg
        viewBox={`0 0 ${bars.length * step} ${height}`}
        preserveAspectRatio="none"
        role={hrefOfBar ? 'group' : 'img'}
        aria-label={alt}
      >
        {bars.map((bar, index) => {
          const tall = bar.count === 0 ? 0 : Math.max(minimumHeight, bar.height * height);
          const words = t('overview.expiry.bar', { count: bar.count, week: format.date(bar.start) });
          const drawing = (
            <>
              <rect
                className={css.bar}
                data-soon={bar.soon || undefined}
                x={index * step + gap / 2}
                y={height - tall}
                width={step - gap}
                height={tall}
              />
              {/* the whole column answers the pointer, also above a low bar */}
              <rect className={css.column} x={index * step} y={0} width={step} height={height}>
                <title>{words}</title>
              </rect>
            </>
          );
          return hrefOfBar && bar.count > 0 ? (
            <a key={bar.start} href={hrefOfBar(bar)} aria-label={words}>
              {drawing}
            </a>
          ) : (
            <g key={bar.start}>{drawing}</g>
          );
        })}
      </svg>
      <div className={css.axis} aria-hidden>
        {ticks.map((tick) => (
          <span key={tick} style={{ left: `${(tick / bars.length) * 100}%` }}>
            {tick === 0 ? t('overview.expiry.now') : format.month(bars[tick]?.start ?? 0)}
          </span>
        ))}
      </div>
    </div>
  );
}
