import { Button } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { dismissJob, isActive, startJob, useJob } from '../../bridge/jobs.ts';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { JobProgress } from '../../ui/JobProgress.tsx';
import { NewPassphrase, type NewPassphraseHandle } from '../../ui/NewPassphrase.tsx';
import { hrefOf } from '../../ui/route.ts';
import { BackupFacts } from './BackupFacts.tsx';
import css from './Safety.module.css';

/** One encrypted file with everything, under a passphrase of its own: first the passphrase, then the place. */
export function BackupDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const passphrase = useRef<NewPassphraseHandle>(null);
  const [job, setJob] = useState<string | null>(null);
  const [file, setFile] = useState('');
  const running = useJob('backup.write', job);
  const begin = useAction(async (word: string) => {
    const place = await call('backup.place');
    if (place === null) return;
    setFile(place);
    setJob(startJob('backup.write', { file: place, passphrase: word }, { subject: nameOf(place), href: hrefOf('backup') }));
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const word = passphrase.current?.take();
    if (word && !begin.pending) void begin.run(word);
  };
  const close = () => {
    if (job !== null) dismissJob(job);
    onClose();
  };
  return (
    <Dialog title={t('safety.backup.dialog')} onClose={close}>
      {running && isActive(running) ? (
        <JobProgress job={running} kept={t('safety.backup.kept')} />
      ) : running?.state === 'done' && running.result ? (
        <div className={css.form} role="status">
          <p className={css.good}>{t('safety.backup.written')}</p>
          <BackupFacts manifest={running.result} file={file} />
          <p className={css.text}>{t('safety.backup.keep')}</p>
          <DialogActions>
            <Button onClick={close}>{t('safety.done')}</Button>
          </DialogActions>
        </div>
      ) : (
        <form className={css.form} onSubmit={submit} noValidate>
          <p className={css.text}>{t('safety.backup.dialogText')}</p>
          {(begin.error ?? running?.error) && <ErrorPanel error={(begin.error ?? running?.error) as never} />}
          <NewPassphrase ref={passphrase} label={t('safety.backup.passphrase')} autoFocus />
          <DialogActions>
            <Button variant="default" onClick={close}>
              {t('safety.cancel')}
            </Button>
            <Button type="submit">{t('safety.backup.choosePlace')}</Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}

/** The last part of a path, of either system. */
export function nameOf(file: string): string {
  return file.split(/[/\\]/).at(-1) ?? file;
}
