import { IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import css from './Fold.module.css';

interface Props {
  readonly summary: ReactNode;
  /** It is open at first, because something in it is not as usual. */
  readonly open?: boolean;
  readonly children: ReactNode;
}

/** Something that most people do not need, behind its name. The native element: keyboard and search work in it. */
export function Fold({ summary, open = false, children }: Props) {
  return (
    <details className={css.fold} open={open}>
      <summary>
        <IconChevronRight size={18} aria-hidden />
        <span>{summary}</span>
      </summary>
      <div className={css.content}>{children}</div>
    </details>
  );
}
