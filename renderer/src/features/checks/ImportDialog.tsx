import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { type CheckImportMode, checkImportModes } from '../../../../shared/model/check.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { DropFiles, type ReadFile } from '../../ui/DropFiles.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Note } from '../../ui/Note.tsx';
import { Options } from '../../ui/Options.tsx';
import { checksChanged } from './checks-query.ts';

/** Bytes; the contract takes as many characters. */
const fileMaximum = 20_000_000;

interface Props {
  readonly projectId: number;
  /** The project has some already, whose names may be in the file as well. */
  readonly some: boolean;
  readonly onClose: () => void;
}

/** Checks from a file that was exported here, from this project or another one. */
export function ImportDialog({ projectId, some, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [existing, setExisting] = useState<CheckImportMode>('skip');
  const [done, setDone] = useState<CallOutput<'check.import'> | null>(null);
  const take = useAction(async ([file]: readonly ReadFile[]) => {
    if (!file) return;
    setDone(await call('check.import', { projectId, text: new TextDecoder().decode(file.bytes), existing }));
    await checksChanged();
  });
  return (
    <Dialog title={t('checks.import.title')} onClose={onClose}>
      {done ? (
        <div role="status">
          <Note tone="ok" icon={IconCircleCheck} title={t('checks.import.done')}>
            {(['added', 'replaced', 'skipped'] as const)
              .filter((what) => done[what].length > 0)
              .map((what) => (
                <p key={what}>{t(`checks.import.${what}`, { names: format.list(done[what]) })}</p>
              ))}
          </Note>
        </div>
      ) : (
        <>
          {some && (
            <Options
              legend={t('checks.import.existing')}
              layout="row"
              value={existing}
              options={checkImportModes.map((value) => ({ value, label: t(`checks.import.mode.${value}`) }))}
              onChange={setExisting}
            />
          )}
          <DropFiles
            title={t('checks.import.drop')}
            text={t('checks.import.text')}
            button={t('checks.import.choose')}
            pending={take.pending}
            limit={fileMaximum}
            onFiles={(files) => void take.run(files)}
          />
          {take.error && <ErrorPanel error={take.error} />}
        </>
      )}
      <DialogActions>
        <Button variant={done ? 'filled' : 'default'} onClick={onClose}>
          {t(done ? 'common.close' : 'checks.run.cancel')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
