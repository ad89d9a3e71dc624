import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../bridge/action.ts';
import { call } from '../bridge/client.ts';
import { useLoadedSession } from '../bridge/session.ts';
import { DeployedLists } from '../ui/DeployedLists.tsx';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';
import { Mark } from '../ui/Mark.tsx';
import { PassphraseField } from '../ui/PassphraseField.tsx';
import css from './Gate.module.css';
import { VaultFile } from './VaultFile.tsx';
import { choosePlace, restoreFromBackup } from './vault-actions.ts';

interface Props {
  readonly file: string;
  readonly lastOperator: string;
  /** A vault lies in that place: it is kept under another name. */
  readonly replaces: boolean;
  readonly onBack: () => void;
}

/** The vault of a backup in the place of the one that is lost or damaged. */
export function RestoreBackup({ file, lastOperator, replaces, onBack }: Props) {
  const { t } = useTranslation();
  const { settings, systemUser } = useLoadedSession();
  const [backup, setBackup] = useState<string | null>(null);
  const [crls, setCrls] = useState<readonly string[]>([]);
  const [passphrase, setPassphrase] = useState('');
  const [vaultPassphrase, setVaultPassphrase] = useState('');
  const [operator, setOperator] = useState(lastOperator || settings.defaults.operator || systemUser);
  const [missing, setMissing] = useState(false);
  const operatorInput = useRef<HTMLInputElement>(null);
  const choose = useAction(async () => {
    const chosen = await call('backup.choose');
    if (chosen !== null) setBackup(chosen);
  });
  const place = useAction(choosePlace);
  const restore = useAction(restoreFromBackup);
  useEffect(() => {
    document.title = t('app.windowTitle', { page: t('safety.restore.title') });
  }, [t]);
  const ready = backup !== null && passphrase !== '' && vaultPassphrase !== '';
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (restore.pending || !ready) return;
    setMissing(operator.trim() === '');
    if (operator.trim() === '') return operatorInput.current?.focus();
    await restore.run({ file: backup, passphrase, vaultPassphrase, operator: operator.trim(), crls: [...crls] });
  };
  const failure = restore.error ?? choose.error ?? place.error;
  return (
    <main className={css.alone}>
      <form className={css.wide} onSubmit={(event) => void submit(event)} noValidate>
        <header className={css.brand}>
          <Mark size={40} />
          <h1>{t('safety.restore.title')}</h1>
        </header>
        <p className={css.text}>{t('safety.restore.text')}</p>
        {failure && <ErrorPanel error={failure} />}
        <div className={css.pick}>
          <span>
            <b>{t('safety.restore.backup')}</b>
            <span className={css.folder}>{backup ?? t('safety.check.noFile')}</span>
          </span>
          <Button size="sm" variant={backup === null ? 'filled' : 'default'} onClick={() => void choose.run()}>
            {t('safety.check.choose')}
          </Button>
        </div>
        <PassphraseField
          label={t('safety.check.passphrase')}
          value={passphrase}
          onChange={setPassphrase}
          autoComplete="current-password"
        />
        <PassphraseField
          label={t('safety.check.vaultPassphrase')}
          value={vaultPassphrase}
          onChange={setVaultPassphrase}
          autoComplete="current-password"
        />
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
        <DeployedLists files={crls} onChange={setCrls} />
        <VaultFile
          file={file}
          caption={t(replaces ? 'safety.restore.replaces' : 'safety.restore.place')}
          action={
            <Button size="sm" variant="subtle" onClick={() => void place.run()}>
              {t('app.welcome.otherPlace')}
            </Button>
          }
        />
        <Button type="submit" size="lg" fullWidth disabled={!ready} data-busy={restore.pending || undefined}>
          {t(restore.pending ? 'app.restore.busy' : 'app.restore.submit')}
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
