import type { ReactNode } from 'react';
import type { Job } from '../../bridge/jobs.ts';
import { ErrorPanel } from '../ErrorPanel.tsx';
import { JobProgress } from '../JobProgress.tsx';

interface Props {
  readonly job: Job;
  readonly onStart: () => void;
  /** The buttons below, with the way out. */
  readonly actions: ReactNode;
  /** What is said when it was stopped, and its own buttons where there is more than the way out. */
  readonly stopped: ReactNode;
  readonly stoppedActions?: ReactNode;
  /** What stays when it is stopped now. */
  readonly kept: string;
}

/** What a dialog shows of its work as long as that has not come to its end: how far it is, that it failed, that it was stopped. */
export function Unfinished({ job, onStart, actions, stopped, stoppedActions = actions, kept }: Props) {
  if (job.state === 'failed' && job.error) {
    return (
      <>
        <ErrorPanel error={job.error} onRetry={onStart} />
        {actions}
      </>
    );
  }
  if (job.state === 'cancelled') {
    return (
      <>
        {stopped}
        {stoppedActions}
      </>
    );
  }
  return <JobProgress job={job} kept={kept} />;
}
