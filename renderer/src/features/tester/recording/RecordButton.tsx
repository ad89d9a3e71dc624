import { Button } from '@mantine/core';
import { IconPlayerRecordFilled, IconPlayerStopFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { toggleRecording, useRecordingOf } from '../../../bridge/recording.ts';
import { useFormat } from '../../../locales/FormatContext.tsx';
import css from './Recording.module.css';

interface Props {
  readonly connectionId: string | undefined;
  /** There is a connection whose messages could be recorded. */
  readonly open: boolean;
}

/** Starts and ends the recording of a connection. While it goes on: the red mark, how many messages, how large. */
export function RecordButton({ connectionId, open }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const state = useRecordingOf(connectionId);
  const going = state !== null && state.ended === null;
  const size = format.bytes(state?.bytes ?? 0);
  const messages = t('recordings.search.all', { count: state?.messages ?? 0, messages: format.number(state?.messages ?? 0) });
  const about = t('recordings.button.stopNamed', { messages });
  return (
    <Button
      variant="default"
      className={css.record ?? ''}
      data-recording={going || undefined}
      disabled={!open || connectionId === undefined}
      title={going ? `${t('recordings.button.stop')} ${about} · ${size}` : t('recordings.button.startHint')}
      aria-pressed={going}
      leftSection={going ? <IconPlayerStopFilled size={16} aria-hidden /> : <IconPlayerRecordFilled size={16} aria-hidden />}
      onClick={() => connectionId !== undefined && void toggleRecording(connectionId)}
    >
      <span className={going ? css.stop : css.word}>{t(going ? 'recordings.button.stop' : 'recordings.button.start')}</span>
      {going && (
        <span className={css.size}>
          {size}
          <span className="visually-hidden">{` ${about}`}</span>
        </span>
      )}
    </Button>
  );
}
