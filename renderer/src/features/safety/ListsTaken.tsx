import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import css from './Safety.module.css';

type Taken = CallOutput<'crl.takeOver'>;

/** What became of the lists that were brought, and which are new: items of a list. */
export function ListsTaken({ brought, takenOver, unknown, published, withheld }: Taken) {
  const { t } = useTranslation();
  return (
    <>
      {(brought > 0 || takenOver > 0) && (
        <li>
          {takenOver === 0 ? t('safety.lists.nothing') : t('safety.lists.taken', { count: takenOver })}{' '}
          {unknown > 0 && t('safety.lists.unknown', { count: unknown })}
        </li>
      )}
      {published.map(({ authority, number }) => (
        <li key={authority} className={css.breaks}>
          {t('safety.restored.published', { authority, number: String(number) })}
        </li>
      ))}
      {withheld.map(({ authority, code }) => (
        <li key={authority} className={css.breaks}>
          {t(code === 'CLOCK_WRONG' ? 'safety.restored.withheldClock' : 'safety.restored.withheld', { authority })}
        </li>
      ))}
    </>
  );
}
