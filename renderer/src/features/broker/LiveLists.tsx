import { useTranslation } from 'react-i18next';
import type { LocalBroker } from '../../bridge/local-broker.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Panel } from '../../ui/Panel.tsx';
import css from './Live.module.css';

/** Who is connected, who was not let in and why, and what went to nobody: as it happens. */
export function LiveLists({ broker }: { readonly broker: LocalBroker }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { connections, refused, denied } = broker;
  const more = broker.connected - connections.length;
  return (
    <>
      <Panel title={t('practice.live.connections')} aside={format.number(broker.connected)} className={css.list}>
        {connections.length === 0 ? (
          <p className={css.none}>{t('practice.live.none')}</p>
        ) : (
          <ul>
            {connections.map(({ connectionId, name, address, tls, since }) => (
              <li key={connectionId}>
                <b>{name}</b>
                <span className={css.where}>
                  <span className="mono">{address}</span> · {tls}
                </span>
                <time dateTime={new Date(since).toISOString()}>{format.time(since)}</time>
              </li>
            ))}
          </ul>
        )}
        {more > 0 && <p className={css.none}>{t('practice.live.more', { count: more })}</p>}
      </Panel>
      <Panel title={t('practice.live.refused')} aside={format.number(broker.totals.refused)} className={css.list}>
        {refused.length === 0 ? (
          <p className={css.none}>{t('practice.live.noneRefused')}</p>
        ) : (
          <ul data-kind="refused">
            {refused.map((each) => (
              <li key={`${each.reason} ${each.name} ${each.serial} ${each.address}`} title={each.raw}>
                <b>{each.name || t('practice.live.nobody')}</b>
                <span className={css.where}>
                  <span className="mono">{each.address}</span> · {t('practice.live.times', { count: each.count })}
                </span>
                <time dateTime={new Date(each.at).toISOString()}>{format.time(each.at)}</time>
                <p>{t(`practice.refusal.${each.reason}`)}</p>
              </li>
            ))}
          </ul>
        )}
        {broker.dropped > 0 && <p className={css.none}>{t('practice.live.dropped', { count: broker.dropped })}</p>}
      </Panel>
      <Panel title={t('practice.live.denied')} aside={format.number(broker.totals.denied)} className={css.list}>
        {denied.length === 0 ? (
          <p className={css.none}>{t('practice.live.noneDenied')}</p>
        ) : (
          <ul data-kind="denied">
            {denied.map((each) => (
              <li key={`${each.name} ${each.topic} ${each.reason}`}>
                <b>{each.name}</b>
                <span className={css.where}>
                  <span className="mono">{each.topic}</span> · {t('practice.live.times', { count: each.count })}
                </span>
                <time dateTime={new Date(each.at).toISOString()}>{format.time(each.at)}</time>
                <p>{t(`practice.denial.${each.reason}`)}</p>
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </>
  );
}
