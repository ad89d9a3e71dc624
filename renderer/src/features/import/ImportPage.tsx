import { Button } from '@mantine/core';
import { IconCircleCheck, IconFile, IconFolder, IconLock, IconPackageImport } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorReport } from '../../../../shared/errors.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { abandonJob, dismissJob, type JobOf, startJob, useJob } from '../../bridge/jobs.ts';
import { useLoadedSession } from '../../bridge/session.ts';
import { DropPath } from '../../ui/DropPath.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { JobProgress } from '../../ui/JobProgress.tsx';
import { Note } from '../../ui/Note.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { PassphraseField } from '../../ui/PassphraseField.tsx';
import { hrefOf } from '../../ui/route.ts';
import { Becomes } from './Becomes.tsx';
import { askedFor, type Decisions, decisionsOf, type Reviewed, withRole } from './decisions.ts';
import css from './Import.module.css';
import { Review } from './Review.tsx';

/** The last part of a path, whatever system wrote it. */
const nameOf = (path: string) => path.split(/[\\/]/).findLast((part) => part !== '') ?? path;

/** An authority that is there already becomes a project: looked at first, then taken as a whole. */
export function ImportPage({ onCreated }: { readonly onCreated: (name: string) => void }) {
  const { t } = useTranslation();
  const { settings } = useLoadedSession();
  const [path, setPath] = useState<string | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [reading, setReading] = useState<string | null>(null);
  const [taking, setTaking] = useState<string | null>(null);
  const [decided, setDecided] = useState<{ readonly review: Reviewed; readonly decisions: Decisions } | null>(null);
  const look = useJob('import.review', reading);
  const take = useJob('import.run', taking);
  const secret = passphrase === '' ? {} : { passphrase };
  useReadingEnds(reading);

  const read = (from: string) => {
    if (reading !== null) dismissJob(reading);
    setPath(from);
    setDecided(null);
    setTaking(null);
    setReading(startJob('import.review', { path: from, ...secret }, { subject: nameOf(from), href: hrefOf('import') }));
  };
  const choose = useAction(async (what: 'folder' | 'file') => {
    const chosen = await call('import.choose', { what });
    if (chosen) read(chosen.path);
  });
  const review = look?.state === 'done' ? look.result : null;
  const decisions =
    review === null ? null : decided?.review === review ? decided.decisions : decisionsOf(review, settings.defaults);
  const decide = (next: Decisions) => review && setDecided({ review, decisions: next });
  const importNow = () => {
    const asked = decisions && askedFor(decisions);
    if (!review || !asked || path === null) return;
    const input = { path, ...secret, digest: review.digest, ...asked };
    setTaking(startJob('import.run', input, { subject: asked.project, href: hrefOf('import') }));
    setDecided({ review, decisions });
  };

  const done = take?.state === 'done' ? take.result : null;
  const project = decisions?.project.trim() ?? '';
  if (done) {
    return (
      <div className={css.page}>
        <PageHeader page={t('importing.page')} title={t('importing.title')} lead={t('importing.lead')} />
        <div role="status">
          <Note tone="ok" icon={IconCircleCheck} title={t('importing.done', { project })}>
            <p>{t('importing.doneText', { devices: done.devices, certificates: done.certificates, revoked: done.revoked })}</p>
            <p>{t('importing.next')}</p>
          </Note>
        </div>
        <div className={css.buttons}>
          <Button
            onClick={() => {
              onCreated(project);
              window.location.hash = hrefOf('overview');
            }}
          >
            {t('importing.open')}
          </Button>
        </div>
      </div>
    );
  }
  const storing = isBusy(take);
  return (
    <div className={css.page}>
      <PageHeader page={t('importing.page')} title={t('importing.title')} lead={t('importing.lead')} />
      {storing && take ? (
        <Panel title={t('importing.taking', { project })}>
          <JobProgress job={take} kept={t('importing.keptTaking')} />
        </Panel>
      ) : (
        <>
          <Panel title={t('importing.from')}>
            {isBusy(look) && look ? (
              <>
                <p className={css.path}>{path}</p>
                <div className={css.work}>
                  <JobProgress job={look} kept={t('importing.keptReading')} />
                </div>
              </>
            ) : (
              <>
                <DropPath icon={IconPackageImport} title={t('importing.drop')} text={t('importing.fromText')} onPath={read}>
                  <Button
                    variant={path === null ? 'filled' : 'default'}
                    leftSection={<IconFolder size={20} aria-hidden />}
                    onClick={() => void choose.run('folder')}
                  >
                    {t('importing.folder')}
                  </Button>
                  <Button
                    variant="default"
                    leftSection={<IconFile size={20} aria-hidden />}
                    onClick={() => void choose.run('file')}
                  >
                    {t('importing.file')}
                  </Button>
                </DropPath>
                {path !== null && (
                  <>
                    <p className={css.path}>{path}</p>
                    <form
                      className={css.again}
                      onSubmit={(event) => {
                        event.preventDefault();
                        read(path);
                      }}
                    >
                      <PassphraseField
                        label={t('importing.passphrase')}
                        value={passphrase}
                        onChange={setPassphrase}
                        autoComplete="current-password"
                      />
                      <Button type="submit" variant="default" size="md">
                        {t('importing.again')}
                      </Button>
                    </form>
                  </>
                )}
              </>
            )}
          </Panel>
          {choose.error && <ErrorPanel error={choose.error} />}
          {look?.state === 'failed' && look.error && <ReadingFailed error={look.error} />}
          {review && decisions && (
            <Review
              review={review}
              decided={decisions.roles}
              onRole={(devices, role) => decide(withRole(decisions, devices, role))}
            />
          )}
          {take?.state === 'failed' && take.error && <ErrorPanel error={take.error} />}
          {take?.state === 'cancelled' && (
            <div role="status">
              <Note tone="wait" icon={IconCircleCheck} title={t('importing.cancelled')}>
                <p>{t('importing.cancelledText')}</p>
              </Note>
            </div>
          )}
          {review?.authorities.some(({ issues }) => issues) && decisions && (
            <Becomes decisions={decisions} onDecide={decide} onTake={importNow} />
          )}
        </>
      )}
    </div>
  );
}

/** A passphrase that is missing or wrong is that of the files, not that of the vault. */
function ReadingFailed({ error }: { readonly error: ErrorReport }) {
  const { t } = useTranslation();
  if (error.code !== 'PASSPHRASE_MISSING' && error.code !== 'PASSPHRASE_WRONG') return <ErrorPanel error={error} />;
  const missing = error.code === 'PASSPHRASE_MISSING';
  return (
    <div role="alert">
      <Note tone={missing ? 'wait' : 'bad'} icon={IconLock} title={t(missing ? 'importing.closed' : 'importing.wrong')}>
        <p>{t(missing ? 'importing.closedText' : 'importing.wrongText')}</p>
      </Note>
    </div>
  );
}

function isBusy(job: JobOf<'import.review'> | JobOf<'import.run'> | null): boolean {
  return job !== null && (job.state === 'running' || job.state === 'cancelling' || job.state === 'paused');
}

/** What was read is looked at here and nowhere else: whoever leaves the page ends the reading, which stores nothing. */
function useReadingEnds(reading: string | null): void {
  const last = useRef(reading);
  last.current = reading;
  useEffect(
    () => () => {
      if (last.current !== null) abandonJob(last.current);
    },
    [],
  );
}
