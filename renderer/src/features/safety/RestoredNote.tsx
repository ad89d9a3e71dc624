import { Button } from '@mantine/core';
import { IconAlertTriangle, IconHistory } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Restored } from '../../bridge/restored.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Note } from '../../ui/Note.tsx';
import { hrefOf } from '../../ui/route.ts';
import { ListsTaken } from './ListsTaken.tsx';
import css from './Safety.module.css';

interface Props {
  readonly restored: Restored;
  readonly onDone: () => void;
  /** Brings the broker's list after all. */
  readonly onLists: () => void;
}

/** What a restore did, what it may lack, and what the broker needs now. */
export function RestoredNote({ restored, onDone, onLists }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { manifest, kept, own, brought } = restored;
  const lacks = brought === 0;
  return (
    <div role="status">
      <Note
        tone={lacks ? 'due' : 'ok'}
        icon={lacks ? IconAlertTriangle : IconHistory}
        title={t(manifest ? 'safety.restored.title' : 'safety.restored.copyTitle')}
      >
        <p>
          {manifest
            ? t('safety.restored.of', { date: format.dateTime(manifest.at), operator: manifest.operator })
            : t('safety.restored.ofCopy')}
        </p>
        {lacks && <p>{t(own > 0 ? 'safety.lists.missingOwn' : 'safety.lists.missing')}</p>}
        <ul className={css.list}>
          <ListsTaken {...restored} />
          {kept !== null && <li className={css.breaks}>{t('safety.restored.kept', { file: kept })}</li>}
        </ul>
        <p>{t('safety.restored.next')}</p>
        <div className={css.actions}>
          {lacks && (
            <Button size="sm" onClick={onLists}>
              {t('safety.lists.open')}
            </Button>
          )}
          <Button component="a" size="sm" variant={lacks ? 'default' : 'filled'} href={hrefOf('export')}>
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
