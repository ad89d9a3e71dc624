import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checkRoleName } from '../../../shared/rules/role-name.ts';
import { useFormat } from '../locales/FormatContext.tsx';
import { problemText } from './error-text.ts';
import { TextField } from './Field.tsx';
import css from './NewRole.module.css';

interface Props {
  readonly taken: readonly string[];
  readonly hint: string;
  readonly onAdd: (role: string) => void;
}

/** A role of the project's own. */
export function NewRole({ taken, hint, onAdd }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const name = text.trim();
  const [wrong] = checkRoleName(name);
  const error = taken.includes(name) ? t('access.role.taken') : wrong && problemText(wrong, t, format);
  const add = () => {
    setTried(true);
    if (error !== undefined) return;
    onAdd(name);
    setText('');
    setTried(false);
  };
  return (
    <div className={css.newOne}>
      <TextField
        label={t('access.role.name')}
        hint={hint}
        error={tried && name !== '' ? error : undefined}
        value={text}
        onChange={(value) => {
          setText(value);
          setTried(false);
        }}
        maxLength={40}
        mono
      />
      <Button variant="default" leftSection={<IconPlus size={18} aria-hidden />} onClick={add} disabled={name === ''}>
        {t('access.role.add')}
      </Button>
    </div>
  );
}
