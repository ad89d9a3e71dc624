import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/CopyButton.tsx';
import css from './DeviceDrawer.module.css';

interface Props {
  readonly write: readonly string[];
  readonly read: readonly string[];
}

/** What the broker lets this device do, topic by topic. */
export function Topics({ write, read }: Props) {
  const { t } = useTranslation();
  return (
    <dl className={css.topics}>
      {(['write', 'read'] as const).map((kind) => {
        const topics = kind === 'write' ? write : read;
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
