import { IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestMessage } from '../../../../shared/model/connection.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { visible } from '../../ui/payload/bytes.ts';
import type { AliasNames } from '../../ui/payload/sparkplug-births.ts';
import { useReasonWords } from '../../ui/useReasonWords.ts';
import { markText } from './find/highlight.ts';
import type { Query } from './find/match.ts';
import { MarkSign } from './MarkSign.tsx';
import { MessageProperties } from './MessageProperties.tsx';
import { MessageView } from './MessageView.tsx';
import type { SubscriptionMark } from './marks.ts';
import type { Field } from './plot/plot-store.ts';
import css from './Stream.module.css';
import type { ViewChoices } from './view-choices.ts';

interface Props {
  readonly message: TestMessage;
  /** The one before it on the same topic, where it is still there. */
  readonly previous: TestMessage | null;
  readonly choices: ViewChoices;
  readonly names: AliasNames | undefined;
  /** Of the subscriptions that bring it. */
  readonly marks: readonly SubscriptionMark[];
  /** What is looked for, to be marked. */
  readonly marked: Query | null;
  readonly onPlot: (field: Field) => void;
  readonly onClose: () => void;
}

/** One message in full, looked at as what it seems to be or as one chooses for its topic, and what changed since the last. */
export function MessageDetail({ message, previous, choices, names, marks, marked, onPlot, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReasonWords();
  const { payload, topic } = message;
  const box = useRef<HTMLElement>(null);
  // what the payload's views show changes without this part being told
  useEffect(() => {
    if (!box.current || marked === null || marked.regex) return;
    return markText(box.current, marked.text, marked.matchCase);
  });
  return (
    <section ref={box} className={css.detail} aria-label={t('tester.message.label')}>
      <header>
        <div>
          <p className={css.full}>{visible(topic)}</p>
          <p className={css.small}>
            {format.exact(message.at).split('\n')[0]} · QoS {message.qos} · {format.bytes(payload.byteLength)}
            {message.retain && ` · ${t('tester.stream.retained')}`}
            {message.direction === 'out' && message.reasonCode !== null && ` · ${reason(message.reasonCode)}`}
          </p>
          {marks.length > 0 && (
            <ul className={css.brought} aria-label={t('tester.message.broughtBy')}>
              {marks.slice(0, 8).map(({ mark, colour, filter }) => (
                <li key={mark}>
                  <MarkSign colour={colour} sign={String(mark)} />
                  <span className="mono">{filter}</span>
                </li>
              ))}
            </ul>
          )}
        </div>
        <button type="button" aria-label={t('tester.message.close')} onClick={onClose}>
          <IconX size={20} aria-hidden />
        </button>
      </header>
      {topic.includes('\ufffd') && <p className={css.small}>{t('tester.message.badTopic')}</p>}
      {message.properties && <MessageProperties properties={message.properties} />}
      <MessageView message={message} previous={previous} choices={choices} names={names} onPlot={onPlot} />
    </section>
  );
}
