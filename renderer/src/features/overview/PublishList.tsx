import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { chooseForExport } from '../../bridge/export-choice.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { TonePill } from '../../ui/StatePill.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './AttentionCards.module.css';

export type Published = CallOutput<'crl.publish'>['published'];

interface Props {
  readonly projectId: number;
  /** The card with this button goes away with its reason; what has to follow must be said elsewhere. */
  readonly onPublished: (lists: Published) => void;
}

export function PublishButton({ projectId, onPublished }: Props) {
  const { t } = useTranslation();
  const publish = useAction(async () => onPublished((await call('crl.publish', { projectId })).published));
  return (
    <div className={css.deed}>
      <WriteButton aria-disabled={publish.pending} onClick={() => !publish.pending && void publish.run()}>
        {publish.pending ? t('overview.attention.publishing') : t('overview.attention.publishNew')}
      </WriteButton>
      {publish.error && <ErrorPanel error={publish.error} />}
    </div>
  );
}

/** What was published, and that the broker does not have it yet. */
export function PublishedCard({ projectId, lists }: { readonly projectId: number; readonly lists: Published }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <article className={css.card} data-kind="crlPublished" data-tone="ok">
      <div className={css.words} role="status">
        <TonePill tone="ok" icon={IconCheck}>
          {t('overview.attention.done')}
        </TonePill>
        <h2>{t('overview.attention.published')}</h2>
        {lists.map((list) => (
          <p key={list.authority}>
            {t('overview.attention.publishedList', {
              name: list.authority,
              number: list.number,
              date: format.date(list.nextUpdate),
            })}
          </p>
        ))}
        <p>{t('overview.attention.publishedNext')}</p>
      </div>
      <div className={css.deed}>
        <Button
          onClick={() => {
            // the broker's kit alone: no device gets anything new by this
            chooseForExport({ projectId, deviceIds: [], withBroker: true });
            window.location.hash = hrefOf('export');
          }}
        >
          {t('overview.attention.exportKit')}
        </Button>
      </div>
    </article>
  );
}
