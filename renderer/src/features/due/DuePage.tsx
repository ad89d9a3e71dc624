import { Button } from '@mantine/core';
import { IconCalendarClock } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { hrefOf } from '../../ui/route.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import { Calendar } from './Calendar.tsx';
import css from './Due.module.css';
import { DueDevices } from './DueDevices.tsx';
import { DueOwn } from './DueOwn.tsx';
import { Period } from './Period.tsx';
import { RotationPanel } from './RotationPanel.tsx';
import { ScanPanel } from './ScanPanel.tsx';

/** What ends soon, and who renews it: the fleet by week, the broker and the lists, and certificates of others. */
export function DuePage({ projectId }: { readonly projectId: number | undefined }) {
  const { t } = useTranslation();
  if (projectId !== undefined) return <ProjectDue projectId={projectId} />;
  return (
    <>
      <PageHeader page={t('due.page')} title={t('due.page')} />
      <Empty
        icon={IconCalendarClock}
        title={t('app.top.noProject')}
        text={t('due.noProject')}
        action={
          <Button component="a" href={hrefOf('new-project')}>
            {t('devices.setUp')}
          </Button>
        }
      />
    </>
  );
}

/** Lines that come at once. */
const step = 100;

function ProjectDue({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const [chosen, setDays] = useState<number | null>(null);
  const [limit, setLimit] = useState(step);
  const rotation = useCall('rotation.show', { projectId });
  const due = useCall(
    'due.list',
    { projectId, ...(chosen === null ? {} : { withinDays: chosen }), limit },
    { keepPrevious: true },
  );
  const count = due.data ? due.data.devices.total + due.data.own.length : 0;
  const days = chosen ?? rotation.data?.warnDays;
  const failed = due.isError ? due : rotation.isError ? rotation : null;
  return (
    <>
      <PageHeader
        page={t('due.page')}
        title={due.data ? (count === 0 ? t('due.titleNone') : t('due.title', { count })) : t('due.page')}
        lead={due.data ? t('due.lead', { count: due.data.withinDays }) : ' '}
        aside={
          rotation.data &&
          days !== undefined && (
            <Period
              days={days}
              warnDays={rotation.data.warnDays}
              onDays={(next) => {
                setDays(next);
                setLimit(step);
              }}
            />
          )
        }
      />
      {failed ? (
        <ErrorPanel error={reportOf(failed.error)} onRetry={() => void failed.refetch()} />
      ) : !due.data || !rotation.data ? (
        <Waiting lines={8} />
      ) : (
        <div className={css.stack}>
          <Calendar projectId={projectId} />
          <DueOwn projectId={projectId} items={due.data.own} />
          <DueDevices
            projectId={projectId}
            devices={due.data.devices}
            days={due.data.withinDays}
            onMore={limit < 1000 ? () => setLimit(limit + step) : null}
          />
          <div className={css.pair}>
            <RotationPanel projectId={projectId} />
            <ScanPanel withinDays={rotation.data.warnDays} />
          </div>
        </div>
      )}
    </>
  );
}
