import { Button } from '@mantine/core';
import { IconCpu, IconPlugConnected, IconPlus, IconServerOff } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { newConnection, type OwnConnection } from '../../../../shared/model/own-connection.ts';
import { reportOf } from '../../bridge/client.ts';
import { useLocalBroker } from '../../bridge/local-broker.ts';
import { useCall } from '../../bridge/queries.ts';
import { AddressBar } from '../../ui/AddressBar.tsx';
import { type Address, addressProblem, firstAddress } from '../../ui/address.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { hrefOf, replaceRoute, useRoute } from '../../ui/route.ts';
import { TesterTabs } from '../../ui/TesterTabs.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { ConnectionPane } from './ConnectionPane.tsx';
import { connect, disconnect, forgetIdle, listenTo, restoreConnections } from './connect.ts';
import type { StoredConnection } from './connection/connection-draft.ts';
import { OtherProjects } from './OtherProjects.tsx';
import { addPane, changePane, dropPanes, isBusy, type Pane, paneOf, speakerOf, usePanes } from './panes.ts';
import css from './Tester.module.css';
import { useTypedAddress } from './typed-address.ts';

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

const ConnectionEditor = lazy(async () => ({ default: (await import('./connection/ConnectionEditor.tsx')).ConnectionEditor }));
const ConnectionList = lazy(async () => ({ default: (await import('./connection/ConnectionList.tsx')).ConnectionList }));

/** Which connection is described: null = a new one. */
type Editing = { readonly stored: StoredConnection | null; readonly copy: boolean; readonly begin?: OwnConnection } | null;

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

/** Which device is asked for: `pick` = the list first; otherwise the warning about this one. `for`: a pane that speaks as it. */
type Asking = 'pick' | { readonly deviceId: number; readonly id: string; readonly for?: string } | null;

