import { IconAlertTriangle, IconCheck, IconExclamationMark, IconLoader2, IconMinus } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { type DoctorStep, type DoctorStepReport, doctorSteps } from '../../../../shared/model/doctor.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Code } from '../../ui/Code.tsx';
import { type About, alternativesText, detailsText, findingText } from '../../ui/diagnosis-words.ts';
import { Fold } from '../../ui/Fold.tsx';
import type { Choice } from './choice.ts';
import { Evidence, hasEvidence } from './Evidence.tsx';
import { Fixes } from './Fixes.tsx';
import { type Run, type Standing, standingOf } from './run-store.ts';
import css from './Steps.module.css';
import { durationText, seenText } from './seen.ts';

interface Props {
  readonly run: Run;
  readonly about: About;
  readonly overview: CallOutput<'project.overview'>;
  readonly choice: Choice;
  readonly onRun: (choice: Choice) => void;
  readonly onChoose: (change?: Partial<Choice>) => void;
}

/** The vertical line of steps, filling in while they are done. */
export function Steps(props: Props) {
  const { t } = useTranslation();
  const { run } = props;
  const list = useRef<HTMLOListElement>(null);
  const failed = run.report?.verdict.step ?? null;
  // what is the matter, and the button that helps, are seen without being looked for
  useEffect(() => {
    if (failed !== null) list.current?.querySelector(`[data-step="${failed}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [failed]);
  return (
    <section className={css.panel} aria-label={t('doctor.steps')}>
      <ol ref={list} className={css.steps} aria-live="polite" aria-busy={run.state !== 'done'}>
        {doctorSteps.map((step, place) => (
          <Step key={step} step={step} number={place + 1} {...props} />
        ))}
      </ol>
    </section>
  );
}

/** Whether the step may be told as passed: where something was foreseen, or nothing was there to fit, only its name stands. */
function saysPassed(report: DoctorStepReport | null): boolean {
  if (report?.step === 'predicted') return report.outcome === 'passed';
  if (report?.step === 'files' && report.evidence?.keyMatches === null) return false;
  return report?.outcome === 'passed' || report?.outcome === 'warned';
}

const signs = {
  passed: IconCheck,
  warned: IconExclamationMark,
  failed: IconExclamationMark,
  running: IconLoader2,
  skipped: IconMinus,
} as const;

function Step({ step, number, run, about, ...rest }: Props & { readonly step: DoctorStep; readonly number: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = { t, format };
  const standing = standingOf(run, step);
  const report = run.steps[step] ?? null;
  const error = report?.findings.find(({ weight }) => weight === 'error') ?? null;
  const others = report?.findings.filter((each) => each !== error) ?? [];
  const place = { host: about.host, port: String(about.port) };
  const title =
    error && standing === 'failed'
      ? findingText(error, about, words).title
      : saysPassed(report)
        ? t(`doctor.step.${step}.passed`, place)
        : t(`doctor.step.${step}.name`);
  const seen = report
    ? seenText(report, about, words)
    : standing === 'skipped'
      ? t('doctor.skipped.failed-before')
      : t(`doctor.state.${standing}`);
  return (
    <li className={css.step} data-standing={standing} data-step={step}>
      <Sign standing={standing} number={number} />
      <div className={css.body}>
        <div className={css.head}>
          <h2>
            {title}
            <span className="visually-hidden">{`, ${t(`doctor.state.${standing}`)}`}</span>
          </h2>
          {report && report.outcome !== 'skipped' && <span className={css.time}>{durationText(report.milliseconds, words)}</span>}
        </div>
        {report && hasEvidence(report) ? (
          <div className={css.seen}>
            <Fold summary={seen === '' ? t('doctor.evidence') : seen}>
              <Evidence report={report} />
            </Fold>
          </div>
        ) : (
          seen !== '' && <p className={css.seen}>{seen}</p>
        )}
        {error && <Finding finding={error} titled={standing !== 'failed'} run={run} about={about} {...rest} />}
        {others.map((finding) => (
          <Finding
            key={`${finding.code} ${JSON.stringify(finding.params)}`}
            finding={finding}
            titled
            run={run}
            about={about}
            {...rest}
          />
        ))}
      </div>
    </li>
  );
}

function Sign({ standing, number }: { readonly standing: Standing; readonly number: number }) {
  if (standing === 'waiting') return <span className={css.sign}>{number}</span>;
  const Picture = signs[standing];
  return (
    <span className={css.sign}>
      <Picture size={18} stroke={2.4} aria-hidden />
    </span>
  );
}

interface FindingProps extends Omit<Props, never> {
  readonly finding: DoctorStepReport['findings'][number];
  /** Its heading stands above already. */
  readonly titled: boolean;
}

/** What is the matter, why, and what helps: the fix stands where the problem is told. */
function Finding({ finding, titled, ...props }: FindingProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { about } = props;
  const { title, text, remedy } = findingText(finding, about, { t, format });
  const alike = alternativesText(finding, about, { t, format });
  return (
    <div className={css.finding} data-weight={finding.weight} data-code={finding.code}>
      {titled && (
        <h3>
          {finding.weight !== 'note' && <IconAlertTriangle size={18} stroke={2} aria-hidden />}
          {title}
        </h3>
      )}
      <p>{text}</p>
      {alike !== '' && <p>{alike}</p>}
      {remedy !== '' && <p className={css.remedy}>{remedy}</p>}
      <Fixes finding={finding} {...props} />
      {finding.weight === 'error' && (
        <Fold summary={`${t('doctor.details')}: ${finding.code}`}>
          <Code text={detailsText(finding, t)} what={t('tester.failure.raw')} block />
        </Fold>
      )}
    </div>
  );
}
