import { IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Code } from '../../ui/Code.tsx';
import { Diff } from '../../ui/Diff.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Options } from '../../ui/Options.tsx';
import css from './KitFiles.module.css';
import type { KitFile } from './KitFiles.tsx';

/** The text of a file: what is different from the last export, or all of it. */
export function FileContent({ file }: { readonly file: KitFile }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [view, setView] = useState<'changes' | 'whole'>('changes');
  const { content, before } = file;
  if (file.secret && content === null) {
    return (
      <Empty
        icon={IconLock}
        title={t('broker.files.secret')}
        text={t('broker.files.secretText', { size: format.bytes(file.bytes) })}
      />
    );
  }
  // the letters of a certificate say nothing to anybody
  const comparable = before !== null && content !== null && !file.path.startsWith('certs/');
  const what = t('broker.files.content', { path: file.path });
  return (
    <div className={css.content}>
      {file.change === 'gone' && <p className={css.note}>{t('broker.files.goneText')}</p>}
      {file.secret && <p className={css.note}>{t('broker.files.hashesHidden')}</p>}
      {file.change === 'changed' && before === null && !file.secret && (
        <p className={css.note}>{t('broker.files.unknownBefore')}</p>
      )}
      {file.change === 'changed' && comparable && (
        <Options
          legend={t('broker.files.view')}
          hiddenLegend
          layout="row"
          value={view}
          options={(['changes', 'whole'] as const).map((value) => ({ value, label: t(`broker.files.${value}`) }))}
          onChange={setView}
        />
      )}
      {comparable && (view === 'changes' || file.change === 'gone') ? (
        <Diff before={before} after={content} what={what} />
      ) : (
        content !== null && content !== '' && <Code text={content} what={what} block />
      )}
    </div>
  );
}
