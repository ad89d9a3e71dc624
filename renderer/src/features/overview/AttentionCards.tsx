import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../locales/FormatContext.tsx';
import { useNow } from '../../ui/now.ts';
import { hrefOf } from '../../ui/route.ts';
import { iconOf, TonePill } from '../../ui/StatePill.tsx';
import css from './AttentionCards.module.css';
import type { Attention } from './attention.ts';
import { PublishButton, type Published, PublishedCard } from './PublishList.tsx';

interface Props {
  readonly items: readonly Attention[];
  readonly projectId: number;
}

export function AttentionCards({ items, projectId }: Props) {
  const { t } = useTranslation();
  const [published, setPublished] = useState<Published | null>(null);
  if (items.length === 0 && !published) return null;
  const count = items.length + (published ? 1 : 0);
  return (
    <section
      className={css.cards}
      data-pairs={count === 2 || count === 4 || undefined}
      aria-label={t('overview.attention.label')}
    >
      {published && <PublishedCard projectId={projectId} lists={published} />}
      {items.map((item) => (
        <Card
          key={`${item.kind} ${'authorityId' in item ? item.authorityId : ''}`}
          item={item}
          projectId={projectId}
          onPublished={setPublished}
        />
      ))}
    </section>
  );
}

/** The sign and the word of a card; red ones are over or nearly so. */
const signs = { bad: 'expired', due: 'due', wait: 'awaiting' } as const;

function pillWord(item: Attention): 'expired' | 'due' | 'awaiting' | 'urgent' | 'missing' {
  if (item.kind === 'crlNone' || item.kind === 'brokerNone') return 'missing';
  return item.kind === 'crlWaiting' || (item.kind === 'crlSoon' && item.tone === 'bad') ? 'urgent' : signs[item.tone];
}

interface CardProps {
  readonly item: Attention;
  readonly projectId: number;
  readonly onPublished: (lists: Published) => void;
}

function Card({ item, projectId, onPublished }: CardProps) {
  const { t } = useTranslation();
  const { title, text } = useWords(item);
  return (
    <article className={css.card} data-kind={item.kind} data-tone={item.tone}>
      <div className={css.words}>
        <TonePill tone={item.tone} icon={iconOf[signs[item.tone]]}>
          {t(`overview.attention.pill.${pillWord(item)}`)}
        </TonePill>
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
      {(item.kind === 'expired' || item.kind === 'due' || item.kind === 'awaiting') && (
        <Button
          component="a"
          variant={item.kind === 'awaiting' ? 'default' : 'filled'}
          href={hrefOf('devices', { state: item.kind })}
        >
          {t('overview.attention.showDevices')}
        </Button>
      )}
      {(item.kind === 'brokerDue' ||
        item.kind === 'brokerOver' ||
        item.kind === 'brokerRevoked' ||
        item.kind === 'brokerNone') && (
        <Button component="a" href={hrefOf('broker')}>
          {t('overview.attention.renewBroker')}
        </Button>
      )}
      {(item.kind === 'authorityOver' || item.kind === 'crlWaiting') && (
        <Button component="a" href={hrefOf('authority')}>
          {t('overview.attention.toAuthorities')}
        </Button>
      )}
      {item.kind === 'brokerAwaited' && (
        <Button component="a" href={hrefOf('broker')}>
          {t('overview.attention.toBroker')}
        </Button>
      )}
      {item.kind === 'observerOver' && (
        <Button component="a" href={hrefOf('due')}>
          {t('overview.attention.renewObserver')}
        </Button>
      )}
      {(item.kind === 'backupNever' || item.kind === 'backupOld') && (
        <Button component="a" href={hrefOf('backup')}>
          {t('overview.attention.backUp')}
        </Button>
      )}
      {(item.kind === 'crlSoon' || item.kind === 'crlOver' || item.kind === 'crlNone') && (
        <PublishButton projectId={projectId} onPublished={onPublished} />
      )}
    </article>
  );
}

function useWords(item: Attention): { readonly title: string; readonly text: string } {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  switch (item.kind) {
    case 'expired':
    case 'awaiting':
      return {
        title: t(`overview.attention.${item.kind}.title`, { count: item.count }),
        text: t(`overview.attention.${item.kind}.text`),
      };
    case 'due':
      return {
        title: t('overview.attention.due.title', { count: item.count }),
        text:
          item.firstWeek === null
            ? t('overview.attention.due.text')
            : t('overview.attention.due.textWeek', { week: format.date(item.firstWeek) }),
      };
    case 'backupNever':
    case 'brokerNone':
    case 'brokerAwaited':
    case 'brokerRevoked':
      return { title: t(`overview.attention.${item.kind}.title`), text: t(`overview.attention.${item.kind}.text`) };
    case 'crlNone':
    case 'crlWaiting':
    case 'authorityRevoked':
      return {
        title: t(`overview.attention.${item.kind}.title`, { name: item.name }),
        text: t(`overview.attention.${item.kind}.text`, { name: item.name }),
      };
    default: {
      const values = { when: format.relative(item.at, now), date: format.date(item.at), name: 'name' in item ? item.name : '' };
      return {
        title: t(`overview.attention.${item.kind}.title`, values),
        text: t(`overview.attention.${item.kind}.text`, values),
      };
    }
  }
}
