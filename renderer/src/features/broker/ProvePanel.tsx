import { Button } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { ErrorReport } from '../../../../shared/errors.ts';
import type { ProofReport } from '../../../../shared/model/proof.ts';
import { useAction } from '../../bridge/action.ts';
import { call, reportOf } from '../../bridge/client.ts';
import { queryClient, useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { errorText } from '../../ui/error-text.ts';
import { Note } from '../../ui/Note.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Time } from '../../ui/Time.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import access from './Access.module.css';
import css from './Proof.module.css';
import { ProofResult } from './ProofResult.tsx';
import { type ProofChoice, ProveDialog } from './ProveDialog.tsx';
import { proofDocument } from './proof-document.ts';

interface Props {
  readonly projectId: number;
  readonly broker: NonNullable<CallOutput<'project.overview'>['broker']>;
}

/** Tries the access rules on the running broker, and shows what came of it the last time. */
export function ProvePanel({ projectId, broker }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const latest = useCall('proof.latest', { projectId });
  const [asking, setAsking] = useState(false);
  const [place, setPlace] = useState('');
  const [runId, setRunId] = useState('');
  const [stopping, setStopping] = useState(false);
  const progress = useProgress(runId);
  const run = useAction(async ({ host, port, deviceIds }: ProofChoice) => {
    const id = crypto.randomUUID();
    setRunId(id);
    setStopping(false);
    setPlace(`${host}:${port}`);
    await call('proof.run', { runId: id, projectId, host, port, deviceIds: [...deviceIds], takeoverAccepted: true });
    await queryClient.invalidateQueries();
  });
  const stop = useAction(async () => {
    setStopping(true);
    await call('proof.cancel', { runId });
  });
  const report = latest.data?.report;
  return (
    <Panel title={t('access.prove.title')} className={access.wide}>
      <p className={access.quiet}>{t('access.prove.lead')}</p>
      <div className={css.head}>
        <WriteButton onClick={() => setAsking(true)} disabled={run.pending}>
          {report ? t('access.prove.again') : t('access.prove.run')}
        </WriteButton>
        <div role="status" className={css.said}>
          {run.pending ? (
            <>
              {stopping ? t('access.prove.stopping') : t('access.prove.running', { place })}{' '}
              {!stopping && progress.total > 0 && t('access.prove.step', { done: progress.done, total: progress.total })}
            </>
          ) : report ? (
            <Time at={report.finishedAt}>
              {t('access.prove.last', {
                place: `${report.host}:${report.port}`,
                at: format.dateTime(report.finishedAt),
                operator: report.operator,
              })}
            </Time>
          ) : (
            latest.data === null && t('access.prove.never')
          )}
        </div>
      </div>
      {run.pending && (
        <div className={css.running}>
          <progress className={css.progress} value={progress.done} max={Math.max(1, progress.total)} aria-label={place} />
          <Button variant="default" disabled={stopping} onClick={() => void stop.run()}>
            {t('jobs.cancel')}
          </Button>
        </div>
      )}
      {run.error && (run.error.code === 'PROOF_CANCELLED' ? <BrokenOff error={run.error} /> : <ErrorPanel error={run.error} />)}
      {stop.error && <ErrorPanel error={stop.error} />}
      {latest.isError && <ErrorPanel error={reportOf(latest.error)} onRetry={() => void latest.refetch()} />}
      {!run.pending && report && (
        <>
          <ProofResult report={report} />
          <Saving report={report} />
        </>
      )}
      {asking && (
        <ProveDialog
          projectId={projectId}
          broker={broker}
          onClose={() => setAsking(false)}
          onRun={(choice) => {
            setAsking(false);
            void run.run(choice);
          }}
        />
      )}
    </Panel>
  );
}

/** Somebody wanted that: no fault, but what was done on the broker until then is said. */
function BrokenOff({ error }: { readonly error: ErrorReport }) {
  const { t } = useTranslation();
  const { title, explanation, todo } = errorText(error, t, useFormat());
  return (
    <div className={css.brokenOff} role="status">
      <Note tone="due" icon={IconHandStop} title={title}>
        <p>{explanation}</p>
        <p>{todo}</p>
      </Note>
    </div>
  );
}

function useProgress(runId: string): { readonly done: number; readonly total: number } {
  const [progress, setProgress] = useState({ done: 0, total: 0 });
  useEffect(() => {
    setProgress({ done: 0, total: 0 });
    return window.fieldkey.on('job.progress', (payload) => {
      const { jobId, done, total } = payload as { jobId: string; done: number; total: number };
      if (jobId === runId) setProgress({ done, total });
    });
  }, [runId]);
  return progress;
}

function Saving({ report }: { readonly report: ProofReport }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const [saved, setSaved] = useState('');
  const name = t('access.prove.file', { project: report.project });
  const pdf = useAction(async () => {
    const document = proofDocument(report, { t, format, language: i18n.language });
    const written = await call('document.print', { name, document });
    if (written) setSaved(written.file);
  });
  const json = useAction(async () => {
    const written = await call('text.save', {
      name: `fieldkey-proof-${report.project}.json`,
      text: `${JSON.stringify(report, null, 2)}\n`,
    });
    if (written) setSaved(written.file);
  });
  const error = pdf.error ?? json.error;
  return (
    <div className={css.saving}>
      <Button variant="default" onClick={() => void pdf.run()} loading={pdf.pending}>
        {t('access.prove.savePdf')}
      </Button>
      <Button variant="default" onClick={() => void json.run()}>
        {t('access.prove.saveJson')}
      </Button>
      <p role="status">{saved !== '' && t('access.prove.saved', { file: saved })}</p>
      {error && <ErrorPanel error={error} />}
    </div>
  );
}
