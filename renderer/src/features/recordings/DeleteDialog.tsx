import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Recording } from '../../../../shared/model/recording.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { recordingsChanged } from '../../bridge/recording.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { nameOf } from './words.ts';

interface Props {
  readonly recording: Recording;
  readonly onClose: () => void;
  /** It is gone. */
  readonly onDeleted?: () => void;
}

/** Says what goes before it goes. */
export function DeleteDialog({ recording, onClose, onDeleted }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = nameOf(recording, t, format);
  const remove = useAction(async () => {
    await call('recording.delete', { recordingId: recording.recordingId });
    recordingsChanged();
    onClose();
    onDeleted?.();
  });
  return (
    <Dialog title={t('recordings.delete.title', { name })} onClose={onClose}>
      <p>
        {recording.unreadable
          ? t('recordings.delete.textUnreadable', { size: format.bytes(recording.bytes) })
          : t('recordings.delete.text', { count: recording.messages, size: format.bytes(recording.bytes) })}
      </p>
      {remove.error && <ErrorPanel error={remove.error} />}
      <DialogActions>
        <Button variant="default" size="lg" onClick={onClose}>
          {t('recordings.delete.keep')}
        </Button>
        <Button size="lg" loading={remove.pending} onClick={() => void remove.run()}>
          {t('recordings.delete.do')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
