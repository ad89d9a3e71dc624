import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConfirmablePoint } from '../../../../shared/model/checklist.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { TextField } from '../../ui/Field.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Checklist.module.css';

interface Props {
  readonly projectId: number;
  readonly point: ConfirmablePoint;
  readonly withdraw: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks for the words that stand beside a confirmation in the record. */
export function ConfirmDialog({ projectId, point, withdraw, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const [note, setNote] = useState('');
  const [missing, setMissing] = useState(false);
  const confirm = useAction(async () => {
    await call('checklist.confirm', { projectId, point, withdraw, note });
    onDone();
  });
  const act = withdraw ? 'withdraw' : 'confirm';
  return (
    <Dialog title={t(`checklist.dialog.${act}`, { point: t(`checklist.title.${point}`) })} onClose={onClose}>
      <form
        className={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (note.trim() === '') setMissing(true);
          else void confirm.run();
        }}
      >
        <p>{t(withdraw ? 'checklist.dialog.withdrawText' : 'checklist.dialog.confirmText')}</p>
        <TextField
          label={t(withdraw ? 'checklist.dialog.reason' : 'checklist.dialog.note')}
          hint={withdraw ? undefined : t('checklist.dialog.example')}
          maxLength={500}
          value={note}
          error={missing ? t('checklist.dialog.missing') : undefined}
          onChange={(value) => {
            setNote(value);
            setMissing(false);
          }}
        />
        {confirm.error && <ErrorPanel error={confirm.error} />}
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            {t('safety.cancel')}
          </Button>
          <WriteButton type="submit" loading={confirm.pending}>
            {t(withdraw ? 'checklist.dialog.submitWithdraw' : 'checklist.dialog.submit')}
          </WriteButton>
        </DialogActions>
      </form>
    </Dialog>
  );
}
