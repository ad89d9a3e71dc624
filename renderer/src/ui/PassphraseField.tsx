import { Input, TextInput } from '@mantine/core';
import { IconEye, IconEyeOff, IconKeyboard } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import css from './PassphraseField.module.css';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly autoComplete: 'current-password' | 'new-password';
  readonly description?: ReactNode;
  readonly error?: ReactNode;
  readonly autoFocus?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
}

/** A secret that can be looked at, and that says when Caps Lock is on: the two usual reasons for a wrong one. */
export function PassphraseField({ label, value, onChange, autoComplete, description, error, autoFocus, ref }: Props) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const noticeCapsLock = (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'));
  const action = shown ? t('app.passphrase.hide') : t('app.passphrase.show');
  return (
    <div>
      <TextInput
        ref={ref ?? null}
        label={label}
        description={description}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        error={error}
        type={shown ? 'text' : 'password'}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={noticeCapsLock}
        onKeyUp={noticeCapsLock}
        onBlur={() => setCapsLock(false)}
        autoComplete={autoComplete}
        autoCapitalize="off"
        spellCheck={false}
        maxLength={1024}
        data-autofocus={autoFocus || undefined}
        // the page consists of this form: the caret belongs here
        autoFocus={autoFocus ?? false}
        rightSectionWidth={48}
        rightSectionPointerEvents="all"
        rightSection={
          <button
            type="button"
            className={css.reveal}
            aria-label={action}
            title={action}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          >
            {shown ? <IconEyeOff size={20} stroke={1.7} aria-hidden /> : <IconEye size={20} stroke={1.7} aria-hidden />}
          </button>
        }
      />
      <div role="status">
        {capsLock && (
          <Input.Description className={css.caps}>
            <IconKeyboard size={18} aria-hidden /> {t('app.passphrase.capsLock')}
          </Input.Description>
        )}
      </div>
    </div>
  );
}
