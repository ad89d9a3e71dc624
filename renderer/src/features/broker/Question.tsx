import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Fold } from '../../ui/Fold.tsx';
import css from './Broker.module.css';

interface Props {
  readonly title: string;
  readonly answer: string;
  readonly wrong?: boolean;
  readonly children: ReactNode;
}

/** Closed, it says what holds; whoever wants something else opens it. */
export function Question({ title, answer, wrong = false, children }: Props) {
  const { t } = useTranslation();
  return (
    <Fold
      summary={
        <span className={css.question}>
          <b>{title}</b>
          <span data-wrong={wrong || undefined}>{wrong ? t('broker.kit.wrong') : answer}</span>
        </span>
      }
    >
      <div className={css.form}>{children}</div>
    </Fold>
  );
}
