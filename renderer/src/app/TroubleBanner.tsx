import { Button } from '@mantine/core';
import { IconClockExclamation, IconFileAlert, IconFileOff, IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { VaultTrouble } from '../../../shared/model/vault.ts';
import { useAction } from '../bridge/action.ts';
import { lockVault } from '../bridge/session.ts';
import { useFormat } from '../locales/FormatContext.tsx';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';
import { Note } from '../ui/Note.tsx';
import css from './TroubleBanner.module.css';
import { confirmClock, restoreInstead, saveVaultCopy } from './vault-actions.ts';

const signs = { protected: IconLock, damaged: IconFileAlert, gone: IconFileOff, clock: IconClockExclamation } as const;

/** Above every page while the vault cannot be used as usual: what is the matter, what still works, and the way on. */
export function TroubleBanner({ trouble }: { readonly trouble: VaultTrouble }) {
  const { t } = useTranslation();
  const format = useFormat();
  const act = useAction((work: () => Promise<void>) => work());
  const button = (label: string, work: () => Promise<void>, variant: 'filled' | 'default' = 'filled'): ReactNode => (
    <Button size="sm" variant={variant} onClick={() => void act.run(work)} aria-disabled={act.pending}>
      {label}
    </Button>
  );
  const times =
    trouble.kind === 'clock'
      ? { clock: format.dateTime(trouble.clock), known: format.dateTime(trouble.known) }
      : { clock: '', known: '' };
  // behind what the vault knows a clock is wrong; far ahead of it the vault may only have rested
  const words = trouble.kind === 'clock' && trouble.clock > trouble.known ? 'clockAhead' : trouble.kind;
  const technical = trouble.kind === 'damaged' ? trouble.detail : trouble.kind === 'protected' ? trouble.reason : '';
  return (
    <section className={css.banner} role="alert" data-trouble={trouble.kind}>
      <Note
        tone={trouble.kind === 'damaged' || trouble.kind === 'gone' ? 'bad' : 'due'}
        icon={signs[trouble.kind]}
        title={t(`app.trouble.${words}.title`)}
      >
        <p>{t(`app.trouble.${words}.text`, times)}</p>
        {technical !== '' && (
          <p className={css.detail}>
            {t('common.details')}: {technical}
          </p>
        )}
        <div className={css.actions}>
          {trouble.kind === 'damaged' && button(t('app.trouble.damaged.action'), restoreInstead)}
          {trouble.kind === 'gone' && button(t('app.trouble.gone.action'), saveVaultCopy)}
          {trouble.kind === 'protected' && button(t('app.trouble.protected.action'), lockVault)}
          {trouble.kind === 'clock' &&
            button(
              t(words === 'clockAhead' ? 'app.trouble.clockAhead.action' : 'app.trouble.clock.action'),
              confirmClock,
              'default',
            )}
        </div>
        {act.error && <ErrorPanel error={act.error} />}
      </Note>
    </section>
  );
}
