import { Button } from '@mantine/core';
import { IconBox, IconFileOff, IconFlask, IconPlugConnectedX, IconShieldLock } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../bridge/action.ts';
import { beginPractice } from '../bridge/practice.ts';
import { useCall } from '../bridge/queries.ts';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';
import { Mark } from '../ui/Mark.tsx';
import { Note } from '../ui/Note.tsx';
import { CreateVault } from './CreateVault.tsx';
import { splitPath } from './file-name.ts';
import { chooseVault } from './vault-actions.ts';
import css from './Welcome.module.css';

const RestoreBackup = lazy(async () => ({ default: (await import('./RestoreBackup.tsx')).RestoreBackup }));
const RestoreCopy = lazy(async () => ({ default: (await import('./RestoreCopy.tsx')).RestoreCopy }));

const points = [
  ['offline', IconPlugConnectedX],
  ['kit', IconBox],
  ['vault', IconShieldLock],
] as const;

/** First run, on one calm page: what this is, and the one thing to do. */
export function Welcome({ file }: { readonly file: string }) {
  const { t } = useTranslation();
  const open = useAction(chooseVault);
  const practise = useAction(beginPractice);
  const copies = useCall('vault.copies', undefined);
  const [restoring, setRestoring] = useState<'copy' | 'backup' | null>(null);
  useEffect(() => {
    document.title = t('app.windowTitle', { page: t('app.welcome.title') });
  }, [t]);
  if (restoring)
    return (
      <Suspense>
        {restoring === 'copy' ? (
          <RestoreCopy file={file} lastOperator="" onBack={() => setRestoring(null)} />
        ) : (
          <RestoreBackup file={file} lastOperator="" replaces={false} onBack={() => setRestoring(null)} />
        )}
      </Suspense>
    );
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
        {copies.data && copies.data.length > 0 && (
          <div className={css.copies}>
            <Note tone="due" icon={IconFileOff} title={t('app.restore.missing')}>
              <p>{t('app.restore.missingText', { file: splitPath(file).name })}</p>
              <Button size="sm" mt={12} onClick={() => setRestoring('copy')}>
                {t('app.restore.open')}
              </Button>
            </Note>
          </div>
        )}
        <div className={css.try}>
          <Button
            size="lg"
            variant="default"
            leftSection={<IconFlask size={22} stroke={1.7} aria-hidden />}
            aria-disabled={practise.pending}
            onClick={() => !practise.pending && void practise.run()}
          >
            {t(practise.pending ? 'practice.begin.busy' : 'practice.begin.action')}
          </Button>
          <p>{t('practice.begin.text')}</p>
          {practise.error && <ErrorPanel error={practise.error} />}
        </div>
        <div className={css.existing}>
          <Button variant="default" onClick={() => void open.run()}>
            {t('app.welcome.openExisting')}
          </Button>
          <Button variant="default" onClick={() => setRestoring('backup')}>
            {t('safety.restore.open')}
          </Button>
          {open.error && <ErrorPanel error={open.error} />}
        </div>
      </div>
      <CreateVault file={file} />
    </main>
  );
}
