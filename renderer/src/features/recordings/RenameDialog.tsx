import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Recording } from '../../../../shared/model/recording.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { recordingsChanged } from '../../bridge/recording.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { TextField } from '../../ui/Field.tsx';
import { nameOf } from './words.ts';

/** Gives a recording a name of its own; an empty one takes it away again. */
export function RenameDialog({ recording, onClose }: { readonly recording: Recording; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [name, setName] = useState(recording.name);
  const rename = useAction(async () => {
    await call('recording.rename', { recordingId: recording.recordingId, name });
    recordingsChanged();
    onClose();
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void rename.run();
  };
  return (
    <Dialog title={t('recordings.rename.title')} onClose={onClose}>
      <form onSubmit={onSubmit}>
        <TextField
          label={t('recordings.rename.label')}
          hint={t('recordings.rename.hint')}
          placeholder={nameOf({ ...recording, name: '' }, t, format)}
          value={name}
          onChange={setName}
          maxLength={200}
        />
        {rename.error && <ErrorPanel error={rename.error} />}
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            {t('jobs.cancel')}
          </Button>
          <Button type="submit" loading={rename.pending}>
            {t('recordings.rename.do')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
