import { IconFileText, IconKey, IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Code } from '../../ui/Code.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import css from './KitFiles.module.css';

type File = CallOutput<'preview.broker'>[number];

/** Every file that an export writes for the broker, and whether it differs from the last export. */
export function KitFiles({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const files = useCall('preview.broker', { projectId });
  const [path, setPath] = useState<string | null>(null);
  const list = files.data ?? [];
  const shown = list.find((file) => file.path === path) ?? list[0];
  return (
    <Panel className={css.panel} title={t('broker.files.title')} aside={t('broker.files.lead')}>
      {files.isError ? (
        <ErrorPanel error={reportOf(files.error)} onRetry={() => void files.refetch()} />
      ) : !shown ? (
        <Waiting lines={6} />
      ) : (
        <div className={css.files}>
          <ul className={css.list} aria-label={t('broker.files.list')}>
            {list.map((file) => (
              <Entry key={file.path} file={file} chosen={file === shown} onChoose={() => setPath(file.path)} />
            ))}
          </ul>
          <Content file={shown} />
        </div>
      )}
    </Panel>
  );
}

interface EntryProps {
  readonly file: File;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Entry({ file, chosen, onChoose }: EntryProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const Sign = file.secret ? IconKey : IconFileText;
  return (
    <li>
      <button type="button" aria-pressed={chosen} onClick={onChoose}>
        <Sign size={20} stroke={1.7} aria-hidden />
        <span>
          <b>{file.path}</b>
          <span data-change={file.change}>
            {t(`broker.files.change.${file.change}`)} · {format.bytes(file.bytes)}
          </span>
        </span>
      </button>
    </li>
  );
}

function Content({ file }: { readonly file: File }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (file.secret || file.content === null) {
    return (
      <Empty
        icon={IconLock}
        title={t('broker.files.secret')}
        text={t('broker.files.secretText', { size: format.bytes(file.bytes) })}
      />
    );
  }
  return (
    <div className={css.content}>
      <Code key={file.path} text={file.content} what={t('broker.files.content', { path: file.path })} block />
    </div>
  );
}
