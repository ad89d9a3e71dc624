import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import css from './Note.module.css';
import type { Tone } from './StatePill.tsx';

interface Props {
  readonly tone: Tone;
  readonly icon: Icon;
  readonly title?: string;
  readonly children: ReactNode;
}

/** Something to know before going on; with its sign, so that colour is not the only thing that says it. */
export function Note({ tone, icon: Sign, title, children }: Props) {
  return (
    <div className={css.note} data-tone={tone}>
      <Sign size={22} stroke={1.8} aria-hidden />
      <div>
        {title !== undefined && <b>{title}</b>}
        {children}
      </div>
    </div>
  );
}
