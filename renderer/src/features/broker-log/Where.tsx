import { useTranslation } from 'react-i18next';
import { Code } from '../../ui/Code.tsx';
import { Panel } from '../../ui/Panel.tsx';
import css from './BrokerLog.module.css';

interface Props {
  /** Of the project's broker; null without a project. */
  readonly host: string | null;
  /** Folder of the log on the broker. */
  readonly directory: string;
}

/** Where a broker keeps its log, and how it comes to this computer. */
export function Where({ host, directory }: Props) {
  const { t } = useTranslation();
  const at = host === null || host === '' ? 'BROKER' : host.includes(':') ? `[${host}]` : host;
  const commands = [
    ['scp', `scp 'root@${at}:${directory}/mosquitto.log*' .`],
    ['journal', `ssh root@${at} journalctl -u mosquitto -o short-iso --no-pager > mosquitto.log`],
    ['docker', 'docker compose logs --no-color mosquitto > mosquitto.log'],
  ] as const;
  return (
    <Panel title={t('log.where.title')}>
      <div className={css.where}>
        <p>{t('log.where.text', { path: `${directory}/mosquitto.log` })}</p>
        {commands.map(([name, text]) => (
          <div key={name}>
            <h3>{t(`log.where.${name}`)}</h3>
            <Code text={text} what={t(`log.where.${name}`)} />
          </div>
        ))}
        <p className={css.faint}>{t('log.where.debug')}</p>
      </div>
    </Panel>
  );
}
