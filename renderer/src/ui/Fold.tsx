import { IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import css from './Fold.module.css';

/** Something that most people do not need, behind its name. The native element: keyboard and search work in it. */
export function Fold({ summary, children }: { readonly summary: ReactNode; readonly children: ReactNode }) {
  return (
    <details className={css.fold}>
      <summary>
        <IconChevronRight size={18} aria-hidden />
        <span>{summary}</span>
      </summary>
      <div className={css.content}>{children}</div>
    </details>
  );
}
