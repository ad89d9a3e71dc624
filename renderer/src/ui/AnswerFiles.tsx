import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../shared/contract.ts';
import { useAction } from '../bridge/action.ts';
import { useFormat } from '../locales/FormatContext.tsx';
import css from './AnswerFiles.module.css';
import { DropFiles, type ReadFile } from './DropFiles.tsx';
import { ErrorPanel } from './ErrorPanel.tsx';
import { FindingList } from './FindingList.tsx';
import { Note } from './Note.tsx';

/** What all answers have in common, whatever was asked for. */
export type AnswerReview = CallOutput<'broker.reviewAnswer'>;

const fileLimit = 1024 * 1024;
/** So many files are taken; a chain is shorter. */
const most = 20;

/** The files that were given so far, and what they are worth. More may follow: chains come in pieces. */
export function useAnswer<R extends AnswerReview>(judge: (files: ReadFile[]) => Promise<R>) {
  const [files, setFiles] = useState<readonly ReadFile[]>([]);
  const [review, setReview] = useState<R | null>(null);
  const sent = (list: readonly ReadFile[]) => list.slice(0, most).map(({ name, bytes }) => ({ name, bytes }));
  const look = useAction(async (more: readonly ReadFile[]) => {
    // the same name again is the better copy of it
    const all = [...files.filter(({ name }) => !more.some((each) => each.name === name)), ...more];
    const found = await judge(sent(all));
    setFiles(all);
    setReview(found);
  });
  return { files: sent(files), review, look };
}

interface Props {
  readonly answer: Pick<ReturnType<typeof useAnswer>, 'review' | 'look'>;
  /** From what to the root, for whoever hears the list. */
  readonly chain: string;
  /** Under the chain: what else is to be known before it is taken. */
  readonly children?: ReactNode;
}

/** A place for the files of an answer, the chain that they make, and why it cannot be used. */
export function AnswerFiles({ answer: { review, look }, chain, children }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
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
        <ol className={css.chain} aria-label={chain}>
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
        {children}
      </div>
    </div>
  );
}
