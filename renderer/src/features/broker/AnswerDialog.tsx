import { Button } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { AnswerFiles, useAnswer } from '../../ui/AnswerFiles.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Note } from '../../ui/Note.tsx';

interface Props {
  readonly projectId: number;
  /** It answers no request: it is what a broker of somebody else has. */
  readonly asGiven?: boolean;
  readonly onDone: (filesToCopy: readonly string[]) => void;
  readonly onClose: () => void;
}

/** What another authority sent back for the broker, looked at before it is used. */
export function AnswerDialog({ projectId, asGiven = false, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const answer = useAnswer((files) => call('broker.reviewAnswer', { projectId, files, asGiven }));
  const { review, files } = answer;
  const usable = review !== null && review.refusal === null;
  const take = useAction(async () => onDone((await call('broker.takeAnswer', { projectId, files, asGiven })).filesToCopy));
  return (
    <Dialog title={t(asGiven ? 'broker.answer.given' : 'broker.answer.title')} onClose={onClose}>
      {asGiven && <p>{t('broker.answer.givenText')}</p>}
      <AnswerFiles answer={answer} chain={t('broker.answer.chain')}>
        {usable && review.missing.length > 0 && (
          <Note tone="due" icon={IconAlertTriangle} title={t('broker.answer.missing')}>
            <p>{review.missing.join(', ')}</p>
          </Note>
        )}
        {usable && (
          <Note tone="due" icon={IconInfoCircle} title={t('broker.answer.first')}>
            <p>{t(asGiven ? 'broker.answer.firstGiven' : 'broker.answer.firstText')}</p>
          </Note>
        )}
      </AnswerFiles>
      {take.error && <ErrorPanel error={take.error} />}
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {t('safety.cancel')}
        </Button>
        <Button disabled={!usable} loading={take.pending} onClick={() => void take.run()}>
          {t('broker.answer.take')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
