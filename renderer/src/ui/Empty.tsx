import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import css from './Empty.module.css';

interface Props {
  readonly icon: Icon;
  readonly title: string;
  readonly text: ReactNode;
  readonly action?: ReactNode;
}

/** A page with nothing on it teaches: a picture, a sentence, and the one action that fills it. */
export function Empty({ icon: Picture, title, text, action }: Props) {
  return (
    <div className={css.empty}>
      <span className={css.picture}>
        <Picture size={32} stroke={1.5} aria-hidden />
      </span>
      <h2>{title}</h2>
      <p>{text}</p>
      {action}
    </div>
  );
}
