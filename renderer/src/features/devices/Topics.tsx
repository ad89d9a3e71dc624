import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/CopyButton.tsx';
import css from './DeviceDrawer.module.css';

interface Props {
  readonly write: readonly string[];
  readonly read: readonly string[];
  readonly deny: readonly string[];
}

/** What the broker lets this device do, topic by topic. */
export function Topics(props: Props) {
  const { t } = useTranslation();
  // most have no denials: then nothing is said of them
  const kinds = props.deny.length > 0 ? (['write', 'read', 'deny'] as const) : (['write', 'read'] as const);
  return (
    <dl className={css.topics}>
      {kinds.map((kind) => {
        const topics = props[kind];
        return (
          <div key={kind}>
            <dt>{t(`devices.drawer.${kind}`)}</dt>
            {topics.length === 0 && <dd>{t('devices.drawer.noTopics')}</dd>}
            {topics.map((topic) => (
              <dd key={topic}>
                <span className="mono">{topic}</span>
                <CopyButton text={topic} what={t('devices.drawer.topic', { topic })} />
              </dd>
            ))}
          </div>
        );
      })}
    </dl>
  );
}
