import { IconAlertTriangle, IconPlayerPlay } from '@tabler/icons-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../../shared/contract.ts';
import { simulationLimits } from '../../../../../shared/model/simulation.ts';
import { useAction } from '../../../bridge/action.ts';
import { call, reportOf } from '../../../bridge/client.ts';
import { useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../locales/FormatContext.tsx';
import { AddressBar } from '../../../ui/AddressBar.tsx';
import { type Address, addressProblem, firstAddress } from '../../../ui/address.ts';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { SelectField, TextField, Tick } from '../../../ui/Field.tsx';
import { Note } from '../../../ui/Note.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { WriteButton } from '../../../ui/WriteButton.tsx';
import css from './Simulation.module.css';
import { noteSimulation } from './simulation-store.ts';

type Overview = CallOutput<'project.overview'>;

interface Props {
  readonly overview: Overview;
  readonly broker: NonNullable<Overview['broker']>;
  /** Where a broker on this computer listens; null = the project's own. */
  readonly here: Address | null;
}

const { connections, messagesPerSecond, ramp: ramps, interval: intervals } = simulationLimits;

/** What a load test would be: which devices, how fast, and who is thrown out by it. */
export function SimulationForm({ overview, broker, here }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { projectId } = overview;
  const [address, setAddress] = useState<Address>(here ?? firstAddress(broker));
  const [search, setSearch] = useState('');
  const [most, setMost] = useState('');
  const [interval, setInterval] = useState('5');
  const [ramp, setRamp] = useState('10');
  const [qos, setQos] = useState<'0' | '1'>('1');
  const [observe, setObserve] = useState(true);
  const [accepted, setAccepted] = useState(false);
  const [tried, setTried] = useState(false);
  const whole = (text: string) => (/^\d{1,5}$/.test(text.trim()) ? Number(text) : Number.NaN);
  const limit = most.trim() === '' ? null : whole(most);
  const wrongLimit = limit !== null && !(limit >= 1 && limit <= connections);
  const seconds = Number(interval.replace(',', '.'));
  const wrongInterval = !(seconds >= intervals.minimum && seconds <= intervals.maximum);
  const perSecond = whole(ramp);
  const wrongRamp = !(perSecond >= ramps.minimum && perSecond <= ramps.maximum);
  const choice = useDeferredValue({ search, limit: wrongLimit ? null : limit });
  const plan = useCall('simulation.plan', { projectId, ...choice });
  const usable = plan.data?.usable ?? 0;
  const load = wrongInterval ? 0 : usable / seconds;
  const tooMany = usable > connections;
  const tooFast = load > messagesPerSecond;
  const start = useAction(async () => {
    const report = await call('simulation.start', {
      runId: crypto.randomUUID(),
      projectId,
      search: choice.search,
      limit: choice.limit,
      host: address.host.trim(),
      port: Number(address.port),
      interval: seconds,
      ramp: perSecond,
      qos: qos === '0' ? 0 : 1,
      observe,
      maintenanceAccepted: true,
    });
    noteSimulation(report);
  });
  const wrong = wrongLimit || wrongInterval || wrongRamp || tooMany || tooFast || usable === 0;
  const go = () => {
    setTried(true);
    if (!wrong && accepted && addressProblem(address) === null) void start.run();
  };
  const left = plan.data
    ? (['noKey', 'noCertificate', 'noTopic', 'shared'] as const).filter((why) => (plan.data?.[why] ?? 0) > 0)
    : [];
  return (
    <Panel title={t('simulation.form.title')}>
      <div className={css.stack}>
        <AddressBar broker={broker} address={address} onChange={setAddress} tried={tried} />
        <div className={css.fields}>
          <TextField
            label={t('simulation.form.search')}
            value={search}
            onChange={setSearch}
            placeholder={t('simulation.form.all')}
          />
          <TextField
            label={t('simulation.form.limit')}
            value={most}
            onChange={setMost}
            placeholder={t('simulation.form.noLimit')}
            error={wrongLimit && t('simulation.form.range', { from: '1', to: format.number(connections) })}
            numeric
            maxLength={5}
          />
          <TextField
            label={t('simulation.form.interval')}
            note={t('publishing.seconds')}
            value={interval}
            onChange={setInterval}
            error={wrongInterval && t('simulation.form.range', { from: '1', to: '60' })}
            maxLength={6}
          />
          <TextField
            label={t('simulation.form.ramp')}
            note={t('simulation.form.perSecond')}
            value={ramp}
            onChange={setRamp}
            error={wrongRamp && t('simulation.form.range', { from: '1', to: '100' })}
            numeric
            maxLength={3}
          />
          <SelectField
            label={t('tester.publish.qos')}
            value={qos}
            options={[
              { value: '0', label: t('simulation.form.qos0') },
              { value: '1', label: t('simulation.form.qos1') },
            ]}
            onChange={setQos}
          />
        </div>
        <Tick
          label={t('simulation.form.observe')}
          hint={t('simulation.form.observeHint')}
          checked={observe}
          onChange={setObserve}
        />
        {plan.isError && <ErrorPanel error={reportOf(plan.error)} onRetry={() => void plan.refetch()} />}
        {plan.data && (
          <div className={css.load} data-wrong={tooMany || tooFast || usable === 0 || undefined} role="status">
            <p>
              <b>
                {usable === 0
                  ? t('simulation.load.nobody')
                  : t('simulation.load.devices', { count: usable, first: plan.data.first, last: plan.data.last })}
              </b>
            </p>
            {usable > 0 && !wrongInterval && (
              <p>{t('simulation.load.rate', { rate: format.number(Math.round(load * 10) / 10) })}</p>
            )}
            <p className={css.quiet}>
              {t(tooMany || tooFast ? 'simulation.load.tooMuch' : 'simulation.load.limits', {
                connections: format.number(connections),
                messages: format.number(messagesPerSecond),
              })}
            </p>
            {left.map((why) => (
              <p key={why} className={css.quiet}>
                {t(`simulation.left.${why}`, { count: plan.data?.[why] ?? 0 })}
              </p>
            ))}
          </div>
        )}
        <Note tone="due" icon={IconAlertTriangle} title={t('simulation.maintenance.title')}>
          <p>{t('simulation.maintenance.text')}</p>
          <ul className={css.notes}>
            <li>{t('simulation.maintenance.out')}</li>
            <li>{t('simulation.maintenance.will')}</li>
            <li>{t('simulation.maintenance.fight')}</li>
            <li>{t('simulation.maintenance.values')}</li>
            <li>{t('simulation.maintenance.recorded')}</li>
          </ul>
          <Tick label={t('simulation.maintenance.accept', { count: usable })} checked={accepted} onChange={setAccepted} />
        </Note>
        {start.error && <ErrorPanel error={start.error} />}
        <div className={css.actions}>
          <WriteButton
            size="lg"
            because={t('tester.recorded')}
            disabled={wrong || !accepted}
            loading={start.pending}
            leftSection={<IconPlayerPlay size={20} stroke={1.8} aria-hidden />}
            onClick={go}
          >
            {t('simulation.form.start', { count: usable })}
          </WriteButton>
        </div>
      </div>
    </Panel>
  );
}
