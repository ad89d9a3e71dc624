import { IconAlertTriangle, IconCheck, IconLoader2, IconPlayerPause, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dismissJob, isActive, type Job, useJobs } from '../../bridge/jobs.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { fractionOf, useRemaining } from '../../ui/JobProgress.tsx';
import css from './JobTray.module.css';

/** Work that goes on while other pages are used, in the top bar. Nothing is there while there is nothing to tell. */
export function JobTray() {
  const { t } = useTranslation();
  const jobs = useJobs();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const onPointer = (event: PointerEvent) => box.current?.contains(event.target as Node) || setOpen(false);
    window.addEventListener('pointerdown', onPointer);
    return () => window.removeEventListener('pointerdown', onPointer);
  }, [open]);
  const running = jobs.filter(isActive);
  const first = running[0] ?? jobs.at(-1);
  if (!first) return null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc closes from anywhere inside
    <div ref={box} className={css.tray} onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
      <button type="button" className={css.button} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Sign job={first} />
        <span className={css.word}>
          {running.length > 0
            ? t('jobs.tray.running', { count: running.length })
            : t('jobs.tray.finished', { count: jobs.length })}
        </span>
      </button>
      {open && (
        <ul className={css.list} aria-label={t('jobs.tray.label')}>
          {[...jobs].reverse().map((job) => (
            <Line key={job.id} job={job} onGo={() => setOpen(false)} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Line({ job, onGo }: { readonly job: Job; readonly onGo: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const remaining = useRemaining(job);
  const fraction = fractionOf(job);
  const name = t(`jobs.name.${job.call}`, { subject: job.subject });
  const words =
    job.state === 'running'
      ? [fraction === null ? t('jobs.starting') : format.percent(fraction), remaining].filter(Boolean).join(' · ')
      : t(`jobs.state.${job.state}`);
  return (
    <li data-state={job.state}>
      <Sign job={job} />
      <a href={job.href} onClick={onGo}>
        <b>{name}</b>
        <span>{words}</span>
      </a>
      {!isActive(job) && (
        <button
          type="button"
          className={css.dismiss}
          aria-label={t('jobs.tray.dismiss', { name })}
          onClick={() => dismissJob(job.id)}
        >
          <IconX size={18} aria-hidden />
        </button>
      )}
    </li>
  );
}

function Sign({ job }: { readonly job: Job }) {
  if (job.state === 'done') return <IconCheck className={css.sign} data-tone="ok" size={20} stroke={2} aria-hidden />;
  if (job.state === 'failed')
    return <IconAlertTriangle className={css.sign} data-tone="bad" size={20} stroke={1.8} aria-hidden />;
  if (job.state === 'cancelled') return <IconX className={css.sign} size={20} stroke={2} aria-hidden />;
  if (job.state === 'paused') return <IconPlayerPause className={css.sign} data-tone="due" size={20} stroke={1.8} aria-hidden />;
  return <IconLoader2 className={`${css.sign} ${css.turning}`} size={20} stroke={1.8} aria-hidden />;
}
