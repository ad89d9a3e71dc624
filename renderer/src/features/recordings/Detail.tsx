import { IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestMessage } from '../../../../shared/model/connection.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { Payload } from '../../ui/payload/Payload.tsx';
import { naturalView, type PayloadView, payloadViews } from '../../ui/payload/views.ts';
import css from './Messages.module.css';
import { propertyFacts } from './property-facts.ts';

/** One message of a recording in full. */
export function Detail({ message, onClose }: { readonly message: TestMessage; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [view, setView] = useState<PayloadView | 'auto'>('auto');
  const { payload, topic, at, qos, retain, reasonCode } = message;
  const natural = useMemo(() => naturalView(topic, payload), [topic, payload]);
  const facts = propertyFacts(message);
  return (
    <section className={css.detail} aria-label={t('tester.message.label')}>
      <header>
        <div>
          <p className={css.full}>{topic}</p>
          <p className={css.small}>
            {format.exact(at).split('\n')[0]} · {t('recordings.number', { number: format.number(message.seq) })} · QoS {qos} ·{' '}
            {format.bytes(payload.byteLength)}
            {retain && ` · ${t('tester.stream.retained')}`}
            {reasonCode !== null && ` · ${t('recordings.reason', { code: reasonCode })}`}
          </p>
        </div>
        <button type="button" aria-label={t('tester.message.close')} onClick={onClose}>
          <IconX size={20} aria-hidden />
        </button>
      </header>
      {facts.length > 0 && (
        <dl className={css.properties}>
          {facts.map(([name, value], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a user property may stand there twice with the same value
            <div key={index}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <SelectField
        label={t('tester.message.view')}
        value={view}
        options={[
          { value: 'auto' as const, label: t('tester.message.auto', { view: t(`tester.message.views.${natural}`) }) },
          ...payloadViews.map((each) => ({ value: each, label: t(`tester.message.views.${each}`) })),
        ]}
        onChange={setView}
      />
      <Payload payload={payload} view={view === 'auto' ? natural : view} />
    </section>
  );
}
