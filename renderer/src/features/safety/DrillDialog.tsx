import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { ShareFields } from '../../ui/ShareFields.tsx';
import css from './Safety.module.css';

/** Proves that the cards people have open the vault; nothing is changed. */
export function DrillDialog({ threshold, onClose }: { readonly threshold: number; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [shares, setShares] = useState<readonly string[]>(() => Array.from({ length: threshold }, () => ''));
  const [proved, setProved] = useState<readonly number[] | null>(null);
  const drill = useAction(async () => {
    const { cards } = await call('shares.drill', { shares: shares.filter((text) => text.trim() !== '') });
    setShares([]);
    setProved(cards);
  });
  const given = shares.filter((text) => text.trim() !== '').length;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (given > 0 && !drill.pending) void drill.run();
  };
  return (
    <Dialog title={t('safety.drill.title')} onClose={onClose}>
      {proved ? (
        <div className={css.form} role="status">
          <p className={css.good}>{t('safety.drill.proved', { cards: format.list(proved.map(String)) })}</p>
          <p className={css.text}>{t('safety.drill.next')}</p>
          <DialogActions>
            <Button onClick={onClose}>{t('safety.done')}</Button>
          </DialogActions>
        </div>
      ) : (
        <form className={css.form} onSubmit={submit} noValidate>
          <p className={css.text}>{t('safety.drill.text', { threshold })}</p>
          {drill.error && <ErrorPanel error={drill.error} />}
          <ShareFields values={shares} onChange={setShares} />
          <DialogActions>
            <Button variant="default" onClick={onClose}>
              {t('safety.cancel')}
            </Button>
            <Button type="submit" disabled={given === 0}>
              {t('safety.drill.submit')}
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}
