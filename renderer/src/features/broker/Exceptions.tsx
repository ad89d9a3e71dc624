import { ActionIcon, Button } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccessException } from '../../../../shared/model/access.ts';
import type { AccessDanger } from '../../../../shared/rules/access-dangers.ts';
import css from './Access.module.css';
import { DeviceField, useDevice } from './DeviceField.tsx';
import { TopicFields } from './TopicFields.tsx';

interface Props {
  readonly projectId: number;
  readonly exceptions: readonly AccessException[];
  readonly onChange: (exceptions: readonly AccessException[]) => void;
  readonly dangers: readonly AccessDanger[];
}

/** What single devices may do besides their role, or may not. */
export function Exceptions({ projectId, exceptions, onChange, dangers }: Props) {
  const { t } = useTranslation();
  return (
    <section className={css.exceptions}>
      <h3>{t('access.exceptions.title')}</h3>
      <p className={css.quiet}>{t('access.exceptions.lead')}</p>
      {exceptions.map((exception) => (
        <fieldset key={exception.device} className={css.role}>
          <legend>
            <span className="mono">{exception.device}</span>
          </legend>
          <ActionIcon
            className={css.remove ?? ''}
            variant="default"
            size={44}
            aria-label={t('access.exceptions.remove', { device: exception.device })}
            onClick={() => onChange(exceptions.filter((each) => each !== exception))}
          >
            <IconTrash size={20} stroke={1.7} aria-hidden />
          </ActionIcon>
          <TopicFields
            who={exception.device}
            topics={exception}
            onChange={(change) =>
              onChange(
                exceptions.map((each) =>
                  each === exception ? { ...exception, ...change, deny: change.deny ?? each.deny } : each,
                ),
              )
            }
            dangers={dangers.filter(({ at }) => 'device' in at && at.device === exception.device)}
            denyOpen
          />
        </fieldset>
      ))}
      <NewException
        projectId={projectId}
        taken={exceptions.map(({ device }) => device)}
        onAdd={(device) => onChange([...exceptions, { device, write: [], read: [], deny: [] }])}
      />
    </section>
  );
}

function NewException({
  projectId,
  taken,
  onAdd,
}: {
  readonly projectId: number;
  readonly taken: readonly string[];
  readonly onAdd: (device: string) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const { rows, exact, known } = useDevice(projectId, text);
  const there = exact !== undefined && taken.includes(exact.id);
  const wrong = there ? t('access.exceptions.there') : known && !exact ? t('access.exceptions.unknown') : undefined;
  const add = () => {
    setTried(true);
    if (!exact || there) return;
    onAdd(exact.id);
    setText('');
    setTried(false);
  };
  return (
    <div className={css.newOne}>
      <DeviceField
        label={t('access.exceptions.device')}
        hint={t('access.exceptions.deviceHint')}
        error={tried && text.trim() !== '' ? wrong : undefined}
        value={text}
        onChange={(value) => {
          setText(value);
          setTried(false);
        }}
        suggestions={rows.map(({ id }) => id)}
      />
      <Button variant="default" leftSection={<IconPlus size={18} aria-hidden />} onClick={add} disabled={text.trim() === ''}>
        {t('access.exceptions.add')}
      </Button>
    </div>
  );
}
