import { Button } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { NewPassphrase, type NewPassphraseHandle } from '../../ui/NewPassphrase.tsx';
import { PassphraseField } from '../../ui/PassphraseField.tsx';
import css from './Safety.module.css';

export function PassphraseDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [old, setOld] = useState('');
  const [done, setDone] = useState(false);
  const next = useRef<NewPassphraseHandle>(null);
  const oldInput = useRef<HTMLInputElement>(null);
  const change = useAction(async (word: string) => {
    await call('passphrase.change', { old, next: word });
    setDone(true);
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const word = next.current?.take();
    if (!word || change.pending) return;
    if (!(await change.run(word))) oldInput.current?.select();
  };
  const wrong = change.error?.code === 'PASSPHRASE_WRONG';
  return (
    <Dialog title={t('safety.passphrase.dialog')} onClose={onClose}>
      {done ? (
        <div className={css.form} role="status">
          <p className={css.good}>{t('safety.passphrase.changed')}</p>
          <p className={css.text}>{t('safety.passphrase.elsewhere')}</p>
          <DialogActions>
            <Button onClick={onClose}>{t('safety.done')}</Button>
          </DialogActions>
        </div>
      ) : (
        <form className={css.form} onSubmit={(event) => void submit(event)} noValidate>
          {change.error && !wrong && <ErrorPanel error={change.error} />}
          <PassphraseField
            ref={oldInput}
            label={t('safety.passphrase.old')}
            value={old}
            onChange={setOld}
            autoComplete="current-password"
            autoFocus
            error={wrong && <span role="alert">{t('app.unlock.wrong')}</span>}
          />
          <NewPassphrase ref={next} label={t('safety.passphrase.new')} />
          <DialogActions>
            <Button variant="default" onClick={onClose}>
              {t('safety.cancel')}
            </Button>
            <Button type="submit">{t(change.pending ? 'safety.passphrase.busy' : 'safety.passphrase.submit')}</Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}
