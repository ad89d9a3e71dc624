import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconHelpCircle } from '@tabler/icons-react';
import type { CheckState } from '../../../../shared/model/checklist.ts';
import css from './Checklist.module.css';

const signs = { red: IconCircleX, amber: IconAlertTriangle, unknown: IconHelpCircle, green: IconCircleCheck };

/** The sign of a state; each has a form of its own, so that colour is not the only thing that says it. */
export function StateSign({ state, small = false }: { readonly state: CheckState; readonly small?: boolean }) {
  const Sign = signs[state];
  return <Sign className={css.sign} data-state={state} size={small ? 18 : 24} stroke={1.9} aria-hidden />;
}
