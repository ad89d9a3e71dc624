import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PassphraseField } from '../../ui/PassphraseField.tsx';
import { BackupFacts } from './BackupFacts.tsx';
import css from './Safety.module.css';

/** Opens a backup in memory and says what is in it. */
export function CheckBackup({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [file, setFile] = useState<string | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [vaultPassphrase, setVaultPassphrase] = useState('');
  const [manifest, setManifest] = useState<CallOutput<'backup.verify'> | null>(null);
  const choose = useAction(async () => {
    const chosen = await call('backup.choose');
    if (chosen !== null) setFile(chosen);
  });
  const check = useAction(async () => {
    if (file !== null) setManifest(await call('backup.verify', { file, passphrase, vaultPassphrase }));
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!check.pending && file !== null) void check.run();
  };
  const failure = check.error ?? choose.error;
  return (
    <Dialog title={t('safety.check.title')} onClose={onClose}>
      {manifest && file !== null ? (
        <div className={css.form} role="status">
          <p className={css.good}>{t('safety.check.sound')}</p>
          <BackupFacts manifest={manifest} file={file} />
          <DialogActions>
            <Button onClick={onClose}>{t('safety.done')}</Button>
          </DialogActions>
        </div>
      ) : (
        <form className={css.form} onSubmit={submit} noValidate>
          <p className={css.text}>{t('safety.check.text')}</p>
          {failure && <ErrorPanel error={failure} />}
          <div className={css.chosen}>
            <span className={css.breaks}>{file ?? t('safety.check.noFile')}</span>
            <Button variant={file === null ? 'filled' : 'default'} size="sm" onClick={() => void choose.run()}>
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
          <DialogActions>
            <Button variant="default" onClick={onClose}>
              {t('safety.cancel')}
            </Button>
            <Button type="submit" disabled={file === null || passphrase === '' || vaultPassphrase === ''}>
              {t(check.pending ? 'safety.check.busy' : 'safety.check.submit')}
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}
