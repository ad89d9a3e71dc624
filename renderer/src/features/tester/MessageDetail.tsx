import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestMessage } from '../../../../shared/model/connection.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Code } from '../../ui/Code.tsx';
import { hexOf, jsonOf, naturalView, type PayloadView, payloadShown, payloadViews, textOf } from './payload.ts';
import css from './Stream.module.css';
import { useReasonWords } from './useReasonWords.ts';

/** One message in full, looked at as what it seems to be or as one chooses. */
export function MessageDetail({ message, onClose }: { readonly message: TestMessage; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReasonWords();
  const [wanted, setWanted] = useState<PayloadView | null>(null);
  const view = wanted ?? naturalView(message.payload);
  const { payload } = message;
  const part = payload.subarray(0, payloadShown);
  const text = view === 'hex' ? hexOf(part) : view === 'json' ? jsonOf(payload) : textOf(part);
  return (
    <section className={css.detail} aria-label={t('tester.message.label')}>
      <header>
        <div>
          <p className={css.full}>{message.topic}</p>
          <p className={css.small}>
            {format.exact(message.at).split('\n')[0]} · QoS {message.qos} · {format.bytes(payload.byteLength)}
            {message.retain && ` · ${t('tester.stream.retained')}`}
            {message.direction === 'out' && message.reasonCode !== null && ` · ${reason(message.reasonCode)}`}
          </p>
        </div>
        <button type="button" aria-label={t('tester.message.close')} onClick={onClose}>
          <IconX size={20} aria-hidden />
        </button>
      </header>
      <div className={css.views} role="toolbar" aria-label={t('tester.stream.view')}>
        {payloadViews.map((each) => (
          <button key={each} type="button" aria-pressed={each === view} onClick={() => setWanted(each)}>
            {t(`tester.stream.${each}`)}
          </button>
        ))}
      </div>
      {payload.byteLength === 0 ? (
        <p className={css.small}>{t('tester.message.empty')}</p>
      ) : text === null ? (
        <p className={css.small}>{t('tester.message.notJson')}</p>
      ) : (
        <Code text={text.slice(0, payloadShown * 5)} what={t('tester.message.payload')} block={view !== 'text'} />
      )}
      {payload.byteLength > payloadShown && view !== 'json' && (
        <p className={css.small}>
          {t('tester.message.cut', { shown: format.bytes(payloadShown), size: format.bytes(payload.byteLength) })}
        </p>
      )}
    </section>
  );
}
