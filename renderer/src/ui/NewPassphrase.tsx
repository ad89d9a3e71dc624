import { type Ref, useImperativeHandle, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { passphraseMinimum } from '../../../shared/model/vault.ts';
import { PassphraseField } from './PassphraseField.tsx';
import { StrengthMeter } from './StrengthMeter.tsx';

export interface NewPassphraseHandle {
  /** The passphrase, or null after showing what is wrong with it. */
  readonly take: () => string | null;
}

interface Props {
  readonly label: string;
  readonly autoFocus?: boolean;
  readonly ref: Ref<NewPassphraseHandle>;
}

/** A new passphrase, typed twice, with an estimate of its strength. */
export function NewPassphrase({ label, autoFocus, ref }: Props) {
  const { t } = useTranslation();
  const [first, setFirst] = useState('');
  const [again, setAgain] = useState('');
  const [wrong, setWrong] = useState<'short' | 'different' | null>(null);
  const inputs = { first: useRef<HTMLInputElement>(null), again: useRef<HTMLInputElement>(null) };
  useImperativeHandle(ref, () => ({
    take: () => {
      const found = [...first].length < passphraseMinimum ? 'short' : first !== again ? 'different' : null;
      setWrong(found);
      if (found) inputs[found === 'short' ? 'first' : 'again'].current?.focus();
      return found ? null : first;
    },
  }));
  return (
    <>
      <PassphraseField
        ref={inputs.first}
        label={label}
        value={first}
        onChange={setFirst}
        autoComplete="new-password"
        autoFocus={autoFocus ?? false}
        description={<StrengthMeter passphrase={first} />}
        error={wrong === 'short' && t('app.welcome.tooShort', { minimum: passphraseMinimum })}
      />
      <PassphraseField
        ref={inputs.again}
        label={t('app.welcome.repeat')}
        value={again}
        onChange={setAgain}
        autoComplete="new-password"
        error={wrong === 'different' && t('app.welcome.different')}
      />
    </>
  );
}
