import { Button } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { DropFiles, type ReadFile } from '../../ui/DropFiles.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { FindingList } from '../../ui/FindingList.tsx';
import { Note } from '../../ui/Note.tsx';
import css from './Origin.module.css';

interface Props {
  readonly projectId: number;
  readonly onDone: (filesToCopy: readonly string[]) => void;
  readonly onClose: () => void;
}

const fileLimit = 1024 * 1024;

/** What another authority sent back, looked at before it is used. More files may follow: chains come in pieces. */
export function AnswerDialog({ projectId, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [files, setFiles] = useState<readonly ReadFile[]>([]);
  const [review, setReview] = useState<CallOutput<'broker.reviewAnswer'> | null>(null);
  const sent = (list: readonly ReadFile[]) => list.slice(0, 20).map(({ name, bytes }) => ({ name, bytes }));
  const look = useAction(async (more: readonly ReadFile[]) => {
    // the same name again is the better copy of it
    const all = [...files.filter(({ name }) => !more.some((each) => each.name === name)), ...more];
    const found = await call('broker.reviewAnswer', { projectId, files: sent(all) });
    setFiles(all);
    setReview(found);
  });
  const take = useAction(async () => onDone((await call('broker.takeAnswer', { projectId, files: sent(files) })).filesToCopy));
  return (
    <Dialog title={t('broker.answer.title')} onClose={onClose}>
      <div className={css.stack}>
        <DropFiles
          title={t('broker.answer.drop')}
          text={t('broker.answer.dropText')}
          button={t('intake.choose')}
          pending={look.pending}
          limit={fileLimit}
          onFiles={(more) => void look.run(more)}
        />
        {look.error && <ErrorPanel error={look.error} />}
        {review && review.chain.length > 0 && (
          <ol className={css.chain} aria-label={t('broker.answer.chain')}>
            {review.chain.map(({ name, serial, notAfter, findings }) => (
              <li key={`${name} ${serial}`}>
                <b>{name}</b>
                <span>{t('broker.answer.until', { date: format.date(notAfter) })}</span>
                <FindingList findings={findings} />
              </li>
            ))}
          </ol>
        )}
        <div role="status" className={css.stack}>
          {review?.refusal && (
            <Note tone="bad" icon={IconAlertTriangle} title={t('broker.answer.refused')}>
              <p>{t(`intake.answer.${review.refusal}`)}</p>
            </Note>
          )}
          {review && review.refusal === null && review.missing.length > 0 && (
            <Note tone="due" icon={IconAlertTriangle} title={t('broker.answer.missing')}>
              <p>{review.missing.join(', ')}</p>
            </Note>
          )}
          {review && review.refusal === null && (
            <Note tone="due" icon={IconInfoCircle} title={t('broker.answer.first')}>
              <p>{t('broker.answer.firstText')}</p>
            </Note>
          )}
        </div>
        {take.error && <ErrorPanel error={take.error} />}
      </div>
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {t('safety.cancel')}
        </Button>
        <Button disabled={!review || review.refusal !== null} loading={take.pending} onClick={() => void take.run()}>
          {t('broker.answer.take')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
