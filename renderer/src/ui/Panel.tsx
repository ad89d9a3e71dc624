import type { ReactNode } from 'react';
import css from './Panel.module.css';

interface Props {
  readonly title?: string;
  readonly aside?: ReactNode;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A card with a hairline; with a title it is a named region of the page. */
export function Panel({ title, aside, className, children }: Props) {
  if (title === undefined) return <div className={`${css.panel} ${className ?? ''}`}>{children}</div>;
  return (
    <section className={`${css.panel} ${className ?? ''}`} aria-label={title}>
      <header className={css.head}>
        <h2>{title}</h2>
        {aside !== undefined && <div className={css.aside}>{aside}</div>}
      </header>
      {children}
    </section>
  );
}
