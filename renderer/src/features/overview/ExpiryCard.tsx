// biome-ignore-all lint/a11y/useSemanticElements: a fieldset would promise a form
import { IconChartBar, IconList } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../locales/FormatContext.tsx';
import { useNow } from '../../ui/now.ts';
import { Panel } from '../../ui/Panel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { WeekBars } from '../../ui/WeekBars.tsx';
import { type ExpiryWeek, weekChart } from '../../ui/week-chart.ts';
import css from './ExpiryCard.module.css';

interface Props {
  readonly weeks: readonly ExpiryWeek[];
  readonly issued: boolean;
  /** How many days before its end the project is warned: bars within them are drawn as due. */
  readonly warnDays: number;
}

/** When the fleet ends, week by week: as a picture, or as a list for those whom a picture tells nothing. */
export function ExpiryCard({ weeks, issued, warnDays }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const [asList, setAsList] = useState(false);
  const chart = weekChart(weeks, now, now + warnDays * 86_400_000);
  const filled = weeks.filter(({ count }) => count > 0);
  if (filled.length === 0) {
    return (
      <Panel title={t('overview.expiry.title')}>
        <p className={css.empty}>{issued ? t('overview.expiry.later') : t('overview.expiry.empty')}</p>
      </Panel>
    );
  }
  const action = asList ? t('overview.expiry.asChart') : t('overview.expiry.asList');
  const Sign = asList ? IconChartBar : IconList;
  return (
    <Panel
      className={css.card}
      title={t('overview.expiry.title')}
      aside={
        <button type="button" className={css.switch} aria-label={action} title={action} onClick={() => setAsList(!asList)}>
          <Sign size={20} stroke={1.7} aria-hidden />
        </button>
      }
    >
      <p className={css.unit}>{t('overview.expiry.perWeeks', { count: asList ? 1 : chart.weeksPerBar })}</p>
      {asList ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <div className={css.list} tabIndex={0} role="group" aria-label={t('overview.expiry.title')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('overview.expiry.week')}</th>
                <th scope="col">{t('overview.expiry.count')}</th>
              </tr>
            </thead>
            <tbody>
              {filled.map(({ weekStart, count }) => (
                <tr key={weekStart}>
                  <td>{format.date(weekStart)}</td>
                  <td>{format.number(count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <WeekBars
          chart={chart}
          hrefOfBar={({ start }) =>
            hrefOf('devices', {
              from: String(start),
              before: String(start + chart.weeksPerBar * 7 * 86_400_000),
            })
          }
        />
      )}
    </Panel>
  );
}
