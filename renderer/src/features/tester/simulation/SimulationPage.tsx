import { Button } from '@mantine/core';
import { IconPlugConnected, IconServerOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../../shared/contract.ts';
import { reportOf } from '../../../bridge/client.ts';
import { useLocalBroker } from '../../../bridge/local-broker.ts';
import { useCall } from '../../../bridge/queries.ts';
import { Empty } from '../../../ui/Empty.tsx';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { PageHeader } from '../../../ui/PageHeader.tsx';
import { hrefOf } from '../../../ui/route.ts';
import { TesterTabs } from '../../../ui/TesterTabs.tsx';
import { Waiting } from '../../../ui/Waiting.tsx';
import { Figures } from './Figures.tsx';
import css from './Simulation.module.css';
import { SimulationForm } from './SimulationForm.tsx';
import { useSimulation } from './simulation-store.ts';

type Overview = CallOutput<'project.overview'>;

/** A load test of one's own broker with devices of the vault. */
export function SimulationPage({ projectId }: { readonly projectId: number | undefined }) {
  const { t } = useTranslation();
  const overview = useCall('project.overview', { projectId: projectId ?? 0 }, { enabled: projectId !== undefined });
  return (
    <div className={css.page}>
      <PageHeader page={t('simulation.page')} title={t('simulation.title')} lead={t('simulation.lead')} />
      <TesterTabs />
      {projectId === undefined ? (
        <Empty
          icon={IconPlugConnected}
          title={t('app.top.noProject')}
          text={t('tester.noProject')}
          action={
            <Button component="a" href={hrefOf('overview')}>
              {t('tester.toOverview')}
            </Button>
          }
        />
      ) : overview.isError ? (
        <ErrorPanel error={reportOf(overview.error)} onRetry={() => void overview.refetch()} />
      ) : overview.isPending ? (
        <Waiting lines={6} />
      ) : overview.data.broker === null ? (
        <Empty icon={IconServerOff} title={t('tester.noBroker.title')} text={t('tester.noBroker.text')} />
      ) : (
        <Simulation overview={overview.data} broker={overview.data.broker} />
      )}
    </div>
  );
}

function Simulation({ overview, broker }: { readonly overview: Overview; readonly broker: NonNullable<Overview['broker']> }) {
  const report = useSimulation(overview.projectId);
  const local = useLocalBroker();
  const here = local?.phase === 'running' && local.projectId === overview.projectId ? local : null;
  const running = report !== null && report.state.phase !== 'ended';
  return (
    <>
      {report && <Figures report={report} project={overview.name} />}
      {!running && (
        <SimulationForm
          key={here?.port}
          overview={overview}
          broker={broker}
          here={here && { host: ['0.0.0.0', '::'].includes(here.host) ? '127.0.0.1' : here.host, port: String(here.port) }}
        />
      )}
    </>
  );
}
