import { IconAlertTriangle, IconCircleCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { forgetRecording, useRecordingError, useRecordingOf } from '../../../bridge/recording.ts';
import { useFormat } from '../../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { Note } from '../../../ui/Note.tsx';
import { hrefOf } from '../../../ui/route.ts';
import css from './Recording.module.css';

interface Props {
  readonly connectionId: string | undefined;
  /** A connection of one's own: behind the lock it does not come back when it is lost. */
  readonly own: boolean;
}

/** What a lock does to the recording of a connection; how the last one ended, where it lies, and what is not in it. */
export function RecordingNote({ connectionId, own }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const state = useRecordingOf(connectionId);
  const error = useRecordingError(connectionId);
  if (error) return <ErrorPanel error={error} />;
  if (!state) return null;
  const lock = state.ended === null && (
    <p className={css.lock}>{t(own ? 'recordings.button.lockedOwn' : 'recordings.button.locked')}</p>
  );
  if (state.ended === null && state.missed === 0 && state.removed === 0) return lock;
  const { ended, reason, recordingId } = state;
  const broken = ended === 'full' || ended === 'failed';
  const bad = broken || state.missed > 0;
  return (
    <>
      {lock}
      <div role="status" className={css.note}>
        <Note tone={bad ? 'bad' : 'ok'} icon={bad ? IconAlertTriangle : IconCircleCheck}>
          <p>
            {ended === 'full' && `${t('recordings.note.full')} `}
            {ended === 'failed' && `${t('recordings.note.failed', { reason })} `}
            {ended !== null &&
              t('recordings.note.kept', {
                count: state.messages,
                messages: format.number(state.messages),
                size: format.bytes(state.bytes),
              })}
            {state.missed > 0 && ` ${t('recordings.note.missed', { count: state.missed })}`}
            {state.removed > 0 && ` ${t('recordings.note.removed', { count: state.removed })}`}{' '}
            <a href={hrefOf('recordings', { id: recordingId })}>{t('recordings.note.open')}</a>
          </p>
        </Note>
        {ended !== null && (
          <button
            type="button"
            aria-label={t('recordings.note.dismiss')}
            title={t('recordings.note.dismiss')}
            onClick={() => forgetRecording(state.connectionId)}
          >
            <IconX size={18} aria-hidden />
          </button>
        )}
      </div>
    </>
  );
}
