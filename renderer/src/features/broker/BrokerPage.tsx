import { Button } from '@mantine/core';
import { IconServer2, IconServerOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reportOf } from '../../bridge/client.ts';
import { useLocalBroker } from '../../bridge/local-broker.ts';
import { usePractice } from '../../bridge/practice.ts';
import { useCall } from '../../bridge/queries.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { hrefOf } from '../../ui/route.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import { AccessEditor } from './AccessEditor.tsx';
import css from './Broker.module.css';
import { BrokerForm } from './BrokerForm.tsx';
import type { BrokerDraft } from './broker-form.ts';
import { KitFiles } from './KitFiles.tsx';
import { OriginPanel } from './OriginPanel.tsx';
import { PracticePanel } from './PracticePanel.tsx';
import { ProvePanel } from './ProvePanel.tsx';
import { RenewCertificate } from './RenewCertificate.tsx';
import { TemporaryBroker } from './TemporaryBroker.tsx';
import { UsersPanel } from './UsersPanel.tsx';

/** Where the broker is, who may do what on it, and every file that makes it so. */
export function BrokerPage({ projectId }: { readonly projectId: number | undefined }) {
  const { t } = useTranslation();
  const overview = useCall('project.overview', { projectId: projectId ?? 0 }, { enabled: projectId !== undefined });
  const [edited, setEdited] = useState<BrokerDraft | null>(null);
  // what the broker waits for comes first, and stays there when it has come: it says what to do next
  const [awaited, setAwaited] = useState(false);
  if (overview.data?.broker?.origin.awaits && !awaited) setAwaited(true);
  const practice = usePractice();
  const local = useLocalBroker();
  return (
    <>
      <PageHeader
        page={t('broker.page')}
        title={t('broker.title')}
        lead={overview.data?.broker ? t(`common.target.${overview.data.broker.target}`) : undefined}
      />
      {projectId === undefined ? (
        <Empty
          icon={IconServer2}
          title={t('app.top.noProject')}
          text={t('broker.noProject')}
          action={
            <Button component="a" href={hrefOf('overview')}>
              {t('broker.toOverview')}
            </Button>
          }
        />
      ) : overview.isError ? (
        <ErrorPanel error={reportOf(overview.error)} onRetry={() => void overview.refetch()} />
      ) : overview.isPending ? (
        <Waiting lines={8} />
      ) : overview.data.broker === null ? (
        <Empty icon={IconServerOff} title={t('broker.none.title')} text={t('broker.none.text')} />
      ) : (
        <div className={css.grid}>
          {practice && local && <PracticePanel broker={local} />}
          {awaited && <OriginPanel key="origin" projectId={projectId} origin={overview.data.broker.origin} />}
          {!awaited && <RenewCertificate projectId={projectId} broker={overview.data.broker} />}
          <BrokerForm projectId={projectId} broker={overview.data.broker} edited={edited} onEdit={setEdited} />
          <AccessEditor projectId={projectId} overview={overview.data} target={overview.data.broker.target} />
          <UsersPanel projectId={projectId} identity={overview.data.broker.kit.identity} />
          <ProvePanel projectId={projectId} broker={overview.data.broker} />
          {overview.data.broker.origin.awaits === null && (
            <KitFiles projectId={projectId} stored={overview.data.broker} edited={edited} />
          )}
          {!practice && !awaited && <OriginPanel key="origin" projectId={projectId} origin={overview.data.broker.origin} />}
          {!practice && overview.data.broker.origin.awaits === null && (
            <TemporaryBroker projectId={projectId} broker={overview.data.broker} local={local} />
          )}
        </div>
      )}
    </>
  );
}
