import { Button } from '@mantine/core';
import { type Icon, IconBolt, IconLoader2, IconPlayerStop, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import type { LocalBroker } from '../../bridge/local-broker.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { type Tone, TonePill } from '../../ui/StatePill.tsx';
import { Attempts } from './Attempts.tsx';
import css from './Live.module.css';
import { LiveLists } from './LiveLists.tsx';

type Meter = LocalBroker['meters'][number];

const looks: Readonly<Record<Meter['phase'], { readonly tone: Tone; readonly icon: Icon }>> = {
  connecting: { tone: 'wait', icon: IconLoader2 },
  connected: { tone: 'ok', icon: IconBolt },
  refused: { tone: 'bad', icon: IconX },
  stopped: { tone: 'gone', icon: IconPlayerStop },
};

/** The broker of a practice project, its meters, what it refuses, and everything that happens at it. */
export function PracticePanel({ broker }: { readonly broker: LocalBroker }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className={css.live}>
      <Panel title={t('practice.panel.title')} className={css.wide}>
        <p className={css.lead}>{t('practice.panel.lead')}</p>
        <dl className={css.facts}>
          <div>
            <dt>{t('practice.panel.address')}</dt>
            <dd className="mono">{`${broker.host}:${broker.port}`}</dd>
          </div>
          <div>
            <dt>{t('practice.panel.since')}</dt>
            <dd>{format.time(broker.since)}</dd>
          </div>
          <div>
            <dt>{t('practice.panel.protocol')}</dt>
            <dd>{t('practice.panel.protocolText')}</dd>
          </div>
          <div>
            <dt>{t('practice.panel.messages')}</dt>
            <dd>{format.number(broker.totals.published)}</dd>
          </div>
        </dl>
        <ul className={css.meters} aria-label={t('practice.panel.meters')}>
          {broker.meters.map((meter) => (
            <MeterCard key={meter.id} meter={meter} />
          ))}
        </ul>
      </Panel>
      <Attempts />
      <LiveLists broker={broker} />
    </div>
  );
}

function MeterCard({ meter }: { readonly meter: Meter }) {
  const { t } = useTranslation();
  const install = useAction(() => call('practice.install', { deviceId: meter.deviceId }));
  const { tone, icon } = looks[meter.phase];
  return (
    <li>
      <div>
        <b>{meter.id}</b>
        <TonePill tone={tone} icon={icon}>
          {t(`practice.panel.meter.${meter.phase}`)}
        </TonePill>
      </div>
      <p>
        {t('practice.panel.readings', { count: meter.readings })}, {t('practice.panel.every', { count: meter.interval })}
      </p>
      {meter.phase === 'refused' && (
        <>
          <p>{t('practice.panel.installText')}</p>
          <Button
            size="sm"
            aria-label={t('practice.panel.installNamed', { id: meter.id })}
            onClick={() => !install.pending && void install.run()}
          >
            {t('practice.panel.install')}
          </Button>
        </>
      )}
      {install.error && <ErrorPanel error={install.error} />}
    </li>
  );
}
