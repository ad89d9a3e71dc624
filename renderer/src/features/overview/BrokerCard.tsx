import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { LifeBar } from '../../ui/LifeBar.tsx';
import { useNow } from '../../ui/now.ts';
import { Panel } from '../../ui/Panel.tsx';
import { StatePill } from '../../ui/StatePill.tsx';
import { Time } from '../../ui/Time.tsx';
import css from './BrokerCard.module.css';
import grid from './Overview.module.css';

export function BrokerCard({ broker }: { readonly broker: CallOutput<'project.overview'>['broker'] }) {
  const { t } = useTranslation();
  if (!broker) {
    return (
      <Panel className={grid.wide} title={t('overview.broker.title')}>
        <p className={css.none}>{t('overview.broker.none')}</p>
      </Panel>
    );
  }
  const { certificate } = broker;
  return (
    <Panel
      className={grid.wide}
      title={t('overview.broker.title')}
      aside={certificate && <StatePill state={certificate.state} />}
    >
      {certificate && <Life certificate={certificate} />}
      <Facts
        facts={[
          { term: t('overview.broker.names'), value: <Lines items={broker.names} />, wide: broker.names.length > 3 },
          { term: t('overview.broker.addresses'), value: <Lines items={broker.addresses} /> },
          { term: t('overview.broker.software'), value: t(`common.target.${broker.target}`) },
          { term: t('overview.broker.port'), value: <span className="mono">{broker.port}</span> },
          { term: t('overview.broker.directory'), value: <span className="mono">{broker.directory}</span> },
        ]}
      />
    </Panel>
  );
}

function Life({
  certificate,
}: {
  readonly certificate: NonNullable<NonNullable<CallOutput<'project.overview'>['broker']>['certificate']>;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const when = format.relative(certificate.notAfter, now);
  return (
    <div className={css.life}>
      <LifeBar life={certificate} wide />
      <Time at={certificate.notAfter}>
        {`${now > certificate.notAfter ? t('overview.chain.over', { when }) : t('overview.chain.until', { when })}, ${format.date(certificate.notAfter)}`}
      </Time>
    </div>
  );
}

function Lines({ items }: { readonly items: readonly string[] }) {
  const { t } = useTranslation();
  if (items.length === 0) return t('common.none');
  return items.map((item) => (
    <span key={item} className={`mono ${css.line}`}>
      {item}
    </span>
  ));
}
