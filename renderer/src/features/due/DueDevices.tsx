import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { chooseForExport } from '../../bridge/export-choice.ts';
import type { NamedDevice } from '../../ui/acts/target.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Due.module.css';
import { DueWhen } from './DueWhen.tsx';

const RenewDialog = lazy(async () => ({ default: (await import('../../ui/acts/RenewDialog.tsx')).RenewDialog }));
const RevokeDialog = lazy(async () => ({ default: (await import('../../ui/acts/RevokeDialog.tsx')).RevokeDialog }));

interface Props {
  readonly projectId: number;
  /** The first of them, and how many there are. */
  readonly devices: CallOutput<'due.list'>['devices'];
  readonly days: number;
  /** Asks for more lines; null when that is enough of a list, and the page Devices shows any number. */
  readonly onMore: (() => void) | null;
}

/** Rows of one answer; the contract's maximum. */
const pageSize = 1_000;

/** Every device that is due, also those that have no line. */
async function allDue(projectId: number, days: number, total: number): Promise<NamedDevice[]> {
  const endsBefore = Date.now() + days * 86_400_000;
  const found: NamedDevice[] = [];
  for (let offset = 0; offset < total; offset += pageSize) {
    const { rows } = await call('device.list', { projectId, endsBefore, offset, limit: pageSize });
    found.push(...rows.map(({ deviceId, id, serial }) => ({ deviceId, id, serial })));
    if (rows.length < pageSize) break;
  }
  return found;
}

/** What the page Devices is told: one of its own choices, or the span. */
function spanParams(days: number): Record<string, string> {
  if ([30, 60, 90].includes(days)) return { within: String(days) };
  return { from: '0', before: String(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + days * 86_400_000) };
}

/** The devices whose certificates end, soonest first, all of them renewed at a press, or some. */
export function DueDevices({ projectId, devices: { items, total }, days, onMore }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(() => new Set());
  const [renewing, setRenewing] = useState<readonly NamedDevice[] | null>(null);
  const [revoking, setRevoking] = useState<{ devices: readonly NamedDevice[]; ids: readonly number[] } | null>(null);
  const named = items.flatMap(({ deviceId, name }) => (deviceId === null ? [] : [{ deviceId, id: name, serial: null }]));
  const selected = named.filter(({ deviceId }) => chosen.has(deviceId));
  const renew = useAction(async () => setRenewing(selected.length > 0 ? selected : await allDue(projectId, days, total)));
  const toExport = (deviceIds: readonly number[], withBroker: boolean) => {
    chooseForExport({ projectId, deviceIds, withBroker });
    window.location.hash = hrefOf('export');
  };
  return (
    <Panel title={t('due.devices.title', { count: total })}>
      {total === 0 ? (
        <p className={css.empty}>{t('due.devices.none')}</p>
      ) : (
        <>
          <div className={css.bar}>
            <span className={css.empty} role="status">
              {selected.length > 0 ? t('devices.selected', { count: selected.length }) : t('due.devices.hint')}
            </span>
            <div className={css.buttons}>
              <Button component="a" variant="default" href={hrefOf('devices', spanParams(days))}>
                {t('due.devices.show')}
              </Button>
              <WriteButton
                leftSection={<IconRefresh size={20} stroke={1.8} aria-hidden />}
                loading={renew.pending}
                onClick={() => void renew.run()}
              >
                {selected.length > 0
                  ? t('due.devices.renewSelected', { count: selected.length })
                  : t('due.devices.renewAll', { count: total })}
              </WriteButton>
            </div>
          </div>
          <ul className={`${css.list} ${css.devices}`} aria-label={t('due.devices.title', { count: total })}>
            {items.map((item) => (
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
            {total > items.length && (
              <li>
                <span />
                <span>{t('acts.renew.more', { count: total - items.length })}</span>
                {onMore ? (
                  <Button variant="default" size="sm" onClick={onMore}>
                    {t('due.devices.more')}
                  </Button>
                ) : (
                  <span />
                )}
                <span />
              </li>
            )}
          </ul>
        </>
      )}
      {renew.error && <ErrorPanel error={renew.error} />}
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
