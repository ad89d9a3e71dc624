import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cancelJob, isActive, type Job } from '../bridge/jobs.ts';
import { remainingTime, spokenTime } from '../bridge/remaining.ts';
import { useFormat } from '../locales/FormatContext.tsx';
import css from './JobProgress.module.css';

/** "about 2 minutes left"; empty while nobody can know. Renewed every second. */
export function useRemaining(job: Job): string {
  const { t } = useTranslation();
  const [now, setNow] = useState(() => performance.now());
  const active = isActive(job);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setNow(performance.now()), 1_000);
    return () => clearInterval(timer);
  }, [active]);
  const left = job.state === 'running' ? remainingTime(job.pace, now) : null;
  if (left === null) return '';
  const { unit, count } = spokenTime(left);
  return t(`jobs.left.${unit}`, { count });
}

/** How much of the present step is done, between 0 and 1; null before the first report. */
export function fractionOf(job: Job): number | null {
  return job.progress && job.progress.total > 0 ? Math.min(1, job.progress.done / job.progress.total) : null;
}

interface Props {
  readonly job: Job;
  /** What stays when one cancels now. */
  readonly kept: string;
}

/** Step, count, remaining time and Cancel of work that is under way. */
export function JobProgress({ job, kept }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const remaining = useRemaining(job);
  const fraction = fractionOf(job);
  const step =
    job.state === 'paused' ? t('jobs.paused') : job.progress ? t(`jobs.step.${job.progress.step}`) : t('jobs.starting');
  return (
    <div className={css.job} data-state={job.state}>
      <p className={css.step} role="status">
        {job.state === 'cancelling' ? t('jobs.cancelling') : step}
      </p>
      <div
        className={css.bar}
        role="progressbar"
        aria-label={t(`jobs.name.${job.call}`, { subject: job.subject })}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={fraction === null ? undefined : Math.round(fraction * 100)}
        aria-valuetext={fraction === null ? step : `${step} ${format.percent(fraction)}`}
        data-unknown={fraction === null || undefined}
      >
        <span style={{ width: `${(fraction ?? 0) * 100}%` }} />
      </div>
      <div className={css.below}>
        <p>
          {job.progress && job.progress.total > 0
            ? t('jobs.count', { done: format.number(job.progress.done), total: format.number(job.progress.total) })
            : ' '}
          {remaining && ` · ${remaining}`}
        </p>
        <p className={css.kept}>{kept}</p>
      </div>
      <Button variant="default" disabled={job.state === 'cancelling'} onClick={() => void cancelJob(job.id)}>
        {t('jobs.cancel')}
      </Button>
    </div>
  );
}
