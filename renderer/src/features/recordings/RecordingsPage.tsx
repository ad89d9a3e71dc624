import { Button } from '@mantine/core';
import { IconPlayerRecord } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { hrefOf, useRoute } from '../../ui/route.ts';
import { TesterTabs } from '../../ui/TesterTabs.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { BudgetPanel } from './BudgetPanel.tsx';
import css from './Recordings.module.css';
import { RecordingTable } from './RecordingTable.tsx';
import { RecordingView } from './RecordingView.tsx';

/** What was recorded of this project's connections: the list, or one of them. */
export function RecordingsPage({ projectId }: { readonly projectId: number | undefined }) {
  const { t } = useTranslation();
  const { params } = useRoute();
  const list = useCall('recording.list', { projectId: projectId ?? 0 }, { enabled: projectId !== undefined });
  const { id } = params;
  if (id !== undefined && projectId !== undefined) return <RecordingView key={id} recordingId={id} />;
  return (
    <div className={css.page}>
      <PageHeader page={t('recordings.page')} title={t('recordings.page')} lead={t('recordings.lead')} />
      <TesterTabs />
      {projectId === undefined ? (
        <Empty
          icon={IconPlayerRecord}
          title={t('app.top.noProject')}
          text={t('recordings.noProject')}
          action={
            <Button component="a" href={hrefOf('overview')}>
              {t('tester.toOverview')}
            </Button>
          }
        />
      ) : list.isError ? (
        <ErrorPanel error={reportOf(list.error)} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Waiting lines={6} />
      ) : (
        <>
          {list.data.recordings.length === 0 ? (
            <Empty
              icon={IconPlayerRecord}
              title={t('recordings.empty.title')}
              text={t('recordings.empty.text')}
              action={
                <Button component="a" href={hrefOf('test')}>
                  {t('recordings.empty.action')}
                </Button>
              }
            />
          ) : (
            <RecordingTable recordings={list.data.recordings} />
          )}
          <BudgetPanel projectId={projectId} list={list.data} />
        </>
      )}
    </div>
  );
}
