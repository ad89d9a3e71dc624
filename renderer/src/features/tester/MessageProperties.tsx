import { useTranslation } from 'react-i18next';
import type { PublishProperties } from '../../../../shared/model/publish-properties.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { isText, textOf, visible } from '../../ui/payload/bytes.ts';
import css from './Stream.module.css';

/** A stranger may send thousands of them, and long ones. */
const mostShown = 50;
const charactersShown = 1_000;
const cut = (text: string) => visible(text.length > charactersShown ? `${text.slice(0, charactersShown)}…` : text);

/** What came with a message besides its payload (MQTT 5 §3.3.2.3). */
export function MessageProperties({ properties }: { readonly properties: PublishProperties }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { payloadFormat, messageExpiry, contentType, responseTopic, correlationData, topicAlias } = properties;
  const { userProperties = [], subscriptionIdentifiers = [] } = properties;
  const facts: (readonly [name: string, value: string])[] = [];
  if (contentType !== undefined) facts.push([t('tester.properties.contentType'), cut(contentType)]);
  if (payloadFormat !== undefined)
    facts.push([t('tester.properties.format'), t(payloadFormat === 1 ? 'tester.properties.utf8' : 'tester.properties.bytes')]);
  if (responseTopic !== undefined) facts.push([t('tester.properties.responseTopic'), cut(responseTopic)]);
  if (correlationData !== undefined) {
    const part = correlationData.subarray(0, 200);
    const hex = [...part].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    facts.push([t('tester.properties.correlation'), isText(part) && part.length > 0 ? textOf(part) : hex]);
  }
  if (messageExpiry !== undefined)
    facts.push([t('tester.properties.expiry'), t('tester.properties.seconds', { count: messageExpiry })]);
  if (topicAlias !== undefined) facts.push([t('tester.properties.alias'), format.number(topicAlias)]);
  if (subscriptionIdentifiers.length > 0)
    facts.push([t('tester.properties.identifiers'), subscriptionIdentifiers.slice(0, mostShown).join(', ')]);
  if (facts.length === 0 && userProperties.length === 0) return null;
  return (
    <dl className={css.properties} aria-label={t('tester.properties.label')}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {userProperties.slice(0, mostShown).map(([name, value], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a name may stand there several times
        <div key={at} data-user>
          <dt>{cut(name)}</dt>
          <dd>{cut(value)}</dd>
        </div>
      ))}
      {userProperties.length > mostShown && (
        <div>
          <dt>{t('tester.properties.more', { count: userProperties.length - mostShown })}</dt>
        </div>
      )}
    </dl>
  );
}
