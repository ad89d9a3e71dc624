import { IconBox, IconPlugConnectedX, IconShieldLock } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Mark } from '../ui/Mark.tsx';
import { CreateVault } from './CreateVault.tsx';
import css from './Welcome.module.css';

const points = [
  ['offline', IconPlugConnectedX],
  ['kit', IconBox],
  ['vault', IconShieldLock],
] as const;

/** First run, on one calm page: what this is, and the one thing to do. */
export function Welcome({ file }: { readonly file: string }) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = t('app.windowTitle', { page: t('app.welcome.title') });
  }, [t]);
  return (
    <main className={css.welcome}>
      <div className={css.about}>
        <Mark size={56} />
        <h1>{t('app.welcome.title')}</h1>
        <p className={css.lead}>{t('app.welcome.lead')}</p>
        <ul>
          {points.map(([point, Picture]) => (
            <li key={point}>
              <Picture size={26} stroke={1.5} aria-hidden />
              <span>
                <b>{t(`app.welcome.points.${point}.title`)}</b>
                <span>{t(`app.welcome.points.${point}.text`)}</span>
              </span>
            </li>
          ))}
        </ul>
      </div>
      <CreateVault file={file} />
    </main>
  );
}
