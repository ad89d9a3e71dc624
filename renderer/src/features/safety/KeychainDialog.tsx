import { Button } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { PassphraseField } from '../../ui/PassphraseField.tsx';
import css from './Safety.module.css';

/** Asks for the passphrase once more: an unlocked screen is no proof of who sits in front of it. */
export function KeychainDialog({ computer, onClose }: { readonly computer: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [passphrase, setPassphrase] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const turnOn = useAction(async () => {
    await call('keychain.turnOn', { passphrase });
    onClose();
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (passphrase !== '' && !turnOn.pending && !(await turnOn.run())) input.current?.select();
  };
  const wrong = turnOn.error?.code === 'PASSPHRASE_WRONG';
  return (
    <Dialog title={t('safety.keychain.dialog')} onClose={onClose}>
      <form className={css.form} onSubmit={(event) => void submit(event)} noValidate>
        <p className={css.text}>{t('safety.keychain.dialogText', { computer })}</p>
        {turnOn.error && !wrong && <ErrorPanel error={turnOn.error} />}
        <PassphraseField
          ref={input}
          label={t('safety.make.passphrase')}
          value={passphrase}
          onChange={setPassphrase}
          autoComplete="current-password"
          autoFocus
          error={wrong && <span role="alert">{t('app.unlock.wrong')}</span>}
        />
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            {t('safety.cancel')}
          </Button>
          <Button type="submit" disabled={passphrase === ''}>
            {t(turnOn.pending ? 'safety.keychain.busy' : 'safety.keychain.submit')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
