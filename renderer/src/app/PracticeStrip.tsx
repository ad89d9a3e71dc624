import { Button } from '@mantine/core';
import { IconAlertTriangle, IconBroadcast, IconFlask, IconListCheck, IconRocket } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../bridge/action.ts';
import { call } from '../bridge/client.ts';
import { type LocalBroker, useLocalBroker } from '../bridge/local-broker.ts';
import { makeItReal, patternOf, usePractice } from '../bridge/practice.ts';
import { callOptions, queryClient } from '../bridge/queries.ts';
import { showTour, useTour } from '../bridge/tour.ts';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';
import { hrefOf } from '../ui/route.ts';
import css from './PracticeStrip.module.css';

/** Below the top bar of every page: that this is practice, or that this computer is somebody's broker right now. */
export function PracticeStrip() {
  const practice = usePractice();
  const broker = useLocalBroker();
  if (practice) return <Practising broker={broker} />;
  return broker ? <TemporaryStrip broker={broker} /> : null;
}

function Practising({ broker }: { readonly broker: LocalBroker | null }) {
  const { t } = useTranslation();
  const tour = useTour();
  const real = useAction(() => takeAlong(broker?.projectId));
  const news = useNews(broker);
  const crashed = broker?.phase === 'crashed';
  return (
    <section className={css.strip} data-tone={crashed ? 'bad' : 'wait'} aria-label={t('practice.strip.label')}>
      {crashed ? <IconAlertTriangle size={22} aria-hidden /> : <IconFlask size={22} stroke={1.8} aria-hidden />}
      <p>
        <b>{t('practice.strip.title')}</b>{' '}
        <span role="status">{crashed ? t('practice.crashed.short') : (news ?? t('practice.strip.text'))}</span>
      </p>
      {crashed && <Restart />}
      {!tour.open && (
        <Button
          size="sm"
          variant="default"
          leftSection={<IconListCheck size={18} stroke={1.8} aria-hidden />}
          onClick={() => showTour(true)}
        >
          {t('practice.tour.again')}
        </Button>
      )}
      <Button
        size="sm"
        variant="default"
        leftSection={<IconRocket size={18} stroke={1.8} aria-hidden />}
        onClick={() => !real.pending && void real.run()}
      >
        {t('practice.real.action')}
      </Button>
      {real.error && <ErrorPanel error={real.error} />}
    </section>
  );
}

/** Also on the unlock page: the broker goes on while the vault is locked. */
export function TemporaryStrip({ broker }: { readonly broker: LocalBroker }) {
  const { t } = useTranslation();
  const stop = useAction(() => call('localBroker.stop'));
  const crashed = broker.phase === 'crashed';
  const place = `${broker.host.includes(':') ? `[${broker.host}]` : broker.host}:${broker.port}`;
  return (
    <section className={css.strip} data-tone={crashed ? 'bad' : 'due'} aria-label={t('practice.temporary.label')}>
      {crashed ? <IconAlertTriangle size={22} aria-hidden /> : <IconBroadcast size={22} stroke={1.8} aria-hidden />}
      <p>
        <b>{t('practice.temporary.running')}</b>{' '}
        {crashed ? (
          t('practice.crashed.short')
        ) : (
          <>
            <span className="mono">{place}</span> · {t('practice.temporary.connected', { count: broker.connected })}
          </>
        )}
      </p>
      {crashed && broker.project !== '' && <Restart />}
      {broker.project !== '' && (
        <Button component="a" size="sm" variant="default" href={hrefOf('broker')}>
          {t('practice.temporary.look')}
        </Button>
      )}
      <Button size="sm" variant="default" onClick={() => !stop.pending && void stop.run()}>
        {t('practice.temporary.stop')}
      </Button>
      {stop.error && <ErrorPanel error={stop.error} />}
    </section>
  );
}

function Restart() {
  const { t } = useTranslation();
  const restart = useAction(() => call('localBroker.restart'));
  return (
    <>
      <Button size="sm" onClick={() => !restart.pending && void restart.run()}>
        {t('practice.crashed.action')}
      </Button>
      {restart.error && <ErrorPanel error={restart.error} />}
    </>
  );
}

const newsTime = 20_000;

/** What the broker was given just now, in words; null when that is a while ago. */
function useNews(broker: LocalBroker | null): string | null {
  const { t } = useTranslation();
  const applied = broker?.applied ?? null;
  const [seen, setSeen] = useState(applied?.at ?? 0);
  const at = applied?.at ?? 0;
  useEffect(() => {
    if (at === 0) return;
    const timer = setTimeout(() => setSeen(at), newsTime);
    return () => clearTimeout(timer);
  }, [at]);
  if (!applied || applied.at === seen) return null;
  const what = applied.list ? 'list' : applied.certificate ? 'certificate' : applied.clients ? 'clients' : 'access';
  return t(`practice.applied.${what}`, { count: applied.ended });
}

/** The topics of each role and how the meters are called; asked now, because they may have been changed meanwhile. */
async function takeAlong(projectId: number | undefined): Promise<void> {
  if (projectId === undefined) return;
  const overview = await queryClient.fetchQuery(callOptions('project.overview', { projectId }));
  const { rows } = await call('device.list', { projectId, limit: 1000 });
  const meters = rows.filter((row) => row.role === 'device').map((row) => row.id);
  await makeItReal({ access: overview.access, devices: `${patternOf(meters)}\n` });
}
