import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../bridge/action.ts';
import { call } from '../bridge/client.ts';
import css from './DeployedLists.module.css';
import { ErrorPanel } from './ErrorPanel.tsx';
import { Note } from './Note.tsx';

interface Props {
  /** Files that the dialog gave. */
  readonly files: readonly string[];
  readonly onChange: (files: readonly string[]) => void;
  /** What is lost without them is said here; not where they are the whole purpose. */
  readonly warns?: boolean;
}

/** The revocation lists that brokers have, for a vault that may be older than they are. */
export function DeployedLists({ files, onChange, warns = true }: Props) {
  const { t } = useTranslation();
  const choose = useAction(async () => {
    const chosen = await call('crl.choose');
    if (chosen !== null) onChange(chosen);
  });
  return (
    <div className={css.lists}>
      {choose.error && <ErrorPanel error={choose.error} />}
      <div className={css.pick}>
        <span>
          <b>{t('safety.lists.label')}</b>
          {files.length === 0 ? (
            <span className={css.files}>{t('safety.lists.hint')}</span>
          ) : (
            files.map((file) => (
              <span key={file} className={css.files}>
                {file}
              </span>
            ))
          )}
        </span>
        <Button size="sm" variant="default" onClick={() => void choose.run()}>
          {t('safety.lists.choose')}
        </Button>
      </div>
      {warns && files.length === 0 && (
        <Note tone="due" icon={IconAlertTriangle}>
          {t('safety.lists.without')}
        </Note>
      )}
    </div>
  );
}
