import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { chooseForExport } from '../../bridge/export-choice.ts';
import type { NamedDevice } from '../../ui/acts/target.ts';
import { Panel } from '../../ui/Panel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Due.module.css';
import { DueWhen } from './DueWhen.tsx';

const RenewDialog = lazy(async () => ({ default: (await import('../../ui/acts/RenewDialog.tsx')).RenewDialog }));
const RevokeDialog = lazy(async () => ({ default: (await import('../../ui/acts/RevokeDialog.tsx')).RevokeDialog }));

type Item = CallOutput<'due.list'>['items'][number];

/** Lines that exist at once; the page Devices shows any number. */
const maximum = 100;

interface Props {
  readonly projectId: number;
  readonly devices: readonly Item[];
  readonly days: number;
}

/** The devices whose certificates end, soonest first, all of them renewed at a press, or some. */
export function DueDevices({ projectId, devices, days }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(() => new Set());
  const [renewing, setRenewing] = useState<readonly NamedDevice[] | null>(null);
  const [revoking, setRevoking] = useState<{ devices: readonly NamedDevice[]; ids: readonly number[] } | null>(null);
  const named = devices.flatMap(({ deviceId, name }) => (deviceId === null ? [] : [{ deviceId, id: name, serial: null }]));
  const selected = named.filter(({ deviceId }) => chosen.has(deviceId));
  const wanted = selected.length > 0 ? selected : named;
  const toExport = (deviceIds: readonly number[], withBroker: boolean) => {
    chooseForExport({ projectId, deviceIds, withBroker });
    window.location.hash = hrefOf('export');
  };
  return (
    <Panel title={t('due.devices.title', { count: devices.length })}>
      {devices.length === 0 ? (
        <p className={css.empty}>{t('due.devices.none')}</p>
      ) : (
        <>
          <div className={css.bar}>
            <span className={css.empty} role="status">
              {selected.length > 0 ? t('devices.selected', { count: selected.length }) : t('due.devices.hint')}
            </span>
            <div className={css.buttons}>
              <Button component="a" variant="default" href={hrefOf('devices', { within: days === 7 ? '30' : String(days) })}>
                {t('due.devices.show')}
              </Button>
              <WriteButton leftSection={<IconRefresh size={20} stroke={1.8} aria-hidden />} onClick={() => setRenewing(wanted)}>
                {selected.length > 0
                  ? t('due.devices.renewSelected', { count: selected.length })
                  : t('due.devices.renewAll', { count: named.length })}
              </WriteButton>
            </div>
          </div>
          <ul className={`${css.list} ${css.devices}`} aria-label={t('due.devices.title', { count: devices.length })}>
            {devices.slice(0, maximum).map((item) => (
              <li key={item.deviceId}>
                <input
                  type="checkbox"
                  aria-label={t('devices.select', { id: item.name })}
                  checked={chosen.has(item.deviceId ?? 0)}
                  onChange={(event) => {
                    const next = new Set(chosen);
                    if (event.currentTarget.checked) next.add(item.deviceId ?? 0);
                    else next.delete(item.deviceId ?? 0);
                    setChosen(next);
                  }}
                />
                <a href={hrefOf('devices', { device: String(item.deviceId) })}>{item.name}</a>
                <DueWhen item={item} />
                <span />
              </li>
            ))}
            {devices.length > maximum && (
              <li>
                <span />
                <span>{t('acts.renew.more', { count: devices.length - maximum })}</span>
                <span />
                <span />
              </li>
            )}
          </ul>
        </>
      )}
      <Suspense>
        {renewing && (
          <RenewDialog
            projectId={projectId}
            devices={renewing}
            mode="renew"
            page="due"
            onClose={() => [setRenewing(null), setChosen(new Set())]}
            onExport={(deviceIds) => toExport(deviceIds, false)}
            onRevoke={(renewed, ids) => [setRenewing(null), setRevoking({ devices: renewed, ids })]}
          />
        )}
        {revoking && (
          <RevokeDialog
            projectId={projectId}
            act="revoke"
            devices={revoking.devices}
            certificateIds={revoking.ids}
            page="due"
            onClose={() => setRevoking(null)}
            onExportKit={() => toExport([], true)}
          />
        )}
      </Suspense>
    </Panel>
  );
}
