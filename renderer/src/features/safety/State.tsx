import { IconAlertTriangle, IconCircleCheck, IconClockExclamation } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import css from './Safety.module.css';

/** How things stand, with its sign: colour is not the only thing that says it. */
export function State({ tone, children }: { readonly tone: 'ok' | 'due' | 'bad'; readonly children: ReactNode }) {
  const Sign = { ok: IconCircleCheck, due: IconClockExclamation, bad: IconAlertTriangle }[tone];
  return (
    <p className={css.state} data-tone={tone}>
      <Sign size={22} stroke={1.8} aria-hidden />
      <span>{children}</span>
    </p>
  );
}
