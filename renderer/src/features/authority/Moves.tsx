import { Button } from '@mantine/core';
import { IconCircleCheck, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { startJob, useJob } from '../../bridge/jobs.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Unfinished } from '../../ui/acts/Unfinished.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { JobProgress } from '../../ui/JobProgress.tsx';
import { Note } from '../../ui/Note.tsx';
import { hrefOf } from '../../ui/route.ts';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Authority.module.css';

type Move = CallOutput<'authority.list'>['moves'][number];

/** One authority replaced by another: how far the fleet is, and the next step. */
export function Moves({ moves }: { readonly moves: readonly Move[] }) {
  return moves.map((move) => <OneMove key={move.moveId} move={move} />);
}

function OneMove({ move }: { readonly move: Move }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useJob('authority.reissue', jobId);
  const { oldAuthority, newAuthority, devices, trusting, reissued, moved, finishedAt } = move;
  const title = t('authority.move.title', { old: oldAuthority, new: newAuthority });
  const steps = [
    ['trusting', trusting],
    ['reissued', reissued],
    ['moved', moved],
  ] as const;
  const busy = job !== null && (job.state === 'running' || job.state === 'cancelling' || job.state === 'paused');
  return (
    <section className={css.move} aria-label={title}>
      <h3>{title}</h3>
      {finishedAt !== null ? (
        <p className={css.small}>{t('authority.move.finished', { date: format.date(finishedAt) })}</p>
      ) : (
        <>
          <p className={css.small}>{t('authority.move.text')}</p>
          <dl className={css.steps}>
            {steps.map(([step, count]) => (
              <div key={step}>
                <dt>{t(`authority.move.${step}`)}</dt>
                <dd>
                  <progress value={count} max={Math.max(1, devices)} aria-label={t(`authority.move.${step}`)} />
                  {t('jobs.count', { done: format.number(count), total: format.number(devices) })}
                </dd>
              </div>
            ))}
          </dl>
          {busy && job && <JobProgress job={job} kept={t('acts.renew.kept')} />}
          {job?.state === 'failed' && job.error && <ErrorPanel error={job.error} />}
          <div className={css.acts}>
            {reissued < devices && !busy && <Reissue move={move} onStart={setJobId} />}
            <Button component="a" variant="default" size="sm" href={hrefOf('export')}>
              {t('authority.move.export')}
            </Button>
            <WriteButton variant={moved >= devices ? 'filled' : 'default'} size="sm" onClick={() => setAsking(true)}>
              {t('authority.move.finish')}
            </WriteButton>
          </div>
        </>
      )}
      {/* outside: the move is finished before the dialog has said so */}
      {asking && <Finish move={move} onClose={() => setAsking(false)} />}
    </section>
  );
}

function Reissue({ move, onStart }: { readonly move: Move; readonly onStart: (jobId: string) => void }) {
  const { t } = useTranslation();
  const projects = useCall('project.list', undefined);
  const start = useAction(async () => {
    // the move knows names only; the authority is looked up in the project that has it
    for (const { projectId } of projects.data ?? []) {
      const { authorities, moves } = await call('authority.list', { projectId });
      const old = authorities.find(({ name }) => name === move.oldAuthority);
      if (!old || !moves.some(({ moveId }) => moveId === move.moveId)) continue;
      onStart(
        startJob(
          'authority.reissue',
          { authorityId: old.authorityId, mode: 'rekey' },
          { subject: move.oldAuthority, href: hrefOf('authority') },
        ),
      );
    }
  });
  return (
    <>
      <WriteButton size="sm" onClick={() => !start.pending && void start.run()}>
        {t('authority.move.reissue', { count: move.devices - move.reissued })}
      </WriteButton>
      {start.error && <ErrorPanel error={start.error} />}
    </>
  );
}

function Finish({ move, onClose }: { readonly move: Move; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const left = move.devices - move.moved;
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useJob('authority.finish', jobId);
  const start = () =>
    setJobId(
      startJob(
        'authority.finish',
        { moveId: move.moveId, force: left > 0 },
        { subject: move.oldAuthority, href: hrefOf('authority') },
      ),
    );
  const close = (
    <DialogActions>
      <Button onClick={onClose}>{t('common.close')}</Button>
    </DialogActions>
  );
  return (
    <Dialog title={t('authority.move.finishTitle', { old: move.oldAuthority })} onClose={onClose}>
      {!job ? (
        <>
          <p>{t('authority.move.finishText', { old: move.oldAuthority })}</p>
          {left > 0 && <p>{t('authority.move.left', { count: left })}</p>}
          <DialogActions>
            <Button variant="default" size="lg" onClick={onClose} data-autofocus>
              {t('authority.act.keep')}
            </Button>
            <Button size="lg" onClick={start}>
              {left > 0 ? t('authority.move.force', { count: left }) : t('authority.move.finish')}
            </Button>
          </DialogActions>
        </>
      ) : job.state === 'done' ? (
        <>
          <div role="status">
            <Note tone="ok" icon={IconCircleCheck} title={t('authority.move.done', { old: move.oldAuthority })}>
              <p>{t('authority.move.doneNext')}</p>
            </Note>
          </div>
          {close}
        </>
      ) : (
        <Unfinished
          job={job}
          onStart={start}
          actions={close}
          stopped={
            <Note tone="due" icon={IconPlayerStop} title={t('acts.renew.stopped')}>
              <p>{t('authority.act.nothingDone')}</p>
            </Note>
          }
          kept={t('authority.act.nothingYet')}
        />
      )}
    </Dialog>
  );
}
