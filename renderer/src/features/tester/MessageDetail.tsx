import { IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestMessage } from '../../../../shared/model/connection.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { Difference } from '../../ui/payload/Difference.tsx';
import { Payload } from '../../ui/payload/Payload.tsx';
import { naturalView, payloadViews } from '../../ui/payload/views.ts';
import css from './Stream.module.css';
import { useReasonWords } from './useReasonWords.ts';
import type { ViewChoices } from './view-choices.ts';

interface Props {
  readonly message: TestMessage;
  /** The one before it on the same topic, where it is still there. */
  readonly previous: TestMessage | null;
  readonly choices: ViewChoices;
  readonly onClose: () => void;
}

/** One message in full, looked at as what it seems to be or as one chooses for its topic, and what changed since the last. */
export function MessageDetail({ message, previous, choices, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReasonWords();
  const { payload, topic } = message;
  const natural = useMemo(() => naturalView(topic, payload), [topic, payload]);
  // what was chosen is kept outside; this only renders again
  const [, setChosen] = useState(0);
  const wanted = choices.of(topic);
  const view = wanted.view ?? natural;
  const choose = (change: Parameters<ViewChoices['choose']>[1]) => {
    choices.choose(topic, change);
    setChosen((times) => times + 1);
  };
  const comparing = wanted.comparing && previous !== null;
  return (
    <section className={css.detail} aria-label={t('tester.message.label')}>
      <header>
        <div>
          <p className={css.full}>{topic}</p>
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
      <div className={css.views}>
        <SelectField
          label={t('tester.message.view')}
          value={wanted.view ?? 'auto'}
          options={[
            { value: 'auto' as const, label: t('tester.message.auto', { view: t(`tester.message.views.${natural}`) }) },
            ...payloadViews.map((each) => ({ value: each, label: t(`tester.message.views.${each}`) })),
          ]}
          onChange={(value) => choose({ view: value === 'auto' ? null : value })}
        />
        <button
          type="button"
          aria-pressed={comparing}
          disabled={previous === null}
          title={previous === null ? t('tester.message.noPrevious') : undefined}
          onClick={() => choose({ comparing: !comparing })}
        >
          {t('tester.message.compare')}
        </button>
      </div>
      {comparing ? (
        <Difference before={previous.payload} after={payload} view={view} />
      ) : (
        <Payload payload={payload} view={view} />
      )}
    </section>
  );
}
