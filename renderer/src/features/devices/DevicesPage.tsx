import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCpu, IconPlus, IconSearchOff } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { softwareOf } from '../../../../shared/model/broker.ts';
import { type CertificateState, certificateStates } from '../../../../shared/model/certificate.ts';
import { usesCertificates, usesPasswords } from '../../../../shared/rules/password.ts';
import { reportOf } from '../../bridge/client.ts';
import { chooseForExport } from '../../bridge/export-choice.ts';
import { useCall } from '../../bridge/queries.ts';
import type { CertificateAct } from '../../ui/acts/ActMenu.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { useNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { hrefOf, replaceRoute, useRoute } from '../../ui/route.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import type { Acting } from './ActDialog.tsx';
import { Actions } from './Actions.tsx';
import css from './Devices.module.css';
import { DeviceTable } from './DeviceTable.tsx';
import { spanOf, type Within } from './end-span.ts';
import { Search, StateChips } from './Filters.tsx';
import type { Chosen } from './selection.ts';
import { useDeviceRows } from './useDeviceRows.ts';
import { useSelection } from './useSelection.ts';

const AddDevices = lazy(async () => ({ default: (await import('./AddDevices.tsx')).AddDevices }));
const ActDialog = lazy(async () => ({ default: (await import('./ActDialog.tsx')).ActDialog }));
const PasswordDialog = lazy(async () => ({ default: (await import('./PasswordDialog.tsx')).PasswordDialog }));
const ShareDialog = lazy(async () => ({ default: (await import('./ShareDialog.tsx')).ShareDialog }));
const DeviceDrawer = lazy(async () => ({ default: (await import('./DeviceDrawer.tsx')).DeviceDrawer }));

/** The first letter is asked for at once, those of somebody who types faster than this together; milliseconds. */
const searchDelay = 25;

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
          <Button component="a" href={hrefOf('new-project')}>
            {t('devices.setUp')}
          </Button>
        }
      />
    </>
  );
}

