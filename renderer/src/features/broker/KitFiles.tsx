import { useDebouncedValue } from '@mantine/hooks';
import { IconFileText, IconInfoCircle, IconKey, IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { BrokerSettings } from '../../../../shared/model/broker.ts';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Note } from '../../ui/Note.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { type BrokerDraft, draftOf, sameDraft, settingsOf } from './broker-form.ts';
import { FileContent } from './FileContent.tsx';
import css from './KitFiles.module.css';

export type KitFile = CallOutput<'preview.broker'>[number];

interface Props {
  readonly projectId: number;
  readonly stored: BrokerSettings;
  /** What stands in the form; the files follow it while it is sound. */
  readonly edited: BrokerDraft | null;
}

/** Every file that an export writes for the broker, and how it differs from the last export. */
export function KitFiles({ projectId, stored, edited }: Props) {
  const { t } = useTranslation();
  // while somebody types, the files need not follow each key
  const [typed] = useDebouncedValue(edited, 300);
  const changed = typed !== null && !sameDraft(typed, draftOf(stored));
  const sound = changed ? settingsOf(typed) : null;
  const settings = sound ? { ...sound, names: [...sound.names], addresses: [...sound.addresses] } : undefined;
  const files = useCall('preview.broker', { projectId, ...(settings ? { settings } : {}) }, { keepPrevious: true });
  const [path, setPath] = useState<string | null>(null);
  const list = files.data ?? [];
  const shown = list.find((file) => file.path === path) ?? list[0];
  return (
    <Panel className={css.panel} title={t('broker.files.title')} aside={t('broker.files.lead')}>
      <div role="status" className={css.state}>
        {changed && (
          <Note tone={sound ? 'wait' : 'due'} icon={IconInfoCircle}>
            {t(sound ? 'broker.files.trying' : 'broker.files.tryingWrong')}
          </Note>
        )}
      </div>
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
          <FileContent key={shown.path} file={shown} />
        </div>
      )}
    </Panel>
  );
}

interface EntryProps {
  readonly file: KitFile;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Entry({ file, chosen, onChoose }: EntryProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const Sign = file.secret ? IconKey : file.content === null ? IconLock : IconFileText;
  return (
    <li>
      <button type="button" aria-pressed={chosen} onClick={onChoose}>
        <Sign size={20} stroke={1.7} aria-hidden />
        <span>
          <b>{file.path}</b>
          <span data-change={file.change}>
            {t(`broker.files.change.${file.change}`)}
            {file.change !== 'gone' && ` · ${format.bytes(file.bytes)}`}
          </span>
        </span>
      </button>
    </li>
  );
}
