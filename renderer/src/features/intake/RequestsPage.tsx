import { Button } from '@mantine/core';
import { IconCircleCheck, IconFileCertificate, IconInfoCircle, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { startJob, useJob } from '../../bridge/jobs.ts';
import { useCall } from '../../bridge/queries.ts';
import { useIssuerKey } from '../../ui/acts/issuer-key.tsx';
import { DropFiles, type ReadFile } from '../../ui/DropFiles.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { JobProgress } from '../../ui/JobProgress.tsx';
import { Note } from '../../ui/Note.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { rolesOf } from '../../ui/role-name.ts';
import { hrefOf } from '../../ui/route.ts';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Intake.module.css';
import { RequestCard } from './RequestCard.tsx';
import { type Decided, decidedOf, refusalsOf } from './review.ts';

const fileLimit = 4 * 1024 * 1024;
/** So many files are sent at once. */
const batch = 200;

/** Certificates for keys that were made elsewhere: requests dropped, looked at, issued. */
export function RequestsPage({ projectId }: { readonly projectId: number | undefined }) {
  const { t } = useTranslation();
  if (projectId !== undefined) return <Requests projectId={projectId} />;
  return (
    <>
      <PageHeader page={t('intake.requests.page')} title={t('intake.requests.title')} />
      <Empty
        icon={IconFileCertificate}
        title={t('app.top.noProject')}
        text={t('devices.noProject')}
        action={
          <Button component="a" href={hrefOf('new-project')}>
            {t('devices.setUp')}
          </Button>
        }
      />
    </>
  );
}

function Requests({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const overview = useCall('project.overview', { projectId });
  const [policy, setPolicy] = useState<{ subject: string; days: number; authority: string } | null>(null);
  const [requests, setRequests] = useState<readonly Decided[]>([]);
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useJob('request.sign', jobId);
  const key = useIssuerKey(projectId, 'devices');
  const reading = useAction(async (files: readonly ReadFile[]) => {
    for (let from = 0; from < files.length; from += batch) {
      const sent = files.slice(from, from + batch).map(({ name, bytes }) => ({ name, bytes }));
      const review = await call('request.review', { projectId, files: sent });
      setPolicy(review.policy);
      setRequests((before) => [...before, ...decidedOf(review.requests, before.length)]);
    }
  });
  const refusals = refusalsOf(requests);
  const wanted = requests.filter((each, index) => refusals[index] === null && !each.left);
  const change = (key: string, part: Partial<Decided>) =>
    setRequests((before) => before.map((each) => (each.key === key ? { ...each, ...part } : each)));
  const start = () =>
    setJobId(
      startJob(
        'request.sign',
        {
          projectId,
          requests: wanted.map(({ reviewed, id, role, existing }) => ({ pem: reviewed.pem, id, role, existing })),
          ...key.given,
        },
        { subject: overview.data?.name ?? '', href: hrefOf('requests') },
      ),
    );
  const again = () => [setRequests([]), setJobId(null), key.forget()];

  return (
    <div className={css.page}>
      <PageHeader page={t('intake.requests.page')} title={t('intake.requests.title')} lead={t('intake.requests.lead')} />
      {job?.state === 'done' && job.result ? (
        <>
          <div role="status">
            <Note tone="ok" icon={IconCircleCheck} title={t('intake.requests.done', { count: job.result.issued.length })}>
              <p>{t('intake.requests.doneText')}</p>
            </Note>
          </div>
          {job.result.refused.length > 0 && (
            <Note
              tone="due"
              icon={IconInfoCircle}
              title={t('intake.requests.refusedLater', { count: job.result.refused.length })}
            >
              <ul>
                {job.result.refused.map(({ id, reason }) => (
                  <li key={id}>
                    <b>{id}</b>: {t(`intake.refusal.${reason}`)}
                  </li>
                ))}
              </ul>
            </Note>
          )}
          <div className={css.buttons}>
            <Button component="a" href={hrefOf('export')}>
              {t('devices.exportNow')}
            </Button>
            <Button variant="default" onClick={again}>
              {t('intake.requests.more')}
            </Button>
          </div>
        </>
      ) : job?.state === 'failed' && job.error ? (
        <ErrorPanel
          error={job.error}
          onRetry={start}
          action={
            <Button variant="default" onClick={() => setJobId(null)}>
              {t('intake.requests.back')}
            </Button>
          }
        />
      ) : job?.state === 'cancelled' ? (
        <>
          <Note tone="due" icon={IconPlayerStop} title={t('devices.add.stopped')}>
            <p>{t('intake.requests.stopped', { done: Number(job.error?.params.done ?? 0) })}</p>
          </Note>
          <div className={css.buttons}>
            <Button variant="default" onClick={again}>
              {t('intake.requests.more')}
            </Button>
          </div>
        </>
      ) : job ? (
        <JobProgress job={job} kept={t('devices.add.kept')} />
      ) : (
        <>
          <DropFiles
            title={t('intake.requests.drop')}
            text={t('intake.requests.dropText')}
            button={t('intake.choose')}
            pending={reading.pending}
            limit={fileLimit}
            onFiles={(files) => void reading.run(files)}
          />
          {reading.error && <ErrorPanel error={reading.error} />}
          {policy && requests.length > 0 && (
            <>
              <div className={css.sum}>
                <p role="status">
                  {t('intake.requests.found', { count: requests.length })}{' '}
                  {t('intake.requests.policy', { days: policy.days, authority: policy.authority })}
                </p>
                <WriteButton size="lg" disabled={wanted.length === 0 || key.lacking} onClick={start}>
                  {t('intake.requests.issue', { count: wanted.length })}
                </WriteButton>
              </div>
              {key.field}
              <ul className={css.list}>
                {requests.map((each, index) => (
                  <RequestCard
                    key={each.key}
                    decided={each}
                    refusal={refusals[index] ?? null}
                    subject={policy.subject}
                    roles={rolesOf(overview.data?.access)}
                    onChange={(part) => change(each.key, part)}
                  />
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </div>
  );
}
