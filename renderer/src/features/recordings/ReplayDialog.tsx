import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  everything,
  type Recording,
  type RecordingQuery,
  type ReplaySpeed,
  replaySpeeds,
} from '../../../../shared/model/recording.ts';
import { startJob, useJob } from '../../bridge/jobs.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { SelectField, TextField, Tick } from '../../ui/Field.tsx';
import { JobProgress } from '../../ui/JobProgress.tsx';
import { Note } from '../../ui/Note.tsx';
import { Options } from '../../ui/Options.tsx';
import { hrefOf } from '../../ui/route.ts';
import css from './Recordings.module.css';
import { ReplayOutcome } from './ReplayOutcome.tsx';
import { useSearch } from './useSearch.ts';
import { nameOf } from './words.ts';

interface Props {
  readonly recording: Recording;
  readonly query: RecordingQuery;
  /** How many there are to publish. */
  readonly messages: number;
  readonly onClose: () => void;
}

/** Publishes a recording again, on a connection that is open. Says whom it would reach before it does. */
export function ReplayDialog({ recording, query: shown, messages: all, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const connections = useCall('tester.list', undefined);
  const open = (connections.data ?? []).filter(({ state }) => state.phase === 'connected');
  const [connectionId, setConnectionId] = useState('');
  const [speed, setSpeed] = useState<ReplaySpeed>(1);
  const [prefix, setPrefix] = useState('replay/');
  const [retain, setRetain] = useState(false);
  const [jobId, setJobId] = useState<string | null>(null);
  // where both are shown: what this end sent came back to it as well, and would go out twice
  const both = shown.direction === null;
  const sent = useSearch(
    recording.recordingId,
    useMemo(() => (both ? { ...shown, direction: 'out' as const } : everything), [both, shown]),
  );
  const received = all - sent.found;
  const mixed = both && sent.found > 0;
  const [wanted, setWanted] = useState<'in' | 'all' | null>(null);
  const which = wanted ?? (received > 0 ? 'in' : 'all');
  const receivedOnly = mixed && which === 'in';
  const messages = receivedOnly ? received : all;
  const job = useJob('recording.replay', jobId);
  const name = nameOf(recording, t, format);
  const labelOf = ({ identity, host, port }: (typeof open)[number]) =>
    t('recordings.replay.connectionOf', {
      who: identity.kind === 'observer' ? t('tester.observer') : 'id' in identity ? identity.id : t('recordings.connection'),
      host,
      port,
    });
  const chosen = open.find(({ state }) => state.connectionId === connectionId) ?? open[0];
  const prefixWrong = /[+#]/.test(prefix) || prefix.includes('\0');
  const start = () => {
    if (!chosen) return;
    const { recordingId } = recording;
    const query = receivedOnly ? { ...shown, direction: 'in' as const } : shown;
    const input = { recordingId, query, connectionId: chosen.state.connectionId, speed, prefix, retain };
    setJobId(startJob('recording.replay', input, { subject: name, href: hrefOf('recordings', { id: recordingId }) }));
  };
  const cancelled = job?.state === 'cancelled' ? job.error?.params['done'] : undefined;
  return (
    <Dialog title={t('recordings.replay.title', { name })} onClose={onClose}>
      {job && (job.state === 'running' || job.state === 'cancelling') ? (
        <JobProgress job={job} kept={t('recordings.replay.kept')} />
      ) : job?.state === 'done' && job.result ? (
        <ReplayOutcome result={job.result} prefix={prefix} onClose={onClose} />
      ) : (
        <>
          {cancelled !== undefined && (
            <div role="status">
              <Note tone="wait" icon={IconCircleCheck}>
                <p>{t('recordings.replay.stopped', { count: Number(cancelled), messages: format.number(Number(cancelled)) })}</p>
              </Note>
            </div>
          )}
          {connections.isSuccess && open.length === 0 ? (
            <Note tone="wait" icon={IconAlertTriangle} title={t('recordings.replay.noConnection.title')}>
              <p>
                {t('recordings.replay.noConnection.text')} <a href={hrefOf('test')}>{t('recordings.replay.noConnection.link')}</a>
              </p>
            </Note>
          ) : (
            <div className={css.form}>
              <SelectField
                label={t('recordings.replay.connection')}
                hint={t('recordings.replay.connectionHint')}
                value={chosen?.state.connectionId ?? ''}
                options={open.map((each) => ({ value: each.state.connectionId, label: labelOf(each) }))}
                onChange={setConnectionId}
              />
              {mixed && (
                <Options
                  legend={t('recordings.replay.which')}
                  value={which}
                  options={[
                    { value: 'in', label: t('recordings.replay.received', { messages: format.number(received) }) },
                    {
                      value: 'all',
                      label: t('recordings.replay.all', { messages: format.number(all), sent: format.number(sent.found) }),
                      text: t('recordings.replay.allHint'),
                    },
                  ]}
                  onChange={setWanted}
                />
              )}
              <Options
                layout="row"
                legend={t('recordings.replay.speed')}
                value={speed}
                options={replaySpeeds.map((value) => ({ value, label: t(`recordings.replay.speeds.${value}`) }))}
                onChange={setSpeed}
              />
              <TextField
                label={t('recordings.replay.prefix')}
                hint={prefix === '' ? undefined : t('recordings.replay.prefixHint', { example: `${prefix}…` })}
                error={prefixWrong ? t('recordings.replay.prefixWrong') : undefined}
                value={prefix}
                onChange={setPrefix}
                maxLength={500}
                mono
              />
              {prefix === '' && (
                <Note tone="due" icon={IconAlertTriangle} title={t('recordings.replay.live.title')}>
                  <p>{t('recordings.replay.live.text')}</p>
                </Note>
              )}
              <Tick
                label={t('recordings.replay.retain')}
                hint={t('recordings.replay.retainHint')}
                checked={retain}
                onChange={setRetain}
              />
            </div>
          )}
          {sent.error && <ErrorPanel error={sent.error} />}
          {job?.error && job.state === 'failed' && <ErrorPanel error={job.error} />}
          <DialogActions>
            <Button variant="default" size="lg" onClick={onClose}>
              {t('jobs.cancel')}
            </Button>
            <Button
              size="lg"
              disabled={!chosen || prefixWrong || messages === 0 || !sent.done || sent.error !== null}
              onClick={start}
            >
              {t(prefix === '' ? 'recordings.replay.doLive' : 'recordings.replay.do', {
                count: messages,
                messages: format.number(messages),
              })}
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}
