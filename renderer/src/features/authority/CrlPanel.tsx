import { IconCheck, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { AuthorityView } from '../../../../shared/model/project.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { dayOf, startOfDay } from '../../ui/acts/target.ts';
import { BrokerSteps } from '../../ui/BrokerSteps.tsx';
import { BroughtKey, isHalf, keyOf, noKey } from '../../ui/BroughtKey.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Facts } from '../../ui/Facts.tsx';
import fieldCss from '../../ui/Field.module.css';
import { Field } from '../../ui/Field.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { LifeBar } from '../../ui/LifeBar.tsx';
import { useNow } from '../../ui/now.ts';
import { Panel } from '../../ui/Panel.tsx';
import { StatePill } from '../../ui/StatePill.tsx';
import { Time } from '../../ui/Time.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Authority.module.css';
import { crlLife } from './crl-life.ts';

interface Props {
  readonly projectId: number;
  readonly authorities: readonly AuthorityView[];
  readonly broker: Parameters<typeof BrokerSteps>[0]['broker'];
}

/** The list of revoked certificates with its deadline, a new one at a press, and what has to happen on the broker then. */
export function CrlPanel({ projectId, authorities: all, broker }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [until, setUntil] = useState('');
  const [key, setKey] = useState(noKey);
  const list = useCall('authority.list', { projectId });
  // those of somebody else publish lists of their own, which nobody needs here
  const authorities = all.filter(({ outside }) => !outside);
  const offline =
    list.data?.authorities.filter(({ state, keyHere, outside }) => state === 'active' && !keyHere && !outside) ?? [];
  const now = useNow();
  const [done, setDone] = useState<CallOutput<'crl.publish'> | null>(null);
  const publish = useAction(async () => {
    setDone(null);
    const at = startOfDay(until);
    setDone(await call('crl.publish', { projectId, ...(at === null ? {} : { nextUpdate: at }), ...keyOf(key) }));
    setKey(noKey);
  });
  return (
    <Panel title={t('authority.crl.title')}>
      {authorities.map((authority) => (
        <List key={authority.authorityId} authority={authority} alone={authorities.length === 1} />
      ))}
      <div className={css.publish}>
        <Field label={t('authority.crl.until')} hint={t('authority.crl.untilHint')}>
          {(aria) => (
            <input
              {...aria}
              type="date"
              className={fieldCss.input}
              value={until}
              min={dayOf(now + 2 * 86_400_000)}
              onChange={(event) => setUntil(event.currentTarget.value)}
            />
          )}
        </Field>
        {offline.length > 0 && <BroughtKey name={format.list(offline.map(({ name }) => name))} value={key} onChange={setKey} />}
        <WriteButton
          leftSection={<IconRefresh size={20} stroke={1.8} aria-hidden />}
          aria-disabled={publish.pending}
          disabled={isHalf(key)}
          onClick={() => !publish.pending && void publish.run()}
        >
          {publish.pending ? t('authority.crl.publishing') : t('authority.crl.publish')}
        </WriteButton>
        <div role="status">
          {done?.published.map(({ authority, number, nextUpdate }) => (
            <p key={authority} className={css.done}>
              <IconCheck size={20} stroke={2} aria-hidden />
              {t('authority.crl.done', { number, date: format.date(nextUpdate) })}
            </p>
          ))}
          {done && done.offline.length > 0 && (
            <p className={css.small}>{t('authority.crl.offline', { names: format.list([...done.offline]) })}</p>
          )}
        </div>
        {publish.error && <ErrorPanel error={publish.error} onRetry={() => void publish.run()} />}
      </div>
      <div className={css.after}>
        <BrokerSteps broker={broker} />
      </div>
    </Panel>
  );
}

function List({ authority, alone }: { readonly authority: AuthorityView; readonly alone: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const { crl, name } = authority;
  if (!crl) {
    return (
      <div className={css.crl}>
        {!alone && <h3>{name}</h3>}
        <p>{t('authority.crl.none')}</p>
      </div>
    );
  }
  const life = crlLife(crl, now);
  const date = format.date(crl.nextUpdate);
  const over = life.state === 'expired';
  return (
    <section className={css.crl} aria-label={t('authority.crl.titleOf', { name })}>
      {!alone && <h3>{name}</h3>}
      <LifeBar life={life} wide />
      <p className={css.deadline} data-over={over || undefined}>
        <StatePill state={life.state} />
        <span>{t(over ? 'authority.crl.ended' : 'authority.crl.life', { date })}</span>
      </p>
      <Facts
        facts={[
          {
            term: t('authority.crl.nextUpdate'),
            value: <Time at={crl.nextUpdate}>{`${format.relative(crl.nextUpdate, now)}, ${date}`}</Time>,
          },
          { term: t('authority.crl.thisUpdate'), value: <Time at={crl.thisUpdate}>{format.date(crl.thisUpdate)}</Time> },
          { term: t('authority.crl.number'), value: String(crl.number) },
          { term: t('authority.crl.entries'), value: format.number(crl.entries) },
        ]}
      />
      <History authorityId={authority.authorityId} />
    </section>
  );
}

/** Every list so far, newest first: numbers never go back. */
function History({ authorityId }: { readonly authorityId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const lists = useCall('crl.history', { authorityId });
  if (!lists.data) return null;
  return (
    <Fold summary={t('authority.crl.history')}>
      <ol className={css.history}>
        {lists.data.slice(0, 100).map(({ number, entries, publishedAt, nextUpdate }) => (
          <li key={number}>
            <b>{t('authority.crl.historyList', { number, entries })}</b>
            <span className={css.small}>
              {t('authority.crl.historyWhen', { date: format.dateTime(publishedAt), until: format.date(nextUpdate) })}
            </span>
          </li>
        ))}
      </ol>
    </Fold>
  );
}
