import { Button, TextInput } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { passphraseMinimum } from '../../../shared/model/vault.ts';
import { useAction } from '../bridge/action.ts';
import { useLoadedSession } from '../bridge/session.ts';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';
import { PassphraseField } from '../ui/PassphraseField.tsx';
import { StrengthMeter } from '../ui/StrengthMeter.tsx';
import gate from './Gate.module.css';

import { VaultFile } from './VaultFile.tsx';
import { choosePlace, createVault } from './vault-actions.ts';
import css from './Welcome.module.css';

type Field = 'operator' | 'passphrase' | 'repeat';

export function CreateVault({ file }: { readonly file: string }) {
  const { t } = useTranslation();
  const { settings, systemUser } = useLoadedSession();
  const known = settings.defaults.operator || systemUser;
  const [operator, setOperator] = useState(known);
  const [passphrase, setPassphrase] = useState('');
  const [repeat, setRepeat] = useState('');
  const [wrong, setWrong] = useState<Field | null>(null);
  const inputs = {
    operator: useRef<HTMLInputElement>(null),
    passphrase: useRef<HTMLInputElement>(null),
    repeat: useRef<HTMLInputElement>(null),
  };
  const create = useAction(createVault);
  const place = useAction(choosePlace);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (create.pending) return;
    // characters as people count them, the same as main does
    const tooShort = [...passphrase].length < passphraseMinimum;
    const found: Field | null =
      operator.trim() === '' ? 'operator' : tooShort ? 'passphrase' : repeat !== passphrase ? 'repeat' : null;
    setWrong(found);
    if (found) return inputs[found].current?.focus();
    place.clear();
    await create.run(passphrase, operator);
  };

  const failure = create.error ?? place.error;
  return (
    <form className={`${gate.card} ${css.form}`} onSubmit={(event) => void submit(event)} noValidate>
      <h2>{t('app.welcome.form')}</h2>
      {failure && <ErrorPanel error={failure} />}
      <TextInput
        ref={inputs.operator}
        label={t('app.welcome.operator')}
        description={t('app.welcome.operatorHint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={operator}
        onChange={(event) => setOperator(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        maxLength={64}
        // the page consists of this form: the caret belongs into its first empty field
        autoFocus={known === ''}
        error={wrong === 'operator' && t('app.welcome.operatorMissing')}
      />
      <PassphraseField
        ref={inputs.passphrase}
        label={t('app.welcome.passphrase')}
        value={passphrase}
        onChange={setPassphrase}
        autoComplete="new-password"
        autoFocus={known !== ''}
        description={<StrengthMeter passphrase={passphrase} />}
        error={wrong === 'passphrase' && t('app.welcome.tooShort', { minimum: passphraseMinimum })}
      />
      <PassphraseField
        ref={inputs.repeat}
        label={t('app.welcome.repeat')}
        value={repeat}
        onChange={setRepeat}
        autoComplete="new-password"
        error={wrong === 'repeat' && t('app.welcome.different')}
      />
      <p className={css.warning}>
        <IconPencil size={20} stroke={1.8} aria-hidden />
        <span>{t('app.welcome.warning')}</span>
      </p>
      <VaultFile
        file={file}
        caption={t('app.welcome.file')}
        action={
          <Button variant="default" size="sm" onClick={() => void place.run()}>
            {t('app.welcome.otherPlace')}
          </Button>
        }
      />
      <Button type="submit" size="lg" fullWidth aria-disabled={create.pending}>
        {create.pending ? t('app.welcome.creating') : t('app.welcome.create')}
      </Button>
    </form>
  );
}
