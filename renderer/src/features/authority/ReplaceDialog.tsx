import { Button } from '@mantine/core';
import { IconCircleCheck, IconPlayerStop, IconTestPipe } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { startJob, useJob } from '../../bridge/jobs.ts';
import { Unfinished } from '../../ui/acts/Unfinished.tsx';
import { BroughtKey, isWhole, keyErrors, keyOf, noKey } from '../../ui/BroughtKey.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { InView } from '../../ui/InView.tsx';
import { Note } from '../../ui/Note.tsx';
import { hrefOf } from '../../ui/route.ts';
import type { Authority } from './AuthoritiesPanel.tsx';
import { Rehearsed } from './Rehearsal.tsx';

interface Props {
  readonly authority: Authority;
  /** Who signs the new one: the authority above; a new root signs itself. */
  readonly signer: Authority;
  readonly onClose: () => void;
}

/** A new authority in the place of one that is sound: the fleet moves step by step. */
export function ReplaceDialog({ authority, signer, onClose }: Props) {
  const { t } = useTranslation();
  const { authorityId, name } = authority;
  const [key, setKey] = useState(noKey);
  const [rehearsal, setRehearsal] = useState<CallOutput<'authority.rehearse'> | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useJob('authority.replace', jobId);
  const asked = authority.parentId !== null && !signer.keyHere ? signer : null;
  const ready = !asked || isWhole(key);
  const rehearse = useAction(async () => setRehearsal(await call('authority.rehearse', { authorityId, ...keyOf(key) })));
  const start = () =>
    setJobId(startJob('authority.replace', { authorityId, ...keyOf(key) }, { subject: name, href: hrefOf('authority') }));
  const keyWrong = job?.state === 'failed' && keyErrors.includes(job.error?.code ?? '');
  const close = (
    <DialogActions>
      <Button onClick={onClose}>{t('common.close')}</Button>
    </DialogActions>
  );
  return (
    <Dialog title={t('authority.act.replace.title', { name })} onClose={onClose}>
      {!job || keyWrong ? (
        <>
          <p>{t('authority.act.replace.text')}</p>
          <ul>
            <li>{t('authority.act.replace.after')}</li>
            <li>{t('authority.act.replace.broker')}</li>
          </ul>
          {asked && <BroughtKey name={asked.name} value={key} onChange={setKey} />}
          <div>
            <Button
              variant="default"
              disabled={!ready}
              leftSection={<IconTestPipe size={20} stroke={1.7} aria-hidden />}
              onClick={() => !rehearse.pending && void rehearse.run()}
            >
              {t(rehearse.pending ? 'authority.rehearsal.running' : 'authority.rehearsal.do')}
            </Button>
          </div>
          <Rehearsed report={rehearsal} error={rehearse.error} />
          {keyWrong && job?.error && (
            <InView>
              <ErrorPanel error={job.error} />
            </InView>
          )}
          <DialogActions>
            <Button variant="default" size="lg" onClick={onClose} data-autofocus>
              {t('authority.act.keep')}
            </Button>
            <Button size="lg" disabled={!ready} onClick={start}>
              {t('authority.act.replace.do')}
            </Button>
          </DialogActions>
        </>
      ) : job.state === 'done' ? (
        <>
          <div role="status">
            <Note tone="ok" icon={IconCircleCheck} title={t('authority.act.replace.done')}>
              <p>{t('authority.act.replace.next')}</p>
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
