import {
  type Icon,
  IconCalendarClock,
  IconCertificate,
  IconCpu,
  IconFileText,
  IconHistory,
  IconLayoutDashboard,
  IconListCheck,
  IconPlugConnected,
  IconServer2,
  IconSettings,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../bridge/queries.ts';
import { attentionOf } from '../features/overview/attention.ts';
import { Mark } from '../ui/Mark.tsx';
import { useNow } from '../ui/now.ts';
import { hrefOf, type NavPage, type Page, pages, testerPages } from '../ui/route.ts';
import css from './Sidebar.module.css';

const icons: Readonly<Record<NavPage, Icon>> = {
  overview: IconLayoutDashboard,
  devices: IconCpu,
  due: IconCalendarClock,
  broker: IconServer2,
  'broker-log': IconFileText,
  test: IconPlugConnected,
  authority: IconCertificate,
  checklist: IconListCheck,
  audit: IconHistory,
  settings: IconSettings,
};

export function Sidebar({ page, projectId }: { readonly page: Page; readonly projectId: number | undefined }) {
  const { t } = useTranslation();
  const needs = useNeeds(projectId);
  return (
    <header className={css.side}>
      <div className={css.brand}>
        <Mark />
        <span>{t('app.name')}</span>
      </div>
      <nav aria-label={t('app.nav.label')}>
        {pages.map((each) => {
          const Sign = icons[each];
          return (
            <a
              key={each}
              href={hrefOf(each)}
              aria-current={each === page ? 'page' : leadsTo(each, page) ? 'true' : undefined}
              title={t(`app.nav.${each}`)}
            >
              <Sign size={22} stroke={1.7} aria-hidden />
              <span className={css.word} data-word={t(`app.nav.${each}`)}>
                {t(`app.nav.${each}`)}
              </span>
              {each === 'overview' && needs > 0 && (
                <span className={css.count}>
                  <span aria-hidden>{needs}</span>
                  <span className="visually-hidden">{t('app.nav.needsYou', { count: needs })}</span>
                </span>
              )}
            </a>
          );
        })}
      </nav>
    </header>
  );
}

/** Pages without a line of their own belong to one that has. */
function leadsTo(line: NavPage, page: Page): boolean {
  if (line === 'test') return testerPages.some((each) => each === page);
  return line === 'settings' && page === 'backup';
}

/** The number of things on the overview that need somebody; the same answer as there, from the same cache. */
function useNeeds(projectId: number | undefined): number {
  const overview = useCall('project.overview', { projectId: projectId ?? 0 }, { enabled: projectId !== undefined });
  const now = useNow();
  return overview.data ? attentionOf(overview.data, now).length : 0;
}
