import { Button } from '@mantine/core';
import { IconCpu, IconPlugConnected, IconServerOff } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { reportOf } from '../../bridge/client.ts';
import { useLocalBroker } from '../../bridge/local-broker.ts';
import { useCall } from '../../bridge/queries.ts';
import { type Address, addressProblem, firstAddress } from '../../ui/address.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { hrefOf } from '../../ui/route.ts';
import { TesterTabs } from '../../ui/TesterTabs.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { AddressBar } from './AddressBar.tsx';
import { ConnectionPane } from './ConnectionPane.tsx';
import { connect, keepOnly, listenTo, restoreConnections } from './connect.ts';
import { addPane, isBusy, paneOf, usePanes } from './panes.ts';
import css from './Tester.module.css';

const Takeover = lazy(async () => ({ default: (await import('../../ui/Takeover.tsx')).Takeover }));

/** Observer and devices side by side, each with its own connection. */
export function TesterPage({ projectId }: { readonly projectId: number | undefined }) {
  const { t } = useTranslation();
  const overview = useCall('project.overview', { projectId: projectId ?? 0 }, { enabled: projectId !== undefined });
  if (projectId !== undefined && overview.data?.broker) return <Bench overview={overview.data} broker={overview.data.broker} />;
  return (
    <>
      <PageHeader page={t('tester.page')} title={t('tester.title')} />
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
      ) : (
        <Empty icon={IconServerOff} title={t('tester.noBroker.title')} text={t('tester.noBroker.text')} />
      )}
    </>
  );
}

type Overview = CallOutput<'project.overview'>;

interface BenchProps {
  readonly overview: Overview;
  readonly broker: NonNullable<Overview['broker']>;
}

const loopback = '127.0.0.1';

/** Who listens on all addresses is found on this computer's own. */
function addressOfLocal({ host, port }: { readonly host: string; readonly port: number }): Address {
  return { host: host === '0.0.0.0' || host === '::' ? loopback : host, port: String(port) };
}

/** Which device is asked for: `pick` = the list first; otherwise the warning about this one. */
type Asking = 'pick' | { readonly deviceId: number; readonly id: string } | null;

function Bench({ overview, broker }: BenchProps) {
  const { t } = useTranslation();
  const { projectId } = overview;
  const local = useLocalBroker();
  const here = local?.phase === 'running' && local.projectId === projectId ? local : null;
  const [typed, setAddress] = useState<Address | null>(null);
  const address = typed ?? (here ? addressOfLocal(here) : firstAddress(broker));
  const [asking, setAsking] = useState<Asking>(null);
  const [tried, setTried] = useState(false);
  const panes = usePanes().filter((pane) => pane.projectId === projectId);
  useEffect(() => {
    addPane(projectId, { kind: 'observer' });
    let present = true;
    void restoreConnections().then(() => present && keepOnly(projectId));
    return () => {
      present = false;
    };
  }, [projectId]);

  // whoever practises sees readings without doing anything; who disconnected wants it so
  const practice = here?.purpose === 'practice' ? here.port : null;
  useEffect(() => {
    const observer = panes.find(({ identity }) => identity.kind === 'observer');
    if (practice === null || !observer || observer.state || observer.error) return;
    void restoreConnections().then(() =>
      listenTo(observer.key, `${overview.name}/#`, addressOfLocal({ host: loopback, port: practice })),
    );
  }, [practice, panes, overview.name]);

  const start = (key: string) => {
    setTried(true);
    if (addressProblem(address) === null) void connect(key, address.host.trim(), Number(address.port));
  };
  const takeOver = (deviceId: number, id: string) => {
    setAsking(null);
    start(addPane(projectId, { kind: 'device', deviceId, id }).key);
  };
  // the address is chosen before connecting; while everybody is connected it would only take the room of the messages
  const askAddress = panes.some((pane) => !isBusy(pane));
  return (
    <div className={css.page}>
      <PageHeader
        page={t('tester.page')}
        title={t('tester.title')}
        lead={t('tester.lead')}
        aside={
          <WriteButton
            variant="default"
            leftSection={<IconCpu size={20} stroke={1.7} aria-hidden />}
            because={t('tester.recorded')}
            onClick={() => setAsking('pick')}
          >
            {t('tester.asDevice')}
          </WriteButton>
        }
      />
      <TesterTabs />
      {askAddress && <AddressBar key={here?.port} broker={broker} address={address} onChange={setAddress} tried={tried} />}
      <div className={css.panes}>
        {panes.map((pane) => (
          <ConnectionPane
            key={pane.key}
            pane={pane}
            overview={overview}
            certificateId={broker.certificate?.id ?? null}
            onConnect={() => (pane.identity.kind === 'observer' ? start(pane.key) : setAsking(pane.identity))}
          />
        ))}
      </div>
      <Suspense>
        {asking && (
          <Takeover
            projectId={projectId}
            device={asking === 'pick' ? null : asking}
            taken={panes.flatMap(({ key, identity }) => {
              const pane = paneOf(key);
              return identity.kind === 'device' && pane && isBusy(pane) ? [identity.deviceId] : [];
            })}
            onAccept={takeOver}
            onClose={() => setAsking(null)}
          />
        )}
      </Suspense>
    </div>
  );
}
