import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reportOf } from '../bridge/client.ts';
import { useCall } from '../bridge/queries.ts';
import { ErrorPanel } from './ErrorPanel.tsx';
import { TextField } from './Field.tsx';
import { roleName } from './role-name.ts';
import { StatePill } from './StatePill.tsx';
import css from './Takeover.module.css';

const shownDevices = 50;

export interface PickedDevice {
  readonly deviceId: number;
  readonly id: string;
}

interface Props {
  readonly projectId: number;
  /** Devices that cannot be chosen now. */
  readonly taken: readonly number[];
  readonly onPick: (device: PickedDevice) => void;
}

/** Finds one device of a project by typing. */
export function DevicePicker({ projectId, taken, onPick }: Props) {
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
