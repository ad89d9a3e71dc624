import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconLoader2, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SimulationReport } from '../../../../../shared/model/simulation.ts';
import { useAction } from '../../../bridge/action.ts';
import { call } from '../../../bridge/client.ts';
import { useFormat } from '../../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { Fold } from '../../../ui/Fold.tsx';
import { failureWords } from '../../../ui/failure-words.ts';
import { Note } from '../../../ui/Note.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { TonePill } from '../../../ui/StatePill.tsx';
import { useReasonWords } from '../../../ui/useReasonWords.ts';
import { ratesOf, resultCsv, resultJson } from './result.ts';
import css from './Simulation.module.css';
import { Trend } from './Trend.tsx';

/** A load test as it stands, with its stop button while it runs and its result when it has ended. */
export function Figures({ report, project }: { readonly report: SimulationReport; readonly project: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReasonWords();
  const { state } = report;
  const over = state.phase === 'ended';
  const stop = useAction(() => call('simulation.stop', {}));
  const [saved, setSaved] = useState('');
  const save = useAction(async (kind: 'csv' | 'json') => {
    const day = new Date(state.startedAt).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
    const name = `load-test-${project.replaceAll(/[^\w.-]/g, '-').slice(0, 60)}-${day}.${kind}`;
    const written = await call('text.save', { name, text: kind === 'csv' ? resultCsv(report) : resultJson(report) });
    if (written) setSaved(written.file);
  });
  const milliseconds = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : t('simulation.ms', { value: format.number(Math.round(value * 10) / 10) });
  const tried = state.peak + state.refused;
  const figures = [
    [
      'connected',
      t('simulation.of', { value: format.number(over ? state.peak : state.connected), of: format.number(state.planned) }),
    ],
    ['rate', format.number(Math.round(state.rate * 10) / 10)],
    ['sent', format.number(state.sent)],
    ['acknowledged', report.qos === 0 ? '–' : format.number(state.acknowledged)],
    ['median', milliseconds(state.roundTrip?.median)],
    ['p95', milliseconds(state.roundTrip?.p95)],
    ['refused', format.number(state.refused)],
    ['lost', format.number(state.lost)],
  ] as const;
  const rates = ratesOf(state);
  return (
    <Panel
      title={t('simulation.run', { host: report.host, port: String(report.port) })}
      aside={
        <span role="status">
          <TonePill
            tone={over ? (state.end === 'stopped' ? 'gone' : 'bad') : state.phase === 'steady' ? 'ok' : 'wait'}
            icon={
              over
                ? state.end === 'stopped'
                  ? IconCheck
                  : IconAlertTriangle
                : state.phase === 'steady'
                  ? IconCheck
                  : IconLoader2
            }
          >
            {over
              ? t(`simulation.end.${state.end ?? 'stopped'}`)
              : t(`simulation.phase.${state.phase as 'ramp' | 'steady' | 'stopping'}`)}
          </TonePill>
        </span>
      }
    >
      <div className={css.stack}>
        {state.phase === 'ramp' && (
          <div className={css.ramp}>
            <progress max={state.planned} value={tried} aria-label={t('simulation.rampLabel')} />
            <p>{t('simulation.ramp', { tried: format.number(tried), planned: format.number(state.planned) })}</p>
          </div>
        )}
        <dl className={css.figures}>
          {figures.map(([name, value]) => (
            <div
              key={name}
              data-name={name}
              data-some={(name === 'refused' && state.refused > 0) || (name === 'lost' && state.lost > 0) || undefined}
            >
              <dt>{t(`simulation.figure.${name}`)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {state.samples.length > 2 && (
          <div className={css.trends}>
            <Trend
              title={t('simulation.trend.connected')}
              values={state.samples.map(({ connected }) => connected)}
              peak={t('simulation.trend.most', { value: format.number(state.peak) })}
            />
            <Trend
              title={t('simulation.trend.rate')}
              values={rates}
              peak={t('simulation.trend.most', { value: format.number(Math.round(Math.max(0, ...rates))) })}
            />
          </div>
        )}
        {(state.failed > 0 || state.skipped > 0 || (state.roundTrip?.missing ?? 0) > 0) && (
          <Note tone="due" icon={IconAlertTriangle}>
            <ul className={css.notes}>
              {state.failed > 0 && (
                <li>
                  {t('simulation.failed', { count: state.failed })}
                  {state.reasonCode !== null && ` ${reason(state.reasonCode)}`}
                </li>
              )}
              {state.skipped > 0 && <li>{t('simulation.skipped', { count: state.skipped })}</li>}
              {state.roundTrip && state.roundTrip.missing > 0 && (
                <li>{t('simulation.missing', { count: state.roundTrip.missing })}</li>
              )}
            </ul>
          </Note>
        )}
        {state.keysEnded && (
          <Note tone="due" icon={IconAlertTriangle}>
            {t('simulation.keysEnded')}
          </Note>
        )}
        {state.causes.length > 0 && (
          <section className={css.causes} aria-label={t('simulation.causes')}>
            <h3>{t('simulation.causes')}</h3>
            <ul>
              {state.causes.map(({ cause, lost, count, device, failure }) => {
                const named = { device };
                const words = {
                  ...failure.params,
                  host: report.host,
                  port: String(report.port),
                  who: t('tester.deviceCases.who', named),
                  whom: t('tester.deviceCases.whom', named),
                  of: t('tester.deviceCases.of', named),
                };
                const key = failureWords(failure, true);
                return (
                  <li key={`${cause} ${lost}`}>
                    <b>{t(lost ? 'simulation.lostBy' : 'simulation.refusedBy', { count })}</b>
                    <span>{t(`${key}.title`, words)}</span>
                    <Fold summary={t('simulation.why')}>
                      <p>{t(`${key}.explanation`, words)}</p>
                      <p>{t(`${key}.remedy`, words)}</p>
                      <p className="mono">{failure.raw}</p>
                    </Fold>
                  </li>
                );
              })}
            </ul>
          </section>
        )}
        {(stop.error ?? save.error) && <ErrorPanel error={(stop.error ?? save.error) as NonNullable<typeof stop.error>} />}
        <div className={css.actions}>
          {over ? (
            <>
              <Button variant="default" onClick={() => void save.run('json')}>
                {t('simulation.save.json')}
              </Button>
              <Button variant="default" onClick={() => void save.run('csv')}>
                {t('simulation.save.csv')}
              </Button>
              <p role="status" className={css.saved}>
                {saved !== '' && t('simulation.save.done', { file: saved })}
              </p>
            </>
          ) : (
            <Button
              size="lg"
              disabled={state.phase === 'stopping'}
              loading={stop.pending}
              leftSection={<IconPlayerStop size={20} stroke={1.8} aria-hidden />}
              onClick={() => void stop.run()}
            >
              {t('simulation.stop')}
            </Button>
          )}
        </div>
      </div>
    </Panel>
  );
}
