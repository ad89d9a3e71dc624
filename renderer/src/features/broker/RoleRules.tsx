import { ActionIcon } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type AccessRule, isBuiltIn } from '../../../../shared/model/access.ts';
import type { AccessDanger } from '../../../../shared/rules/access-dangers.ts';
import { roleName } from '../../ui/role-name.ts';
import css from './Access.module.css';
import { TopicFields } from './TopicFields.tsx';

interface Props {
  readonly rule: AccessRule;
  /** The broker's files name every device. */
  readonly named: boolean;
  /** Devices that have the role. */
  readonly count: number;
  readonly onChange: (change: Partial<AccessRule>) => void;
  readonly onRemove: () => void;
  readonly dangers: readonly AccessDanger[];
  readonly error?: string | undefined;
  readonly below?: ReactNode;
}

/** One role: how many have it, what its rules mean for the broker's file, and its topics. */
export function RoleRules({ rule, named, count, onChange, onRemove, dangers, error, below }: Props) {
  const { t } = useTranslation();
  const role = roleName(t, rule.role);
  return (
    <fieldset className={css.role}>
      <legend>
        {role} <span>{count > 0 ? t('access.count', { count }) : t('access.nobody')}</span>
      </legend>
      {!isBuiltIn(rule.role) && count === 0 && (
        <ActionIcon
          className={css.remove ?? ''}
          variant="default"
          size={44}
          aria-label={t('access.role.remove', { role })}
          onClick={onRemove}
        >
          <IconTrash size={20} stroke={1.7} aria-hidden />
        </ActionIcon>
      )}
      {rule.role === 'device' ? (
        <p>{t(named ? 'access.devicesNamed' : 'access.devicesNote')}</p>
      ) : (
        count > 0 && <p>{t('access.membersNote')}</p>
      )}
      <TopicFields
        who={role}
        topics={rule}
        onChange={onChange}
        dangers={dangers.filter(({ at }) => 'role' in at && at.role === rule.role)}
        error={error}
      />
      {below}
    </fieldset>
  );
}
