import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reportOf } from '../bridge/client.ts';
import { useCall } from '../bridge/queries.ts';
import { Dialog, DialogActions } from './Dialog.tsx';
import { ErrorPanel } from './ErrorPanel.tsx';
import { TextField } from './Field.tsx';
import { roleName } from './role-name.ts';
import { StatePill } from './StatePill.tsx';
import css from './Takeover.module.css';

const shownDevices = 50;

interface Device {
  readonly deviceId: number;
  readonly id: string;
}

interface Props {
  readonly projectId: number;
  /** Null = let the person choose first. */
  readonly device: Device | null;
  /** Devices whose place is taken already. */
  readonly taken: readonly number[];
  readonly onAccept: (deviceId: number, id: string) => void;
  readonly onClose: () => void;
}

/** Which device, and then what that does to it. Nothing happens before the last button; Esc and Cancel are always "no". */
export function Takeover({ projectId, device, taken, onAccept, onClose }: Props) {
  const { t } = useTranslation();
  const [picked, setPicked] = useState<Device | null>(device);
  if (picked === null) {
    return (
      <Dialog title={t('tester.takeover.pick')} onClose={onClose}>
        <Picker projectId={projectId} taken={taken} onPick={setPicked} />
      </Dialog>
    );
  }
  const name = picked.id;
  return (
    <Dialog title={t('tester.takeover.title', { device: name })} onClose={onClose}>
      <div className={css.warning}>
        <IconAlertTriangle size={24} stroke={1.8} aria-hidden />
        <div>
          <p>{t('tester.takeover.text', { device: name })}</p>
          <ul>
            <li>{t('tester.takeover.points.out', { device: name })}</li>
            <li>{t('tester.takeover.points.will', { device: name })}</li>
            <li>{t('tester.takeover.points.session', { device: name })}</li>
          </ul>
        </div>
      </div>
      <p>{t('tester.takeover.after')}</p>
      <DialogActions>
        {/* the safe answer has the focus */}
        <Button data-autofocus autoFocus onClick={onClose}>
          {t('tester.takeover.cancel')}
        </Button>
        <Button variant="default" onClick={() => onAccept(picked.deviceId, name)}>
          {t('tester.takeover.accept', { device: name })}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface PickerProps {
  readonly projectId: number;
  readonly taken: readonly number[];
  readonly onPick: (device: Device) => void;
}

function Picker({ projectId, taken, onPick }: PickerProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 100);
  const found = useCall('device.list', { projectId, search: settled, limit: shownDevices }, { keepPrevious: true });
  const rows = found.data?.rows ?? [];
  return (
    <>
      <p className={css.hint}>{t('tester.takeover.pickHint')}</p>
      <TextField
        label={t('tester.takeover.search')}
        placeholder={t('tester.takeover.searchHint')}
        value={search}
        onChange={setSearch}
        maxLength={200}
      />
      {found.isError && <ErrorPanel error={reportOf(found.error)} onRetry={() => void found.refetch()} />}
      {found.data && rows.length === 0 && (
        <p className={css.hint} role="status">
          {t('tester.takeover.nothing')}
        </p>
      )}
      {rows.length > 0 && (
        <ul className={css.devices} aria-label={t('tester.takeover.results')}>
          {rows.map((row) => {
            const usable = row.state !== 'awaiting' && !taken.includes(row.deviceId);
            return (
              <li key={row.deviceId}>
                <button
                  type="button"
                  disabled={!usable}
                  title={row.state === 'awaiting' ? t('tester.takeover.unusable') : undefined}
                  onClick={() => onPick({ deviceId: row.deviceId, id: row.id })}
                >
                  <b>{row.id}</b>
                  <span>{roleName(t, row.role)}</span>
                  <StatePill state={row.state} />
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {(found.data?.total ?? 0) > rows.length && <p className={css.hint}>{t('tester.takeover.more', { count: rows.length })}</p>}
    </>
  );
}
