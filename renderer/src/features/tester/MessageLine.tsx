// biome-ignore-all lint/a11y/useSemanticElements: an option of a virtual listbox
// biome-ignore-all lint/a11y/useFocusableInteractive: the list has the focus
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the list hears the keys
import { IconArrowDownLeft, IconArrowUpRight, IconPin } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestMessage } from '../../../../shared/model/connection.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { type LineView, previewOf } from '../../ui/payload/bytes.ts';
import { isRefusal } from './reason.ts';
import css from './Stream.module.css';

interface Props {
  readonly id: string;
  readonly message: TestMessage;
  readonly view: LineView;
  readonly offset: number;
  readonly place: number;
  readonly total: number;
  readonly chosen: boolean;
  readonly onChoose: (message: TestMessage) => void;
}

export const MessageLine = memo(function MessageLine(props: Props) {
  const { id, message, view, offset, place, total, chosen, onChoose } = props;
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
      <span className={css.topic}>{message.topic}</span>
      <span className={css.meta}>
        {message.retain && (
          <span title={t('tester.stream.retained')}>
            <IconPin size={14} aria-hidden />
            <span className="visually-hidden">{t('tester.stream.retained')}</span>
          </span>
        )}
        <span>QoS {message.qos}</span>
        <span>{format.clock(message.at)}</span>
      </span>
      <span className={css.preview}>{previewOf(message.payload, view)}</span>
    </div>
  );
});
