import { useTranslation } from 'react-i18next';
import { useFormat } from '../locales/FormatContext.tsx';
import css from './LifeBar.module.css';
import { type Lifetime, lifeShape } from './life.ts';
import { useNow } from './now.ts';

/** One certificate's validity: how much is over, where now stands, and (hatched) when it should be renewed. */
export function LifeBar({ life, wide = false }: { readonly life: Lifetime; readonly wide?: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { used, renewal } = lifeShape(life, useNow());
  const percent = format.percent(used);
  const label =
    life.state === 'expired'
      ? t('common.life.over')
      : life.state === 'revoked'
        ? t('common.life.stopped', { percent })
        : life.state === 'hold'
          ? t('common.life.held', { percent })
          : t('common.life.used', { percent });
  return (
    <span className={css.life} data-state={life.state} data-wide={wide || undefined} role="img" aria-label={label} title={label}>
      <span className={css.used} style={{ width: `${used * 100}%` }} />
      <span className={css.renewal} style={{ width: `${renewal * 100}%` }} />
      <span className={css.now} style={{ left: `${used * 100}%` }} />
    </span>
  );
}
