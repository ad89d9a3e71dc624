import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { everything, type Recording, type RecordingFormat, type RecordingQuery } from '../../../../shared/model/recording.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { startJob, useJob } from '../../bridge/jobs.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Code } from '../../ui/Code.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { JobProgress } from '../../ui/JobProgress.tsx';
import { Note } from '../../ui/Note.tsx';
import { Options } from '../../ui/Options.tsx';
import { hrefOf } from '../../ui/route.ts';
import { LeftOut } from './LeftOut.tsx';
import { nameOf } from './words.ts';

interface Props {
  readonly recording: Recording;
  readonly query: RecordingQuery;
  /** What the search found; null = nothing is looked for. */
  readonly found: number | null;
  readonly onClose: () => void;
}

/** Writes a recording, or what was found of it, to a file for other programs. */
export function ExportDialog({ recording, query, found, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [as, setAs] = useState<RecordingFormat>('ndjson');
  const [what, setWhat] = useState<'found' | 'all'>(found === null ? 'all' : 'found');
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useJob('recording.export', jobId);
  const name = nameOf(recording, t, format);
  const start = useAction(async () => {
    const chosen = await call('recording.choose', { name, format: as });
    if (!chosen) return;
    const { recordingId } = recording;
    const input = { recordingId, query: what === 'found' ? query : everything, format: as, file: chosen.file };
    setJobId(startJob('recording.export', input, { subject: name, href: hrefOf('recordings', { id: recordingId }) }));
  });
  const messages = format.number(what === 'found' ? (found ?? 0) : recording.messages);
  return (
    <Dialog title={t('recordings.export.title', { name })} onClose={onClose}>
      {job && (job.state === 'running' || job.state === 'cancelling') ? (
        <JobProgress job={job} kept={t('recordings.export.kept')} />
      ) : job?.state === 'done' && job.result ? (
        <>
          <div role="status">
            <Note
              tone="ok"
              icon={IconCircleCheck}
              title={t('recordings.export.done', { count: job.result.messages, messages: format.number(job.result.messages) })}
            >
              <p>{t('recordings.export.plain')}</p>
            </Note>
            <LeftOut count={job.result.unreadable} />
          </div>
          <Code text={job.result.file} what={t('recordings.export.file')} />
          <DialogActions>
            <Button size="lg" onClick={onClose}>
              {t('common.close')}
            </Button>
          </DialogActions>
        </>
      ) : (
        <>
          {found !== null && (
            <Options
              layout="row"
              legend={t('recordings.export.what')}
              value={what}
              options={[
                { value: 'found' as const, label: t('recordings.export.found', { messages: format.number(found) }) },
                { value: 'all' as const, label: t('recordings.export.all', { messages: format.number(recording.messages) }) },
              ]}
              onChange={setWhat}
            />
          )}
          <Options
            legend={t('recordings.export.format')}
            value={as}
            options={[
              { value: 'ndjson' as const, label: 'NDJSON', text: t('recordings.export.ndjson') },
              { value: 'csv' as const, label: 'CSV', text: t('recordings.export.csv') },
            ]}
            onChange={setAs}
          />
          <p>{t('recordings.export.plain')}</p>
          {job?.error && job.state === 'failed' && <ErrorPanel error={job.error} />}
          {start.error && <ErrorPanel error={start.error} />}
          <DialogActions>
            <Button variant="default" size="lg" onClick={onClose}>
              {t('jobs.cancel')}
            </Button>
            <Button size="lg" loading={start.pending} onClick={() => void start.run()}>
              {t('recordings.export.do', { messages })}
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}
