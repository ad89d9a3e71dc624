import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { shareCountMaximum, thresholdRange } from '../../../../shared/model/recovery.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { PassphraseField } from '../../ui/PassphraseField.tsx';
import css from './Safety.module.css';
import { ShareCards } from './ShareCards.tsx';

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ value: String(from + i), label: String(from + i) }));

/** Makes the cards, then shows them one after the other. */
export function MakeShares({ replaces, onClose }: { readonly replaces: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [count, setCount] = useState(5);
  const [threshold, setThreshold] = useState(3);
  const [passphrase, setPassphrase] = useState('');
  const [made, setMade] = useState<CallOutput<'shares.make'> | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const make = useAction(async () => {
    setMade(await call('shares.make', { passphrase, threshold, count }));
    setPassphrase('');
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!make.pending && !(await make.run())) input.current?.select();
  };
  const wrong = make.error?.code === 'PASSPHRASE_WRONG';
  if (made) return <ShareCards made={made} onClose={onClose} />;
  return (
    <Dialog title={t('safety.make.title')} onClose={onClose}>
      <form className={css.form} onSubmit={(event) => void submit(event)} noValidate>
        <p className={css.text}>{t('safety.make.text')}</p>
        {replaces && (
          <Note tone="due" icon={IconAlertTriangle}>
            {t('safety.make.replaces')}
          </Note>
        )}
        {make.error && !wrong && <ErrorPanel error={make.error} />}
        <div className={css.pair}>
          <SelectField
            label={t('safety.make.count')}
            value={String(count)}
            options={numbers(thresholdRange.minimum, shareCountMaximum)}
            onChange={(value) => {
              setCount(Number(value));
              setThreshold(Math.min(threshold, Number(value)));
            }}
          />
          <SelectField
            label={t('safety.make.threshold')}
            value={String(threshold)}
            options={numbers(thresholdRange.minimum, Math.min(count, thresholdRange.maximum))}
            onChange={(value) => setThreshold(Number(value))}
          />
        </div>
        <p className={css.text}>{t('safety.make.meaning', { threshold, count, lost: count - threshold })}</p>
        <PassphraseField
          ref={input}
          label={t('safety.make.passphrase')}
          value={passphrase}
          onChange={setPassphrase}
          autoComplete="current-password"
          error={wrong && <span role="alert">{t('app.unlock.wrong')}</span>}
        />
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            {t('safety.cancel')}
          </Button>
          <Button type="submit" disabled={passphrase === ''}>
            {t(make.pending ? 'safety.make.busy' : 'safety.make.submit')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
