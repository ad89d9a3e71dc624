import { Button } from '@mantine/core';
import { IconBan } from '@tabler/icons-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../../../shared/model/access.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { FindingList } from '../../ui/FindingList.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { NewRole } from '../../ui/NewRole.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { roleName, rolesOf } from '../../ui/role-name.ts';
import { TonePill } from '../../ui/StatePill.tsx';
import css from './Devices.module.css';
import type { Reviewed } from './decisions.ts';
import { Remarks } from './Remarks.tsx';

/** Lines that come at once. */
const step = 100;

interface Props {
  readonly devices: Reviewed['devices'];
  /** Roles that are other than proposed. */
  readonly decided: ReadonlyMap<string, Role>;
  readonly onRole: (devices: Reviewed['devices'], role: Role) => void;
}

/** The devices that come along: what is wrong with each, and what each may do, for one or for many at a time. */
export function Devices({ devices, decided, onRole }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set());
  const [role, setRole] = useState<Role>('device');
  const [added, setAdded] = useState<readonly Role[]>([]);
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState(step);
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const found = devices.filter(({ id }) => id.toLowerCase().includes(wanted));
  const selected = found.filter(({ id }) => chosen.has(id));
  const all = found.length > 0 && selected.length === found.length;
  const choose = (ids: readonly string[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) on ? next.add(id) : next.delete(id);
    setChosen(next);
  };
  const known = rolesOf([...new Set([...decided.values(), ...added])].map((each) => ({ role: each, write: [], read: [] })));
  if (devices.length === 0) {
    return (
      <Panel title={t('importing.devicesTitle')}>
        <p className={css.quiet}>{t('importing.devicesNone')}</p>
      </Panel>
    );
  }
  return (
    <Panel title={t('importing.devices', { count: devices.length })}>
      {devices.length > 1 && <Remarks devices={devices} />}
      <p className={css.quiet}>{t('importing.rolesText')}</p>
      <div className={css.bar}>
        {devices.length > 10 && (
          <div className={css.search}>
            <TextField label={t('importing.search')} value={search} onChange={setSearch} mono />
          </div>
        )}
        <SelectField
          label={t('importing.roleForChosen')}
          value={role}
          onChange={setRole}
          options={known.map((each) => ({ value: each, label: roleName(t, each) }))}
        />
        <Button
          variant="default"
          size="md"
          className={css.set ?? ''}
          disabled={selected.length === 0}
          onClick={() => onRole(selected, role)}
        >
          {t('importing.setRole')}
        </Button>
      </div>
      <Fold summary={t('importing.ownRole')}>
        <div className={css.own}>
          <NewRole
            taken={known}
            hint={t('importing.ownRoleHint')}
            onAdd={(name) => {
              setAdded([...added, name]);
              setRole(name);
            }}
          />
        </div>
      </Fold>
      <label className={css.all}>
        <input
          type="checkbox"
          checked={all}
          ref={(box) => {
            if (box) box.indeterminate = selected.length > 0 && !all;
          }}
          onChange={(event) =>
            choose(
              found.map(({ id }) => id),
              event.currentTarget.checked,
            )
          }
        />
        <span>
          {selected.length > 0
            ? t('importing.chosen', { count: selected.length, total: found.length })
            : t('importing.chooseAll', { count: found.length })}
        </span>
      </label>
      <ul className={css.list} aria-label={t('importing.devices', { count: found.length })}>
        {found.slice(0, shown).map((device) => (
          <Line
            key={device.id}
            device={device}
            role={decided.get(device.id) ?? device.role}
            roles={known}
            chosen={chosen.has(device.id)}
            onChoose={(on) => choose([device.id], on)}
            onRole={(next) => onRole([device], next)}
          />
        ))}
      </ul>
      {found.length === 0 && <p className={css.quiet}>{t('importing.noneFound')}</p>}
      {found.length > shown && (
        <Button variant="default" onClick={() => setShown(shown + step)}>
          {t('importing.more', { count: Math.min(step, found.length - shown), total: found.length })}
        </Button>
      )}
    </Panel>
  );
}

interface LineProps {
  readonly device: Reviewed['devices'][number];
  readonly role: Role;
  readonly roles: readonly Role[];
  readonly chosen: boolean;
  readonly onChoose: (on: boolean) => void;
  readonly onRole: (role: Role) => void;
}

function Line({ device, role, roles, chosen, onChoose, onRole }: LineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { id, findings } = device;
  return (
    <li data-chosen={chosen || undefined}>
      <input
        type="checkbox"
        aria-label={t('devices.select', { id })}
        checked={chosen}
        onChange={(event) => onChoose(event.currentTarget.checked)}
      />
      <div className={css.words}>
        <div className={css.name}>
          <b>{id}</b>
          {device.revoked && (
            <TonePill tone="gone" icon={IconBan}>
              {t('common.state.revoked')}
            </TonePill>
          )}
        </div>
        <p>
          {device.key} · {t('importing.until', { date: format.date(device.notAfter) })}
          {!device.keyHere && <> · {t('importing.noKey')}</>}
          {device.password && <> · {t('importing.password')}</>}
        </p>
      </div>
      <select
        className={css.role}
        aria-label={t('importing.roleOf', { id })}
        data-decided={role !== device.role || undefined}
        value={role}
        onChange={(event) => onRole(event.currentTarget.value as Role)}
      >
        {roles.map((each) => (
          <option key={each} value={each}>
            {roleName(t, each)}
          </option>
        ))}
      </select>
      {findings.length > 0 && (
        <div className={css.findings}>
          <Fold summary={t('importing.findings', { count: findings.length })}>
            <FindingList findings={findings} />
          </Fold>
        </div>
      )}
    </li>
  );
}
