import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Note } from '../../ui/Note.tsx';
import { hrefOf } from '../../ui/route.ts';
import css from './Broker.module.css';

/** What a saved change asks for on the broker's machine. */
export function FilesToCopy({ files, reissued = false }: { readonly files: readonly string[]; readonly reissued?: boolean }) {
  const { t } = useTranslation();
  return (
    <div className={css.saved}>
      <Note tone="ok" icon={IconCheck} title={t(reissued ? 'broker.saved.reissued' : 'broker.saved.title')}>
        {files.length === 0 ? (
          <p>{t('broker.saved.nothing')}</p>
        ) : (
          <>
            <p>{t('broker.saved.copy')}</p>
            <ul>
              {files.map((file) => (
                <li key={file} className="mono">
                  {file}
                </li>
              ))}
            </ul>
            <Button component="a" variant="default" size="sm" href={hrefOf('export')}>
              {t('broker.saved.export')}
            </Button>
          </>
        )}
      </Note>
    </div>
  );
}
