import { useTranslation } from 'react-i18next';
import { passphraseMinimum } from '../../../shared/model/vault.ts';
import css from './StrengthMeter.module.css';
import { estimateStrength } from './strength.ts';

const steps = { empty: 0, short: 1, weak: 1, fair: 2, strong: 3 } as const;

/** Three steps, a word and the reason. The reason is what helps. */
export function StrengthMeter({ passphrase }: { readonly passphrase: string }) {
  const { t } = useTranslation();
  const strength = estimateStrength(passphrase);
  const filled = steps[strength.level];
  return (
    <span className={css.strength} data-level={strength.level}>
      <span className={css.steps} aria-hidden>
        {[1, 2, 3].map((step) => (
          <span key={step} data-filled={step <= filled || undefined} />
        ))}
      </span>
      <span className={css.words} aria-live="polite">
        {strength.level === 'empty' && t('app.strength.empty', { minimum: passphraseMinimum })}
        {strength.level === 'short' && <b>{t('app.strength.short', { count: strength.missing })}</b>}
        {'reason' in strength && (
          <>
            <b>{t(`app.strength.${strength.level}`)}.</b> {t(`app.strength.because.${strength.reason}`)}
          </>
        )}
      </span>
    </span>
  );
}
