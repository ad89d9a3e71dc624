import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SavedCheck } from '../../../../shared/model/check.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { checksChanged } from './checks-query.ts';
import { Sentence } from './Sentence.tsx';
import { useCheckSentence } from './words.ts';

interface Props {
  readonly projectId: number;
  readonly saved: SavedCheck;
  readonly onClose: () => void;
}

/** Says what goes before it goes. */
export function RemoveDialog({ projectId, saved, onClose }: Props) {
  const { t } = useTranslation();
  const { name } = saved.check;
  const { published, expected } = useCheckSentence()(saved.check);
  const remove = useAction(async () => {
    await call('check.remove', { projectId, checkId: saved.checkId });
    await checksChanged();
    onClose();
  });
  return (
    <Dialog title={t('checks.delete.title', { name })} onClose={onClose}>
      <p>
        <Sentence text={published} /> → <Sentence text={expected} />
      </p>
      <p>{t('checks.delete.text')}</p>
      {remove.error && <ErrorPanel error={remove.error} />}
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {t('checks.delete.keep')}
        </Button>
        <WriteButton loading={remove.pending} onClick={() => void remove.run()}>
          {t('checks.delete.do')}
        </WriteButton>
      </DialogActions>
    </Dialog>
  );
}
