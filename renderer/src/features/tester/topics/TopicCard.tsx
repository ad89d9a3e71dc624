import { Button } from '@mantine/core';
import { IconEraser, IconList, IconX } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../locales/FormatContext.tsx';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { previewOf, visible } from '../../../ui/payload/bytes.ts';
import type { LogStore } from '../log-store.ts';
import { MessageView } from '../MessageView.tsx';
import type { Field } from '../plot/plot-store.ts';
import { rateText } from './rate-text.ts';
import css from './Topics.module.css';
import type { TopicNode } from './topic-tree.ts';

const ClearRetained = lazy(async () => ({ default: (await import('./ClearRetained.tsx')).ClearRetained }));

interface Props {
  readonly node: TopicNode;
  readonly now: number;
  readonly store: LogStore;
  /** Undefined while nothing can be sent. */
  readonly connectionId: string | undefined;
  readonly onShow: (topic: string) => void;
  readonly onPlot: (field: Field) => void;
  readonly onClose: () => void;
}

/** A topic or a branch: how much, how fast, its last value, and what can be done with it. */
export function TopicCard({ node, now, store, connectionId, onShow, onPlot, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [clearing, setClearing] = useState(false);
  const rate = rateText(node.rate.at(now));
  const newest = node.own > 0 ? store.log.newestOf(node.topic) : null;
  const facts = [
    t('tester.topics.messages', { count: node.total, messages: format.number(node.total) }),
    ...(node.topics > 1 ? [t('tester.topics.below', { count: node.topics, topics: format.number(node.topics) })] : []),
    ...(rate ? [t(`tester.topics.per.${rate.unit}`, { rate: format.number(rate.value) })] : []),
    ...(node.retainedTopics > 0
      ? [t('tester.topics.retained', { count: node.retainedTopics, topics: format.number(node.retainedTopics) })]
      : []),
  ];
  return (
    <section className={css.card} aria-label={t('tester.topics.card')}>
      <header>
        <div>
          <p className={css.path}>
            <span>{visible(node.topic)}</span>
            <CopyButton text={node.topic} what={t('tester.topics.topic')} />
          </p>
          <p className={css.facts}>{facts.join(' · ')}</p>
        </div>
        <button type="button" className={css.close} aria-label={t('tester.topics.close')} onClick={onClose}>
          <IconX size={20} aria-hidden />
        </button>
      </header>
      <div className={css.acts}>
        <Button
          variant="default"
          size="sm"
          leftSection={<IconList size={18} stroke={1.8} aria-hidden />}
          onClick={() => onShow(node.topic)}
        >
          {t('tester.topics.show')}
        </Button>
        {node.retainedTopics > 0 && (
          <Button
            variant="default"
            size="sm"
            disabled={connectionId === undefined}
            leftSection={<IconEraser size={18} stroke={1.8} aria-hidden />}
            onClick={() => setClearing(true)}
          >
            {t('tester.topics.clear')}
          </Button>
        )}
      </div>
      {newest ? (
        <MessageView
          message={newest}
          previous={store.log.previousOf(newest)}
          choices={store.views}
          names={store.births.of(node.topic)}
          onPlot={onPlot}
        />
      ) : (
        node.last && (
          <>
            <pre className={css.old}>{previewOf(node.last.payload, 'text', 256)}</pre>
            <p className={css.facts}>
              {t('tester.topics.old', { time: format.dateTime(node.last.at), size: format.bytes(node.last.size) })}
            </p>
          </>
        )
      )}
      <Suspense>
        {clearing && connectionId !== undefined && (
          <ClearRetained branch={node} connectionId={connectionId} onClose={() => setClearing(false)} />
        )}
      </Suspense>
    </section>
  );
}
