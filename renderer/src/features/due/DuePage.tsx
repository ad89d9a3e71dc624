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

function ProjectDue({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const [days, setDays] = useState<number>(30);
  const due = useCall('due.list', { projectId, withinDays: days }, { keepPrevious: true });
  // lists are warned about earlier than certificates: whoever brings one has to travel
  const early = useCall('due.list', { projectId, withinDays: Math.max(days, 60) }, { keepPrevious: true });
  const devices = due.data?.items.filter(({ kind }) => kind === 'device') ?? [];
  const own = [
    ...(due.data?.items.filter(({ kind }) => kind !== 'device' && kind !== 'crl') ?? []),
    ...(early.data?.items.filter(({ kind }) => kind === 'crl') ?? []),
  ];
  const count = devices.length + own.length;
  const failed = due.isError ? due : early.isError ? early : null;
  return (
    <>
      <PageHeader
        page={t('due.page')}
        title={due.data ? (count === 0 ? t('due.titleNone') : t('due.title', { count })) : t('due.page')}
        lead={due.data ? t('due.lead', { count: days }) : ' '}
        aside={<Period days={days} onDays={setDays} />}
      />
      {failed ? (
        <ErrorPanel error={reportOf(failed.error)} onRetry={() => void failed.refetch()} />
      ) : !due.data || !early.data ? (
        <Waiting lines={8} />
      ) : (
        <div className={css.stack}>
          <Calendar projectId={projectId} />
          <DueOwn projectId={projectId} items={own} />
          <DueDevices projectId={projectId} devices={devices} days={days} />
          <div className={css.pair}>
            <RotationPanel projectId={projectId} />
            <ScanPanel />
          </div>
        </div>
      )}
    </>
  );
}
