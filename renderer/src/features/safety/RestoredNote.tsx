import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Restored } from '../../bridge/restored.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Note } from '../../ui/Note.tsx';
import { hrefOf } from '../../ui/route.ts';
import css from './Safety.module.css';

/** What a restore did, and what the broker needs now. */
export function RestoredNote({ restored, onDone }: { readonly restored: Restored; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { manifest, kept, published, withheld } = restored;
  return (
    <div role="status">
      <Note tone="ok" icon={IconHistory} title={t('safety.restored.title')}>
        <p>{t('safety.restored.of', { date: format.dateTime(manifest.at), operator: manifest.operator })}</p>
        <ul className={css.list}>
          {published.map(({ authority, number }) => (
            <li key={authority}>{t('safety.restored.published', { authority, number: String(number) })}</li>
          ))}
          {withheld.map(({ authority }) => (
            <li key={authority}>{t('safety.restored.withheld', { authority })}</li>
          ))}
          {kept !== null && <li className={css.breaks}>{t('safety.restored.kept', { file: kept })}</li>}
        </ul>
        <p>{t('safety.restored.next')}</p>
        <div className={css.actions}>
          <Button component="a" size="sm" href={hrefOf('export')}>
            {t('safety.restored.export')}
          </Button>
          <Button size="sm" variant="default" onClick={onDone}>
            {t('safety.done')}
          </Button>
        </div>
      </Note>
    </div>
  );
}
