import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCpu, IconSearchOff } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CertificateState, certificateStates } from '../../../../shared/model/certificate.ts';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { hrefOf, replaceRoute, useRoute } from '../../ui/route.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import css from './Devices.module.css';
import { DeviceTable } from './DeviceTable.tsx';
import { Search, StateChips } from './Filters.tsx';
import { useDeviceRows } from './useDeviceRows.ts';

const DeviceDrawer = lazy(async () => ({ default: (await import('./DeviceDrawer.tsx')).DeviceDrawer }));

/** Fast enough to feel immediate, slow enough not to ask for every letter. */
const searchDelay = 100;

export function DevicesPage({ projectId }: { readonly projectId: number | undefined }) {
  const { t } = useTranslation();
  if (projectId !== undefined) return <ProjectDevices projectId={projectId} />;
  return (
    <>
      <PageHeader page={t('devices.page')} title={t('devices.page')} />
      <Empty
        icon={IconCpu}
        title={t('app.top.noProject')}
        text={t('devices.noProject')}
        action={
          <Button component="a" href={hrefOf('overview')}>
            {t('devices.toOverview')}
          </Button>
        }
      />
    </>
  );
}

function ProjectDevices({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const wanted = useRoute().params.state;
  const state = certificateStates.find((each) => each === wanted);
  const [search, setSearch] = useState('');
  const [settledSearch] = useDebouncedValue(search.trim(), searchDelay);
  const drawer = useDrawer();
  const overview = useCall('project.overview', { projectId });
  const rows = useDeviceRows({ projectId, search: settledSearch, state });
  const filtered = settledSearch !== '' || state !== undefined;
  const showState = (next: CertificateState | undefined) => replaceRoute('devices', { state: next });

  return (
    <div className={css.page}>
      <PageHeader
        page={t('devices.page')}
        title={t('devices.page')}
        lead={overview.data ? t('devices.inProject', { count: overview.data.devices }) : ' '}
        aside={<Search search={search} onSearch={setSearch} />}
      />
      <StateChips fleet={overview.data?.fleet} state={state} onState={showState} />
      <div className="visually-hidden" role="status">
        {filtered && rows.total !== null && t('devices.matches', { count: rows.total })}
      </div>
      {rows.error ? (
        <ErrorPanel error={reportOf(rows.error)} onRetry={rows.retry} />
      ) : rows.total === null ? (
        <Waiting lines={8} />
      ) : rows.total === 0 ? (
        <Nothing search={settledSearch} filtered={filtered} onReset={() => [setSearch(''), showState(undefined)]} />
      ) : (
        <DeviceTable
          key={`${projectId} ${settledSearch} ${state}`}
          total={rows.total}
          rowAt={rows.rowAt}
          onRange={rows.want}
          onOpen={drawer.show}
        />
      )}
      <Suspense>{drawer.deviceId !== null && <DeviceDrawer deviceId={drawer.deviceId} onClose={drawer.close} />}</Suspense>
    </div>
  );
}

/** Which device is open. Closing gives the focus back to the row that opened it: the table goes on where it was. */
function useDrawer() {
  const [deviceId, setDeviceId] = useState<number | null>(null);
  const opener = useRef<Element | null>(null);
  const show = useCallback((id: number) => {
    opener.current = document.activeElement;
    setDeviceId(id);
  }, []);
  const close = () => {
    setDeviceId(null);
    // only after the drawer and its focus trap are gone
    requestAnimationFrame(() => opener.current instanceof HTMLElement && opener.current.focus({ preventScroll: true }));
  };
  return { deviceId, show, close };
}

interface NothingProps {
  readonly search: string;
  readonly filtered: boolean;
  readonly onReset: () => void;
}

function Nothing({ search, filtered, onReset }: NothingProps) {
  const { t } = useTranslation();
  if (!filtered) return <Empty icon={IconCpu} title={t('devices.empty.title')} text={t('devices.empty.text')} />;
  return (
    <Empty
      icon={IconSearchOff}
      title={t('devices.nothing.title')}
      text={search === '' ? t('devices.nothing.state') : t('devices.nothing.search', { search })}
      action={
        <Button variant="default" onClick={onReset}>
          {t('devices.nothing.reset')}
        </Button>
      }
    />
  );
}
