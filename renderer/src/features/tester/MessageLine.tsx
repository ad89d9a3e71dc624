// biome-ignore-all lint/a11y/useSemanticElements: an option of a virtual listbox
// biome-ignore-all lint/a11y/useFocusableInteractive: the list has the focus
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the list hears the keys
import { IconArrowDownLeft, IconArrowUpRight, IconPin } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestMessage } from '../../../../shared/model/connection.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { type LineView, previewOf, visible } from '../../ui/payload/bytes.ts';
import { isRefusal } from '../../ui/reason.ts';
import { MarkSign } from './MarkSign.tsx';
import type { SubscriptionMark } from './marks.ts';
import css from './Stream.module.css';

interface Props {
  readonly id: string;
  readonly message: TestMessage;
  readonly view: LineView;
  readonly offset: number;
  readonly place: number;
  readonly total: number;
  readonly chosen: boolean;
  readonly marksOf: (topic: string) => readonly SubscriptionMark[];
  readonly onChoose: (message: TestMessage) => void;
}

/** Signs of subscriptions in one line; the opened message names all. */
const marksShown = 3;
/** Characters of a topic that are put on the page: it may have 65,535, and no line is that long. */
const topicShown = 300;

export const MessageLine = memo(function MessageLine(props: Props) {
  const { id, message, view, offset, place, total, chosen, marksOf, onChoose } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const Sign = message.direction === 'in' ? IconArrowDownLeft : IconArrowUpRight;
  const refused = message.reasonCode !== null && isRefusal(message.reasonCode);
  return (
    <div
      id={id}
      className={css.line}
      role="option"
      aria-selected={chosen}
      aria-posinset={place}
      aria-setsize={total}
      data-direction={message.direction}
      style={{ transform: `translateY(${offset}px)` }}
      onClick={() => onChoose(message)}
    >
      <span className={css.direction} data-refused={refused || undefined}>
        <Sign size={16} stroke={2} aria-hidden />
        {t(`tester.stream.${message.direction}`)}
      </span>
      <span className={css.topic}>{visible(message.topic.slice(0, topicShown))}</span>
      <span className={css.meta}>
        {message.retain && (
          <span title={t('tester.stream.retained')}>
            <IconPin size={14} aria-hidden />
            <span className="visually-hidden">{t('tester.stream.retained')}</span>
          </span>
        )}
        {marksOf(message.topic)
          .slice(0, marksShown)
          .map(({ mark, colour, filter }) => (
            <MarkSign key={mark} colour={colour} sign={String(mark)} title={filter} />
          ))}
        <span>QoS {message.qos}</span>
        <span>{format.clock(message.at)}</span>
      </span>
      <span className={css.preview}>{previewOf(message.payload, view)}</span>
    </div>
  );
});
