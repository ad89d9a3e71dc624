import { useTranslation } from 'react-i18next';
import css from './Waiting.module.css';

/** Grey shapes where content will be. They appear only after a moment: most answers are there before. */
export function Waiting({ lines = 4 }: { readonly lines?: number }) {
  const { t } = useTranslation();
  return (
    <div className={css.waiting} role="status">
      <span className="visually-hidden">{t('common.loading')}</span>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: shapes have no identity
        <span key={index} className={css.line} aria-hidden />
      ))}
    </div>
  );
}
