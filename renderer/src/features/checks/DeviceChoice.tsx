import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/action.ts';
import { call, reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Options } from '../../ui/Options.tsx';
import { roleName } from '../../ui/role-name.ts';
import { StatePill } from '../../ui/StatePill.tsx';
import css from './Run.module.css';

const shownDevices = 50;
const shownChips = 20;
/** Rows of one answer; the contract's maximum. */
const pageSize = 1_000;

/** `role`: those of one role, because what a device may do hangs on it. */
export interface Devices {
  readonly kind: 'all' | 'role' | 'some';
  /** Empty = none was chosen. */
  readonly role: string;
  /** Names by id, in the order in which they were chosen. */
  readonly chosen: ReadonlyMap<number, string>;
}

interface Props {
  readonly projectId: number;
  /** How many have a certificate in force. */
  readonly total: number;
  /** How many devices have each role; one alone is no choice. */
  readonly roles: readonly (readonly [role: string, count: number])[];
  readonly value: Devices;
  readonly onChange: (value: Devices) => void;
}

/** The value of a role among the choices: no role has a blank in its name. */
const roleValue = (role: string) => `role ${role}`;

/** For which devices: all of them, those of a role, or those that somebody picks. */
export function DeviceChoice({ projectId, total, roles, value, onChange }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className={css.stack}>
      <Options
        legend={t('checks.run.devices')}
        layout="row"
        value={value.kind === 'role' ? roleValue(value.role) : value.kind}
        options={[
          ...(roles.length > 1
            ? roles.map(([role, count]) => ({
                value: roleValue(role),
                label: t('checks.run.role', { role: roleName(t, role), number: format.number(count) }),
              }))
            : []),
          { value: 'all', label: t('checks.run.all', { count: total }) },
          { value: 'some', label: t('checks.run.some') },
        ]}
        onChange={(which) => {
          const role = roles.find(([each]) => roleValue(each) === which)?.[0];
          onChange({ ...value, kind: role !== undefined ? 'role' : which === 'some' ? 'some' : 'all', role: role ?? '' });
        }}
      />
      {value.kind === 'some' && (
        <Picker projectId={projectId} chosen={value.chosen} onChange={(chosen) => onChange({ ...value, chosen })} />
      )}
    </div>
  );
}

interface PickerProps {
  readonly projectId: number;
  readonly chosen: Devices['chosen'];
  readonly onChange: (chosen: Devices['chosen']) => void;
}

function Picker({ projectId, chosen, onChange }: PickerProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 100);
  const found = useCall('device.list', { projectId, search: settled, limit: shownDevices }, { keepPrevious: true });
  const rows = found.data?.rows ?? [];
  const matching = found.data?.total ?? 0;
  const toggle = (deviceId: number, id: string) => {
    const next = new Map(chosen);
    if (!next.delete(deviceId)) next.set(deviceId, id);
    onChange(next);
  };
  const addAll = useAction(async () => {
    const next = new Map(chosen);
    for (let offset = 0; ; offset += pageSize) {
      const page = await call('device.list', { projectId, search: settled, offset, limit: pageSize });
      for (const row of page.rows) if (row.state !== 'awaiting') next.set(row.deviceId, row.id);
      if (page.rows.length < pageSize) break;
    }
    onChange(next);
  });
  const chips = [...chosen].slice(0, shownChips);
  return (
    <>
      <TextField
        label={t('checks.run.search')}
        placeholder={t('tester.takeover.searchHint')}
        value={search}
        onChange={setSearch}
        maxLength={200}
      />
      {found.isError && <ErrorPanel error={reportOf(found.error)} onRetry={() => void found.refetch()} />}
      {found.data && rows.length === 0 && <p role="status">{t('tester.takeover.nothing')}</p>}
      {rows.length > 0 && (
        <ul className={css.devices} aria-label={t('tester.takeover.results')}>
          {rows.map(({ deviceId, id, role, state }) => (
            <li key={deviceId}>
              <label data-off={state === 'awaiting' || undefined}>
                <input
                  type="checkbox"
                  disabled={state === 'awaiting'}
                  checked={chosen.has(deviceId)}
                  onChange={() => toggle(deviceId, id)}
                />
                <b>{id}</b>
                <span>{roleName(t, role)}</span>
                <StatePill state={state} />
              </label>
            </li>
          ))}
        </ul>
      )}
      <div className={css.found}>
        <p role="status">{chosen.size === 0 ? t('checks.run.nobody') : t('checks.run.chosen', { count: chosen.size })}</p>
        {matching > 1 && (
          <Button variant="default" size="sm" loading={addAll.pending} onClick={() => void addAll.run()}>
            {t('checks.run.addAll', { count: matching })}
          </Button>
        )}
        {chosen.size > 0 && (
          <Button variant="subtle" size="sm" onClick={() => onChange(new Map())}>
            {t('checks.run.clear')}
          </Button>
        )}
      </div>
      {addAll.error && <ErrorPanel error={addAll.error} />}
      {chips.length > 0 && (
        <ul className={css.chips} aria-label={t('checks.run.chosenList')}>
          {chips.map(([deviceId, id]) => (
            <li key={deviceId}>
              <span className="mono">{id}</span>
              <button type="button" aria-label={t('checks.run.remove', { device: id })} onClick={() => toggle(deviceId, id)}>
                <IconX size={16} stroke={2} aria-hidden />
              </button>
            </li>
          ))}
          {chosen.size > chips.length && (
            <li data-more>
              {t('checks.run.moreChosen', { count: chosen.size - chips.length, more: format.number(chosen.size - chips.length) })}
            </li>
          )}
        </ul>
      )}
    </>
  );
}
