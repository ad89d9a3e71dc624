import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../bridge/action.ts';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';
import { Mark } from '../ui/Mark.tsx';
import { NewPassphrase, type NewPassphraseHandle } from '../ui/NewPassphrase.tsx';
import { ShareFields } from '../ui/ShareFields.tsx';
import css from './Gate.module.css';
import { VaultFile } from './VaultFile.tsx';
import { recoverVault } from './vault-actions.ts';

interface Props {
  readonly file: string;
  readonly lastOperator: string;
  readonly onBack: () => void;
}

/** A forgotten passphrase: enough people bring their cards, and the vault gets a new one. */
export function RecoverVault({ file, lastOperator, onBack }: Props) {
  const { t } = useTranslation();
  const [shares, setShares] = useState<readonly string[]>(['', '']);
  const [operator, setOperator] = useState(lastOperator);
  const [missing, setMissing] = useState(false);
  const operatorInput = useRef<HTMLInputElement>(null);
  const passphrase = useRef<NewPassphraseHandle>(null);
  const recover = useAction(recoverVault);
  useEffect(() => {
    document.title = t('app.windowTitle', { page: t('safety.recover.title') });
  }, [t]);
  const given = shares.filter((text) => text.trim() !== '');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (recover.pending || given.length === 0) return;
    setMissing(operator.trim() === '');
    if (operator.trim() === '') return operatorInput.current?.focus();
    const word = passphrase.current?.take();
    if (word) await recover.run(given, word, operator);
  };
  return (
    <main className={css.alone}>
      <form className={css.wide} onSubmit={(event) => void submit(event)} noValidate>
        <header className={css.brand}>
          <Mark size={40} />
          <h1>{t('safety.recover.title')}</h1>
        </header>
        <VaultFile file={file} />
        <p className={css.text}>{t('safety.recover.text')}</p>
        {recover.error && <ErrorPanel error={recover.error} />}
        <ShareFields values={shares} onChange={setShares} />
        <TextInput
          ref={operatorInput}
          label={t('app.unlock.operator')}
          value={operator}
          onChange={(event) => setOperator(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
          error={missing && t('app.welcome.operatorMissing')}
        />
        <NewPassphrase ref={passphrase} label={t('safety.passphrase.new')} />
        <Button type="submit" size="lg" fullWidth disabled={given.length === 0} data-busy={recover.pending || undefined}>
          {t(recover.pending ? 'safety.recover.busy' : 'safety.recover.submit')}
        </Button>
        <div className={css.other}>
          <Button variant="subtle" size="sm" onClick={onBack}>
            {t('app.restore.back')}
          </Button>
        </div>
      </form>
    </main>
  );
}
