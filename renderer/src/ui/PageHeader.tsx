import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import css from './PageHeader.module.css';

interface Props {
  /** Names the window; the heading may say more than that. */
  readonly page: string;
  readonly title: string;
  readonly lead?: ReactNode;
  readonly aside?: ReactNode;
}

/** The heading of a page. Takes the focus when the page appears, so that screen readers say where one has come. */
export function PageHeader({ page, title, lead, aside }: Props) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    document.title = t('app.windowTitle', { page });
  }, [t, page]);
  return (
    <header className={css.header}>
      <div>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead !== undefined && <p className={css.lead}>{lead}</p>}
      </div>
      {aside}
    </header>
  );
}
