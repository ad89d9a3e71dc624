import { Button } from '@mantine/core';
import { IconAlertTriangle, IconBroadcast } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { type LocalBroker, setLocalBroker } from '../../bridge/local-broker.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { useIssuerKey } from '../../ui/acts/issuer-key.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { SelectField, TextField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { draftOf, settingsOf } from './broker-form.ts';
import css from './Live.module.css';
import { LiveLists } from './LiveLists.tsx';
import { everywhere, notNamed, portOf } from './temporary.ts';

interface Props {
  readonly projectId: number;
  readonly broker: NonNullable<CallOutput<'project.overview'>['broker']>;
  /** What runs on this computer, for whichever project. */
  readonly local: LocalBroker | null;
}

/** This computer as the project's broker, for as long as the real one is not there. */
export function TemporaryBroker({ projectId, broker, local }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const mine = local?.projectId === projectId ? local : null;
  const addresses = useCall('localBroker.addresses', undefined);
  const [host, setHost] = useState<string>(everywhere);
  const [port, setPort] = useState(String(broker.port));
  const [tried, setTried] = useState(false);
  const found = addresses.data ?? [];
  const place = mine?.host ?? host;
  const missing = notNamed(place, found, broker.addresses);
  const start = useAction(async () => {
    const wanted = portOf(port);
    if (wanted !== null) setLocalBroker(await call('localBroker.start', { projectId, host, port: wanted }));
  });
  const stop = useAction(() => call('localBroker.stop'));
  const key = useIssuerKey(projectId, 'broker');
  // asked for when somebody wants to add them: this page shows the addresses at all times
  const [asking, setAsking] = useState(false);
  const add = useAction(async () => {
    setAsking(true);
    if (key.lacking) return;
    const settings = settingsOf(draftOf(broker));
    if (!settings) return;
    const { names } = settings;
    await call('broker.change', {
      projectId,
      settings: { ...settings, names: [...names], addresses: [...settings.addresses, ...missing] },
      ...key.given,
    });
    key.forget();
    setAsking(false);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!start.pending && portOf(port) !== null) void start.run();
  };
  const warning = missing.length > 0 && (
    <div className={css.note}>
      <Note
        tone="due"
        icon={IconAlertTriangle}
        title={t('practice.temporary.notInCertificate', { addresses: format.list(missing) })}
      >
        <p>{t('practice.temporary.notInCertificateText')}</p>
        {asking && key.field}
        <WriteButton size="sm" disabled={asking && key.lacking} onClick={() => !add.pending && void add.run()}>
          {add.pending ? t('practice.temporary.adding') : t('practice.temporary.add', { count: missing.length })}
        </WriteButton>
      </Note>
    </div>
  );
  return (
    <div className={css.live}>
      <Panel title={t('practice.temporary.title')} className={css.wide}>
        <p className={css.lead}>{t('practice.temporary.lead')}</p>
        {mine ? (
          <div className={css.form}>
            <dl className={css.facts}>
              <div>
                <dt>{t('practice.panel.address')}</dt>
                <dd className="mono">
                  {mine.host === everywhere ? t('practice.temporary.all') : mine.host}:{mine.port}
                </dd>
              </div>
              <div>
                <dt>{t('practice.panel.since')}</dt>
                <dd>{format.time(mine.since)}</dd>
              </div>
              <div>
                <dt>{t('practice.panel.messages')}</dt>
                <dd>{format.number(mine.totals.published)}</dd>
              </div>
            </dl>
            {warning}
            <div className={css.actions}>
              <Button variant="default" onClick={() => !stop.pending && void stop.run()}>
                {t('practice.temporary.stop')}
              </Button>
            </div>
          </div>
        ) : (
          <form className={css.form} onSubmit={submit} noValidate>
            <div className={css.pair}>
              <SelectField
                label={t('practice.temporary.where')}
                value={host}
                options={[
                  { value: everywhere, label: t('practice.temporary.all') },
                  ...found.map(({ address, name, internal }) => ({
                    value: address,
                    label: `${address} · ${internal ? t('practice.temporary.loopback') : name}`,
                  })),
                ]}
                onChange={setHost}
              />
              <TextField
                label={t('practice.temporary.port')}
                value={port}
                onChange={setPort}
                error={tried && portOf(port) === null && t('practice.temporary.portWrong')}
                maxLength={5}
                numeric
                mono
              />
            </div>
            {warning}
            <ul className={css.points}>
              {(['version', 'memory', 'lock', 'firewall'] as const).map((point) => (
                <li key={point}>{t(`practice.temporary.points.${point}`)}</li>
              ))}
            </ul>
            {local && <p className={css.none}>{t('practice.temporary.otherProject', { project: local.project })}</p>}
            <div className={css.actions}>
              <WriteButton type="submit" variant="default" leftSection={<IconBroadcast size={20} stroke={1.7} aria-hidden />}>
                {start.pending ? t('practice.temporary.starting') : t('practice.temporary.start')}
              </WriteButton>
            </div>
          </form>
        )}
        {(start.error ?? stop.error ?? add.error) && (
          <ErrorPanel error={(start.error ?? stop.error ?? add.error) as NonNullable<typeof start.error>} />
        )}
      </Panel>
      {mine && <LiveLists broker={mine} />}
    </div>
  );
}
