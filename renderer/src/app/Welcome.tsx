import { Button } from '@mantine/core';
import { IconBox, IconPlugConnectedX, IconShieldLock } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../bridge/action.ts';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';
import { Mark } from '../ui/Mark.tsx';
import { CreateVault } from './CreateVault.tsx';
import { chooseVault } from './vault-actions.ts';
import css from './Welcome.module.css';

const points = [
  ['offline', IconPlugConnectedX],
  ['kit', IconBox],
  ['vault', IconShieldLock],
] as const;

/** First run, on one calm page: what this is, and the one thing to do. */
export function Welcome({ file }: { readonly file: string }) {
  const { t } = useTranslation();
  const open = useAction(chooseVault);
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
        <div className={css.existing}>
          <Button variant="default" onClick={() => void open.run()}>
            {t('app.welcome.openExisting')}
          </Button>
          {open.error && <ErrorPanel error={open.error} />}
        </div>
      </div>
      <CreateVault file={file} />
    </main>
  );
}
