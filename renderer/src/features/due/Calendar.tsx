import { useTranslation } from 'react-i18next';
import { useCall } from '../../bridge/queries.ts';
import { useNow } from '../../ui/now.ts';
import { Panel } from '../../ui/Panel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import { WeekBars } from '../../ui/WeekBars.tsx';
import { weekChart } from '../../ui/week-chart.ts';
import css from './Due.module.css';

const week = 7 * 86_400_000;

/** The ends of the fleet by week; each bar leads to its devices. */
export function Calendar({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const now = useNow();
  const overview = useCall('project.overview', { projectId });
  if (!overview.data) return <Waiting lines={3} />;
  const chart = weekChart(overview.data.expiryWeeks, now, now + overview.data.warnDays * 86_400_000);
  return (
    <Panel title={t('overview.expiry.title')} aside={t('overview.expiry.perWeeks', { count: chart.weeksPerBar })}>
      {chart.total === 0 ? (
        <p className={css.empty}>{t('overview.expiry.altEmpty')}</p>
      ) : (
        <WeekBars
          chart={chart}
          hrefOfBar={({ start }) =>
            hrefOf('devices', {
              from: String(start),
              before: String(start + chart.weeksPerBar * week),
            })
          }
        />
      )}
    </Panel>
  );
}
