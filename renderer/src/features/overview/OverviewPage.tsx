import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { useNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { hrefOf } from '../../ui/route.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import { AttentionCards } from './AttentionCards.tsx';
import { attentionOf } from './attention.ts';
import { BrokerCard } from './BrokerCard.tsx';
import { ChangesCard } from './ChangesCard.tsx';
import { EmptyVault } from './EmptyVault.tsx';
import { ExpiryCard } from './ExpiryCard.tsx';
import { FleetCard } from './FleetCard.tsx';
import { spelledCount } from './greeting.ts';
import { LostStick } from './LostStick.tsx';
import css from './Overview.module.css';
import { TestedCard } from './TestedCard.tsx';
import { TrustChain } from './TrustChain.tsx';

interface Props {
  readonly projectId: number | undefined;
  readonly vaultFile: string;
}

export function OverviewPage({ projectId, vaultFile }: Props) {
  if (projectId === undefined) return <EmptyVault vaultFile={vaultFile} />;
  return <ProjectOverview projectId={projectId} />;
}

function ProjectOverview({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const overview = useCall('project.overview', { projectId });
  if (overview.isPending) return <Waiting lines={6} />;
  if (overview.isError) {
    return (
      <>
        <PageHeader page={t('overview.page')} title={t('overview.page')} />
        <ErrorPanel error={reportOf(overview.error)} onRetry={() => void overview.refetch()} />
      </>
    );
  }
  return <Content overview={overview.data} />;
}

function Content({ overview }: { readonly overview: CallOutput<'project.overview'> }) {
  const { t } = useTranslation();
  const now = useNow();
  const attention = attentionOf(overview, now);
  return (
    <>
      <PageHeader
        page={t('overview.page')}
        title={useHeading(attention.length, now)}
        lead={useSummary(overview)}
        aside={
          <Button
            component="a"
            variant="default"
            size="sm"
            href={hrefOf('new-project')}
            leftSection={<IconPlus size={18} stroke={2} aria-hidden />}
          >
            {t('overview.newProject')}
          </Button>
        }
      />
      <div className={css.grid}>
        <AttentionCards items={attention} projectId={overview.projectId} />
        <ExpiryCard
          weeks={overview.expiryWeeks}
          issued={overview.fleet.valid + overview.fleet.due > 0}
          warnDays={overview.warnDays}
        />
        <FleetCard fleet={overview.fleet} />
        <ChangesCard projectId={overview.projectId} />
        <TrustChain authorities={overview.authorities} broker={overview.broker?.certificate ?? null} />
        <LostStick projectId={overview.projectId} />
        <BrokerCard broker={overview.broker} />
        {overview.broker && <TestedCard tested={overview.tested} />}
      </div>
    </>
  );
}

/** "Good morning. Three things need you." */
function useHeading(count: number, now: number): string {
  const { t } = useTranslation();
  const format = useFormat();
  const hour = new Date(now).getHours();
  const greeting = t(`overview.greeting.${hour < 5 || hour >= 18 ? 'evening' : hour < 12 ? 'morning' : 'day'}`);
  if (count === 0) return `${greeting} ${t('overview.calm')}`;
  const spelled = spelledCount(count);
  const number = spelled === null ? format.number(count) : t(`overview.numbers.${spelled}`);
  return `${greeting} ${t('overview.needs', { count, number })}`;
}

function useSummary(overview: CallOutput<'project.overview'>): string {
  const { t } = useTranslation();
  const host = overview.broker?.names[0] ?? overview.broker?.addresses[0];
  const broker = host === undefined ? t('overview.summary.noBroker') : t('overview.summary.broker', { name: host });
  return [t('overview.summary.devices', { count: overview.devices }), broker].join(' · ');
}
