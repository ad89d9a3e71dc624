import { Button } from '@mantine/core';
import { IconAlertTriangle, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BrokerSettings } from '../../../../shared/model/broker.ts';
import { checkLimits, type SavedCheck } from '../../../../shared/model/check.ts';
import { concernsDevice, takesOver } from '../../../../shared/rules/check-scope.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { AddressBar } from '../../ui/AddressBar.tsx';
import { type Address, addressProblem } from '../../ui/address.ts';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Tick } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { DeviceChoice, type Devices } from './DeviceChoice.tsx';
import css from './Run.module.css';
import type { RunInput } from './run-store.ts';

/** What a run begins with. */
export interface RunChoice {
  readonly checkIds: readonly number[];
  readonly devices: Devices;
  readonly address: Address;
}

interface Props {
  readonly projectId: number;
  readonly broker: BrokerSettings;
  readonly checks: readonly SavedCheck[];
  /** Devices with a certificate in force. */
  readonly fleet: number;
  readonly roles: readonly (readonly [role: string, count: number])[];
  readonly first: RunChoice;
  readonly onClose: () => void;
  readonly onRun: (input: RunInput, choice: RunChoice) => void;
}

/** Which checks, for whom, where, and what that does to them. Nothing happens before it is accepted. */
export function RunDialog({ projectId, broker, checks, fleet, roles, first, onClose, onRun }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [ids, setIds] = useState<ReadonlySet<number>>(() => new Set(first.checkIds));
  const [devices, setDevices] = useState(first.devices);
  const [address, setAddress] = useState(first.address);
  const [accepted, setAccepted] = useState(false);
  const [tried, setTried] = useState(false);
  const chosen = checks.filter(({ checkId }) => ids.has(checkId));
  const each = chosen.filter(({ check }) => concernsDevice(check)).length;
  const people =
    devices.kind === 'some'
      ? devices.chosen.size
      : devices.kind === 'all'
        ? fleet
        : (roles.find(([role]) => role === devices.role)?.[1] ?? 0);
  const amount = each * people + (chosen.length - each);
  const takes = chosen.some(({ check }) => takesOver(check));
  const tooMany = amount > checkLimits.executions;
  const nobody = each > 0 && people === 0;
  const ready = chosen.length > 0 && !nobody && !tooMany && (accepted || !takes);
  const toggle = (checkId: number) => {
    const next = new Set(ids);
    if (!next.delete(checkId)) next.add(checkId);
    setIds(next);
  };
  const run = () => {
    setTried(true);
    if (!ready || addressProblem(address) !== null) return;
    const checkIds = chosen.map(({ checkId }) => checkId);
    const wanted: RunInput['devices'] =
      devices.kind === 'some' && each > 0
        ? { kind: 'some', deviceIds: [...devices.chosen.keys()] }
        : { kind: 'all', role: devices.kind === 'role' && each > 0 ? devices.role : undefined };
    const place = { host: address.host.trim(), port: Number(address.port) };
    onRun(
      { projectId, ...place, checkIds, devices: wanted, takeoverAccepted: takes && accepted },
      { checkIds, devices, address },
    );
  };
  return (
    <Dialog title={t('checks.run.title')} onClose={onClose}>
      <fieldset className={css.group}>
        <legend>{t('checks.run.which')}</legend>
        <ul className={css.checks}>
          {checks.map(({ checkId, check }) => (
            <li key={checkId}>
              <label>
                <input type="checkbox" checked={ids.has(checkId)} onChange={() => toggle(checkId)} />
                <b>{check.name}</b>
              </label>
            </li>
          ))}
        </ul>
        <div className={css.found}>
          <p role="status" data-wrong={chosen.length === 0 || undefined}>
            {chosen.length === 0 && t('checks.run.allOff')}
          </p>
          {checks.length > 1 && (
            <Button
              variant="subtle"
              size="sm"
              onClick={() => setIds(new Set(chosen.length === checks.length ? [] : checks.map(({ checkId }) => checkId)))}
            >
              {t(chosen.length === checks.length ? 'checks.run.noChecks' : 'checks.run.allChecks')}
            </Button>
          )}
        </div>
      </fieldset>
      {(each > 0 || chosen.length === 0) && (
        <DeviceChoice projectId={projectId} total={fleet} roles={roles} value={devices} onChange={setDevices} />
      )}
      <AddressBar broker={broker} address={address} onChange={setAddress} tried={tried} />
      {takes ? (
        <>
          <Note tone="due" icon={IconAlertTriangle} title={t('checks.run.warning')}>
            <ul>
              <li>{t('checks.run.points.out')}</li>
              <li>{t('checks.run.points.will')}</li>
              <li>{t('checks.run.points.real')}</li>
              <li>{t('checks.run.points.ours')}</li>
            </ul>
          </Note>
          <Tick label={t('checks.run.accept')} checked={accepted} onChange={setAccepted} />
        </>
      ) : (
        chosen.length > 0 && <p className={css.quiet}>{t('checks.run.observerOnly')}</p>
      )}
      <DialogActions>
        <p className={css.amount} role="status" data-wrong={tooMany || undefined}>
          {tooMany
            ? t('checks.run.tooMany', { maximum: format.number(checkLimits.executions) })
            : nobody && devices.kind !== 'some'
              ? t('checks.run.noDevice')
              : amount > 0 && t('checks.run.amount', { count: amount })}
        </p>
        <Button variant="default" onClick={onClose}>
          {t('checks.run.cancel')}
        </Button>
        <WriteButton
          disabled={!ready}
          because={t('checks.run.recorded')}
          leftSection={<IconPlayerPlay size={18} stroke={1.8} aria-hidden />}
          onClick={run}
        >
          {t('checks.run.start')}
        </WriteButton>
      </DialogActions>
    </Dialog>
  );
}
