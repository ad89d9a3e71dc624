import { IconAlertTriangle, IconCircleCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { forgetRecording, useRecordingError, useRecordingOf } from '../../../bridge/recording.ts';
import { useFormat } from '../../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { Note } from '../../../ui/Note.tsx';
import { hrefOf } from '../../../ui/route.ts';
import css from './Recording.module.css';

/** How the last recording of a connection ended, where it lies, and what is not in it. */
export function RecordingNote({ connectionId }: { readonly connectionId: string | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const state = useRecordingOf(connectionId);
  const error = useRecordingError(connectionId);
  if (error) return <ErrorPanel error={error} />;
  if (!state || (state.ended === null && state.missed === 0 && state.removed === 0)) return null;
  const { ended, reason, recordingId } = state;
  const broken = ended === 'full' || ended === 'failed';
  const bad = broken || state.missed > 0;
  return (
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
  );
}
