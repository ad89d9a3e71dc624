import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { crlDeadline } from '../../../../shared/rules/crl-deadline.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { useNow } from '../../ui/now.ts';
import { Time } from '../../ui/Time.tsx';
import css from './Due.module.css';

/** When it ends, as a person says it; what is over or nearly so is red, with a word. */
export function DueWhen({ item: { kind, notAfter } }: { readonly item: CallOutput<'due.list'>['own'][number] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const over = now >= notAfter;
  const urgent = kind === 'crl' && crlDeadline(notAfter, now) === 'urgent';
  const when = `${format.relative(notAfter, now)}, ${format.date(notAfter).replaceAll(' ', '\u00a0')}`;
  return (
    <span className={css.when} data-tone={over || urgent ? 'bad' : 'due'}>
      <Time at={notAfter}>{over ? t('devices.drawer.ended', { when }) : t('devices.drawer.ends', { when })}</Time>
    </span>
  );
}
