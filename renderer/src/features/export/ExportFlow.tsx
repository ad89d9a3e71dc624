import { Button } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorCode } from '../../../../shared/errors.ts';
import type { Acceptance } from '../../bridge/export-choice.ts';
import { isActive, startJob, useJob } from '../../bridge/jobs.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { JobProgress } from '../../ui/JobProgress.tsx';
import { Note } from '../../ui/Note.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { hrefOf } from '../../ui/route.ts';
import css from './Export.module.css';
import { type Entered, ExportForm } from './ExportForm.tsx';
import { exportOf, forgetExport, type Running, rememberExport } from './running.ts';
import { Written } from './Written.tsx';

/** Where somebody else's files are, another place is the way out that harms nobody. */
const takenPlace: ReadonlySet<ErrorCode> = new Set(['EXPORT_FOREIGN_FILES', 'EXPORT_OTHER_AUTHORITY']);

interface Props {
  readonly projectId: number;
  /** Null = all devices that have a valid certificate. */
  readonly deviceIds: readonly number[] | null;
  readonly withBroker: boolean;
  readonly acceptance?: Acceptance | undefined;
  /** This was chosen just now: an export that ended before is not shown again. */
  readonly fresh?: boolean;
  /** The broker's kit always goes along: the first export of a project is of no use without. */
  readonly fixed?: boolean;
  readonly onDone: () => void;
}

/** Choose where to, see what and how much, write, read back, take the stick out. */
export function ExportFlow({ projectId, deviceIds, withBroker, acceptance, fresh = false, fixed = false, onDone }: Props) {
  const { t } = useTranslation();
  // an export that was begun here goes on while other pages are used, and is found again
  const [running, setRunning] = useState(() => exportOf(projectId));
  const job = useJob('export.run', running?.jobId ?? null);
  // what was entered last: kept while this page is open only, because of the passphrase
  const entered = useRef<Entered | null>(null);
  const [before, setBefore] = useState<Running | null>(null);
  useEffect(() => {
    if (job?.state === 'done') entered.current = null;
  }, [job?.state]);
  const again = () => {
    setBefore(running);
    forgetExport(projectId);
    setRunning(null);
  };
  const retry = () => {
    if (entered.current) start(entered.current);
    else if (running && !running.encrypted) start({ ...running, keyPassphrase: null });
    else again();
  };
  const finish = () => {
    again();
    onDone();
  };
  const [stale, setStale] = useState(fresh);
  if (running && job && !(stale && !isActive(job))) {
    if (job.state === 'done' && job.result) {
      return <Written result={job.result} medium={running.medium} onAgain={again} onDone={finish} />;
    }
    if (job.state === 'failed' && job.error) {
      return (
        <div className={css.page}>
          <ErrorPanel
            error={job.error}
            action={
              <>
                {!takenPlace.has(job.error.code) && (
                  <Button onClick={retry}>{t('exporting.retry', { label: running.medium.label })}</Button>
                )}
                <Button variant={takenPlace.has(job.error.code) ? 'filled' : 'default'} onClick={again}>
                  {t('exporting.elsewhere')}
                </Button>
                {takenPlace.has(job.error.code) && (
                  <Button variant="default" onClick={retry}>
                    {t('exporting.retry', { label: running.medium.label })}
                  </Button>
                )}
              </>
            }
          />
          <p className={css.small}>{t('exporting.failedHint')}</p>
        </div>
      );
    }
    if (job.state === 'cancelled') {
      return (
        <div className={css.page}>
          <Note tone="due" icon={IconPlayerStop} title={t('exporting.stopped')}>
            <p>{t('exporting.stoppedText')}</p>
          </Note>
          <div className={css.buttons}>
            <Button onClick={retry}>{t('exporting.retry', { label: running.medium.label })}</Button>
            <Button variant="default" onClick={again}>
              {t('exporting.elsewhere')}
            </Button>
          </div>
        </div>
      );
    }
    return (
      <div className={css.page}>
        <Panel>
          <JobProgress job={job} kept={t(running.medium.removable ? 'exporting.keepPlugged' : 'exporting.kept')} />
        </Panel>
      </div>
    );
  }
  function start(asked: Entered): void {
    setStale(false);
    entered.current = asked;
    const { medium, withBroker, keyPassphrase, withReport } = asked;
    const jobId = startJob(
      'export.run',
      {
        projectId,
        deviceIds: deviceIds === null ? null : [...deviceIds],
        withBroker,
        medium,
        ...(keyPassphrase === null ? {} : { keyPassphrase }),
        ...(acceptance && withReport ? { acceptance: acceptance.report } : {}),
      },
      { subject: medium.label, href: window.location.hash || hrefOf('export') },
    );
    setRunning(rememberExport(projectId, { jobId, medium, withBroker, withReport, encrypted: keyPassphrase !== null }));
  }
  return (
    <ExportForm
      projectId={projectId}
      deviceIds={deviceIds}
      withBroker={before?.withBroker ?? withBroker}
      reportAbout={acceptance?.who ?? null}
      reportOfDevice={acceptance?.report.deviceId != null}
      withReport={before?.withReport ?? true}
      before={before?.medium ?? null}
      fixed={fixed}
      onStart={start}
      onLater={fixed ? onDone : null}
    />
  );
}