function Bench({ overview, broker }: BenchProps) {
  const { t } = useTranslation();
  const { projectId } = overview;
  const local = useLocalBroker();
  const here = local?.phase === 'running' && local.projectId === projectId ? local : null;
  const [typed, setAddress] = useTypedAddress(projectId);
  const [asking, setAsking] = useState<Asking>(null);
  const [tried, setTried] = useState(false);
  const panes = usePanes().filter((pane) => pane.projectId === projectId);
  // a page that was loaded again knows where those are that live
  const used = panes.find(({ identity, host }) => identity.kind !== 'own' && host !== '');
  const address =
    typed ?? (here ? addressOfLocal(here) : used ? { host: used.host, port: String(used.port) } : firstAddress(broker));
  useEffect(() => {
    addPane(projectId, { kind: 'observer' });
    let present = true;
    void restoreConnections().then(() => present && forgetIdle(projectId));
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
  const connections = useCall('connection.list', { projectId });
  const stored = connections.data ?? [];
  const ownOf = (ownId: number) => stored.find(({ id }) => id === ownId);
  const [editing, setEditing] = useState<Editing>(null);
  // a link from elsewhere asks for one of them to be changed, once
  const wanted = useRoute().params['edit'];
  useEffect(() => {
    const own = connections.data?.find(({ id }) => String(id) === wanted);
    if (!own) return;
    setEditing({ stored: own, copy: false });
    replaceRoute('test', {});
  }, [connections.data, wanted]);
  const [listing, setListing] = useState<'list' | 'import' | null>(null);
  const openOwn = ({ id, settings }: StoredConnection) => {
    const identity = { kind: 'own', ownId: id, id: settings.name, speaksAs: settings.speaksAs } as const;
    const { key } = addPane(projectId, identity);
    changePane(key, ({ subscriptions }) => ({
      identity,
      ...(subscriptions.length > 0
        ? {}
        : { subscriptions: settings.subscriptions.map((each) => ({ ...each, reasonCode: null })) }),
    }));
  };
  const startOwn = (key: string, own: StoredConnection, takeover: boolean) => {
    const { host, port } = own.settings;
    void connect(key, host, port, takeover);
  };
  const connectOwn = (key: string, ownId: number) => {
    const own = ownOf(ownId);
    if (own?.device) setAsking({ ...own.device, for: key });
    else if (own) startOwn(key, own, false);
  };
  const takeOver = (deviceId: number, id: string) => {
    const own = asking !== null && asking !== 'pick' && asking.for !== undefined ? paneOf(asking.for) : undefined;
    if (own?.identity.kind === 'own') {
      const found = ownOf(own.identity.ownId);
      setAsking(null);
      if (found) startOwn(own.key, found, true);
      return;
    }
    setAsking(null);
    start(addPane(projectId, { kind: 'device', deviceId, id }).key);
  };
  /** One that speaks as the observer or a device does, to be given options of its own. */
  const withOptions = ({ identity }: Pane): OwnConnection => {
    const speaksAs = speakerOf(identity);
    const name = speaksAs?.kind === 'device' ? speaksAs.device : t('tester.observer');
    const valid = addressProblem(address) === null;
    return {
      ...newConnection,
      name: t('connections.variant', { name }),
      speaksAs,
      host: address.host.trim(),
      port: valid ? Number(address.port) : newConnection.port,
    };
  };
  // the address is chosen before connecting; while everybody is connected it would only take the room of the messages
  const askAddress = panes.some((pane) => !isBusy(pane) && pane.identity.kind !== 'own');
  return (
    <div className={css.page}>
      <PageHeader
        page={t('tester.page')}
        title={t('tester.title')}
        lead={t('tester.lead')}
        aside={
          <div className={css.aside}>
            <WriteButton
              variant="default"
              leftSection={<IconCpu size={20} stroke={1.7} aria-hidden />}
              because={t('tester.recorded')}
              onClick={() => setAsking('pick')}
            >
              {t('tester.asDevice')}
            </WriteButton>
            {stored.length > 0 ? (
              <Button
                variant="default"
                leftSection={<IconPlugConnected size={20} stroke={1.7} aria-hidden />}
                onClick={() => setListing('list')}
              >
                {t('connections.storedCount', { count: stored.length })}
              </Button>
            ) : (
              <WriteButton
                variant="default"
                leftSection={<IconPlus size={20} stroke={1.7} aria-hidden />}
                onClick={() => setEditing({ stored: null, copy: false })}
              >
                {t('connections.add')}
              </WriteButton>
            )}
          </div>
        }
      />
      <TesterTabs />
      <OtherProjects projectId={projectId} />
      {askAddress && <AddressBar key={here?.port} broker={broker} address={address} onChange={setAddress} tried={tried} />}
      <div className={css.panes}>
        {panes.map((pane) => (
          <ConnectionPane
            key={pane.key}
            pane={pane}
            overview={overview}
            certificateId={broker.certificate?.id ?? null}
            own={pane.identity.kind === 'own' ? ownOf(pane.identity.ownId) : undefined}
            onConnect={() => {
              if (pane.identity.kind === 'observer') start(pane.key);
              else if (pane.identity.kind === 'own') connectOwn(pane.key, pane.identity.ownId);
              else setAsking(pane.identity);
            }}
            onEdit={() => {
              const own = pane.identity.kind === 'own' ? ownOf(pane.identity.ownId) : undefined;
              if (own) setEditing({ stored: own, copy: false });
              else if (pane.identity.kind !== 'own') setEditing({ stored: null, copy: false, begin: withOptions(pane) });
            }}
          />
        ))}
      </div>
      <Suspense>
        {listing && (
          <ConnectionList
            projectId={projectId}
            connections={stored}
            importing={listing === 'import'}
            opened={panes.flatMap(({ identity }) => (identity.kind === 'own' ? [identity.ownId] : []))}
            onOpen={(own) => {
              setListing(null);
              openOwn(own);
            }}
            onAdd={() => setEditing({ stored: null, copy: false })}
            onEdit={(own, copy) => setEditing({ stored: own, copy })}
            onRemoved={(id) => {
              const pane = panes.find(({ identity }) => identity.kind === 'own' && identity.ownId === id);
              if (pane && isBusy(pane)) void disconnect(pane);
              if (pane) dropPanes(({ key }) => key === pane.key);
            }}
            onClose={() => setListing(null)}
          />
        )}
        {editing && (
          <ConnectionEditor
            projectId={projectId}
            stored={editing.stored}
            copy={editing.copy}
            begin={editing.begin}
            onClose={() => setEditing(null)}
            onImport={() => {
              setEditing(null);
              setListing('import');
            }}
            onSaved={(saved) => {
              setEditing(null);
              setListing(null);
              openOwn(saved);
            }}
          />
        )}
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
