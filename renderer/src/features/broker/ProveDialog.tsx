import { Button } from '@mantine/core';
import { IconAlertTriangle, IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BrokerSettings } from '../../../../shared/model/broker.ts';
import { proofDevices } from '../../../../shared/model/proof.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { TextField, Tick } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import access from './Access.module.css';
import { DeviceField, useDevice } from './DeviceField.tsx';
import css from './Proof.module.css';

export interface ProofChoice {
  readonly host: string;
  readonly port: number;
  readonly deviceIds: readonly number[];
}

interface Props {
  readonly projectId: number;
  readonly broker: BrokerSettings;
  readonly onClose: () => void;
  readonly onRun: (choice: ProofChoice) => void;
}

/** Where, as whom, and what that does to them. Nothing happens before it is accepted. */
export function ProveDialog({ projectId, broker, onClose, onRun }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [host, setHost] = useState(broker.addresses[0] ?? broker.names[0] ?? '');
  const [port, setPort] = useState(String(broker.port));
  const [chosen, setChosen] = useState<readonly { readonly deviceId: number; readonly id: string }[]>([]);
  const [text, setText] = useState('');
  const [accepted, setAccepted] = useState(false);
  const { rows, exact } = useDevice(projectId, text);
  const usable = rows.filter((row) => row.state !== 'awaiting' && !chosen.some(({ deviceId }) => deviceId === row.deviceId));
  const full = chosen.length >= proofDevices;
  const number = Number(port.trim());
  const ready =
    host.trim() !== '' && Number.isInteger(number) && number >= 1 && number <= 65_535 && (accepted || chosen.length === 0);
  const add = () => {
    if (!exact || full || chosen.some(({ deviceId }) => deviceId === exact.deviceId)) return;
    setChosen([...chosen, { deviceId: exact.deviceId, id: exact.id }]);
    setText('');
  };
  return (
    <Dialog title={t('access.prove.dialog.title')} onClose={onClose}>
      <div className={css.place}>
        <TextField label={t('access.prove.dialog.host')} value={host} onChange={setHost} mono />
        <TextField label={t('tester.address.port')} value={port} onChange={setPort} maxLength={5} numeric mono />
      </div>
      <div className={access.newOne}>
        <DeviceField
          label={t('access.prove.dialog.devices')}
          hint={full ? t('access.prove.dialog.full') : t('access.prove.dialog.devicesHint', { count: proofDevices })}
          value={text}
          onChange={setText}
          suggestions={usable.map(({ id }) => id)}
        />
        <Button
          variant="default"
          leftSection={<IconPlus size={18} aria-hidden />}
          onClick={add}
          disabled={full || !exact || exact.state === 'awaiting'}
        >
          {t('access.prove.dialog.add')}
        </Button>
      </div>
      <ul className={css.chosen}>
        {chosen.map(({ deviceId, id }) => (
          <li key={deviceId}>
            <span className="mono">{id}</span>
            <button
              type="button"
              aria-label={t('access.prove.dialog.remove', { device: id })}
              onClick={() => setChosen(chosen.filter((each) => each.deviceId !== deviceId))}
            >
              <IconX size={16} stroke={2} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      <Note tone="due" icon={IconAlertTriangle} title={t('access.prove.dialog.warning')}>
        <ul>
          {chosen.length > 0 && (
            <>
              <li>{t('access.prove.dialog.points.out', { devices: format.list(chosen.map(({ id }) => id)) })}</li>
              <li>{t('access.prove.dialog.points.messages')}</li>
            </>
          )}
          <li>{t('access.prove.dialog.points.observer')}</li>
        </ul>
      </Note>
      {chosen.length > 0 && <Tick label={t('access.prove.dialog.accept')} checked={accepted} onChange={setAccepted} />}
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {t('access.prove.dialog.cancel')}
        </Button>
        <Button
          disabled={!ready}
          onClick={() => onRun({ host: host.trim(), port: number, deviceIds: chosen.map(({ deviceId }) => deviceId) })}
        >
          {t('access.prove.dialog.run')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
