import { Button } from '@mantine/core';
import { IconFileTypePdf, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { useNow } from '../../ui/now.ts';
import { QrCode } from '../../ui/QrCode.tsx';
import safety from './Safety.module.css';
import css from './ShareCards.module.css';

interface Props {
  readonly made: CallOutput<'shares.make'>;
  readonly onClose: () => void;
}

/** The cards, one at a time, so that each person sees only their own. They are kept nowhere: closing forgets them. */
export function ShareCards({ made, onClose }: Props) {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  const [sure, setSure] = useState(false);
  const card = made.cards[at];
  const last = at === made.cards.length - 1;
  const print = useAction(() => call('page.print'));
  const pdf = useAction(() => call('page.pdf', { name: `Fieldkey ${made.vault} ${made.set} ${card?.index}` }));
  if (!card) return null;
  const close = () => (last || sure ? onClose() : setSure(true));
  return (
    <Dialog title={t('safety.cards.title', { index: card.index, count: made.cards.length })} onClose={close}>
      <div className={safety.form}>
        {sure ? (
          <>
            <p className={safety.text} role="alert">
              {t('safety.cards.sure', { count: made.cards.length - at - 1 })}
            </p>
            <DialogActions>
              <Button variant="default" onClick={onClose}>
                {t('safety.cards.stop')}
              </Button>
              <Button onClick={() => setSure(false)}>{t('safety.cards.goOn')}</Button>
            </DialogActions>
          </>
        ) : (
          <>
            <p className={safety.text}>{t('safety.cards.text')}</p>
            <Card made={made} card={card} />
            {(print.error ?? pdf.error) && <ErrorPanel error={(print.error ?? pdf.error) as never} />}
            <div className={safety.actions}>
              <Button variant="default" leftSection={<IconPrinter size={20} aria-hidden />} onClick={() => void print.run()}>
                {t('safety.cards.print')}
              </Button>
              <Button variant="default" leftSection={<IconFileTypePdf size={20} aria-hidden />} onClick={() => void pdf.run()}>
                {t('safety.cards.pdf')}
              </Button>
            </div>
            <DialogActions>
              <Button onClick={() => (last ? onClose() : setAt(at + 1))}>
                {t(last ? 'safety.cards.finish' : 'safety.cards.next')}
              </Button>
            </DialogActions>
            {/* what is printed lies beside the app, so that nothing else of the window is on the paper */}
            {createPortal(
              <div className={css.paper} aria-hidden>
                <Card made={made} card={card} />
              </div>,
              document.body,
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}

function Card({ made, card }: { readonly made: Props['made']; readonly card: Props['made']['cards'][number] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  return (
    <article className={css.card}>
      <header>
        <b>{t('safety.cards.card', { index: card.index, count: made.cards.length })}</b>
        <span>{t('safety.cards.of', { vault: made.vault, set: made.set, date: format.date(now) })}</span>
      </header>
      <div className={css.body}>
        <QrCode text={card.text} label={t('safety.cards.qr')} size={168} />
        <p className={css.groups}>
          {card.text.split('-').map((group, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a group is its place on the card
            <span key={index}>
              <i>{index + 1}</i>
              {group}
            </span>
          ))}
        </p>
      </div>
      <p>{t('safety.cards.use', { threshold: made.threshold, count: made.cards.length })}</p>
    </article>
  );
}