function ProjectDevices({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const { params } = useRoute();
  const { state: wanted, device } = params;
  const now = useNow();
  const { within, ends } = spanOf(params, now);
  const state = certificateStates.find((each) => each === wanted);
  const [search, setSearch] = useState('');
  const [settledSearch] = useDebouncedValue(search.trim(), searchDelay, { leading: true });
  const drawer = useDrawer();
  const { show } = drawer;
  // the palette links to one device; the address is cleared, so that the same link works again
  useEffect(() => {
    if (device === undefined) return;
    show(Number(device));
    replaceRoute('devices', { ...params, device: undefined });
  }, [device, show, params]);
  const overview = useCall('project.overview', { projectId });
  const rows = useDeviceRows({ projectId, search: settledSearch, state, ends });
  const filtered = settledSearch !== '' || state !== undefined || Object.keys(ends).length > 0;
  const selected = useSelection({ projectId, search: settledSearch, state, ends }, rows.rowAt);
  const [adding, setAdding] = useState(false);
  const [acting, setActing] = useState<Acting | null>(null);
  const [passwords, setPasswords] = useState<readonly Chosen[] | null>(null);
  const [sharing, setSharing] = useState<readonly Chosen[] | null>(null);
  const broker = overview.data?.broker;
  const byPassword = broker != null && usesPasswords(broker.kit);
  // where no certificate is asked for there is nothing to share, and the others' kits cannot say who may do what
  const shares = broker != null && usesCertificates(broker.kit) && softwareOf(broker.target) === 'mosquitto';
  const act = (which: CertificateAct, devices: readonly Chosen[], certificateIds: readonly number[] | null = null) =>
    setActing({ act: which, devices, certificateIds });
  const exportDevices = (deviceIds: readonly number[] | null, withBroker: boolean) => {
    chooseForExport({ projectId, deviceIds, withBroker });
    window.location.hash = hrefOf('export');
  };
  const showState = (next: CertificateState | undefined) => replaceRoute('devices', { ...params, state: next });
  const showWithin = (next: Within | undefined) =>
    replaceRoute('devices', { state, within: next === undefined ? undefined : String(next) });

  return (
    <div className={css.page}>
      <PageHeader
        page={t('devices.page')}
        title={t('devices.page')}
        lead={overview.data ? t('devices.inProject', { count: overview.data.devices }) : ' '}
        aside={
          <div className={css.head}>
            <Search search={search} onSearch={setSearch} />
            <WriteButton leftSection={<IconPlus size={20} stroke={2} aria-hidden />} onClick={() => setAdding(true)}>
              {t('devices.add.title')}
            </WriteButton>
          </div>
        }
      />
      <div className={css.bar}>
        <StateChips
          fleet={overview.data?.fleet}
          total={overview.data?.devices}
          state={state}
          onState={showState}
          within={within}
          ends={ends}
          onWithin={showWithin}
        />
        <Actions
          count={selected.selection.size}
          onClear={selected.clear}
          onExport={() => exportDevices([...selected.selection.keys()], false)}
          onAct={(which) => act(which, [...selected.selection.values()])}
          onPassword={byPassword ? () => setPasswords([...selected.selection.values()]) : undefined}
          onShare={shares && selected.selection.size > 1 ? () => setSharing([...selected.selection.values()]) : undefined}
        />
      </div>
      {selected.error && <ErrorPanel error={selected.error} />}
      <div className="visually-hidden" role="status">
        {filtered && rows.total !== null && t('devices.matches', { count: rows.total })}
      </div>
      {rows.error ? (
        <ErrorPanel error={reportOf(rows.error)} onRetry={rows.retry} />
      ) : rows.total === null ? (
        <Waiting lines={8} />
      ) : rows.total === 0 ? (
        <Nothing
          search={settledSearch}
          filtered={filtered}
          spanned={Object.keys(ends).length > 0}
          onReset={() => [setSearch(''), replaceRoute('devices', {})]}
          onAdd={() => setAdding(true)}
        />
      ) : (
        <DeviceTable
          key={rows.list}
          total={rows.total}
          rowAt={rows.rowAt}
          onRange={rows.want}
          onOpen={drawer.show}
          selection={selected.selection}
          onToggle={selected.toggle}
          onAll={() => selected.all(rows.total ?? 0)}
          onClear={selected.clear}
        />
      )}
      <Suspense>
        {drawer.deviceId !== null && (
          <DeviceDrawer
            deviceId={drawer.deviceId}
            onClose={drawer.close}
            onAct={(which, device, certificateId) => {
              drawer.close();
              act(which, [device], certificateId === null ? null : [certificateId]);
            }}
            onExport={(deviceId) => exportDevices([deviceId], false)}
            projectId={projectId}
            onPassword={(device) => {
              drawer.close();
              setPasswords([device]);
            }}
          />
        )}
        {adding && (
          <AddDevices
            projectId={projectId}
            project={overview.data?.name ?? ''}
            onClose={() => setAdding(false)}
            onExport={() => exportDevices(null, true)}
          />
        )}
        {passwords && (
          <PasswordDialog
            projectId={projectId}
            devices={passwords}
            onClose={() => [setPasswords(null), selected.clear()]}
            onExport={() =>
              exportDevices(
                passwords.map(({ deviceId }) => deviceId),
                true,
              )
            }
          />
        )}
        {sharing && (
          <ShareDialog
            projectId={projectId}
            devices={sharing}
            onClose={() => [setSharing(null), selected.clear()]}
            onExport={() =>
              exportDevices(
                sharing.map(({ deviceId }) => deviceId),
                true,
              )
            }
          />
        )}
        {acting && (
          <ActDialog
            projectId={projectId}
            acting={acting}
            onActing={setActing}
            onClose={() => [setActing(null), selected.clear()]}
            onExport={exportDevices}
          />
        )}
      </Suspense>
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
  readonly spanned: boolean;
  readonly onReset: () => void;
  readonly onAdd: () => void;
}

function Nothing({ search, filtered, spanned, onReset, onAdd }: NothingProps) {
  const { t } = useTranslation();
  if (!filtered) {
    return (
      <Empty
        icon={IconCpu}
        title={t('devices.empty.title')}
        text={t('devices.empty.text')}
        action={<WriteButton onClick={onAdd}>{t('devices.add.title')}</WriteButton>}
      />
    );
  }
  return (
    <Empty
      icon={IconSearchOff}
      title={t('devices.nothing.title')}
      text={search === '' ? t(spanned ? 'devices.ends.none' : 'devices.nothing.state') : t('devices.nothing.search', { search })}
      action={
        <Button variant="default" onClick={onReset}>
          {t('devices.nothing.reset')}
        </Button>
      }
    />
  );
}
