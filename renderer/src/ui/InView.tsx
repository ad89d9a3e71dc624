import { type ReactNode, useEffect, useRef } from 'react';
import css from './InView.module.css';

/** Something that has just come and must be seen, also where a dialog is longer than the window: it scrolls itself into view. */
export function InView({ children }: { readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.scrollIntoView({ block: 'center' }), []);
  return (
    <div ref={place} className={css.place}>
      {children}
    </div>
  );
}
