import { Button } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useEffect, useEffectEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { startJob, useJob } from '../../../bridge/jobs.ts';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { JobProgress } from '../../../ui/JobProgress.tsx';
import { Note } from '../../../ui/Note.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { hrefOf } from '../../../ui/route.ts';
import type { Draft } from '../draft.ts';
import { checkDraft } from '../plan.ts';
import { changeDraft, setIssueJob, useWizard } from '../store.ts';
import css from '../Wizard.module.css';

interface Props {
  readonly draft: Draft;
  readonly taken: readonly string[];
  readonly onCreated: (name: string) => void;
}

/** Makes keys and certificates. The work goes on when somebody looks at another page meanwhile. */
export function IssueStep({ draft, taken, onCreated }: Props) {
  const { t } = useTranslation();
  const { jobId } = useWizard();
  const job = useJob('project.provision', jobId);
  const start = () => {
    const check = checkDraft(draft, taken);
    if (check.firstWrong) return changeDraft({ step: 'check' });
    const plan = check.plan();
    // what this run leaves behind is ours: a second run completes it
    changeDraft({ started: plan.project });
    setIssueJob(startJob('project.provision', { plan }, { subject: plan.project, href: hrefOf('new-project') }));
  };
  const begin = useEffectEvent(() => {
    if (!job) start();
  });
  useEffect(() => begin(), []);
  const finish = useEffectEvent((projectId: number) => {
    onCreated(draft.started ?? draft.project.trim());
    // a bundle has to know who issued the broker's certificate: it is taken before anything is exported
    changeDraft({ step: draft.brokerCertificate === 'given' ? 'done' : 'export', projectId });
  });
  const projectId = job?.result?.projectId;
  useEffect(() => {
    if (projectId !== undefined) finish(projectId);
  }, [projectId]);
  if (!job) return null;
  const back = (
    <Button variant="default" onClick={() => changeDraft({ step: 'check' })}>
      {t('wizard.issue.toAnswers')}
    </Button>
  );
  if (job.state === 'failed' && job.error) {
    return (
      <div className={css.narrow}>
        <ErrorPanel error={job.error} onRetry={start} action={back} />
      </div>
    );
  }
  if (job.state === 'cancelled') {
    return (
      <div className={css.narrow}>
        <Note tone="due" icon={IconPlayerStop} title={t('wizard.issue.stopped')}>
          <p>
            {t('wizard.issue.stoppedText', {
              done: Number(job.error?.params.done ?? 0),
              total: Number(job.error?.params.total ?? 0),
            })}
          </p>
        </Note>
        <div className={css.buttons}>
          <Button onClick={start}>{t('wizard.issue.goOn')}</Button>
          {back}
        </div>
      </div>
    );
  }
  return (
    <div className={css.narrow}>
      <Panel>
        <JobProgress job={job} kept={t('wizard.issue.kept')} />
      </Panel>
      <p className={css.saved}>{t('wizard.issue.meanwhile')}</p>
    </div>
  );
}
