import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconPlayerStop, IconTestPipe } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { RenewalMode } from '../../../../shared/model/authority.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { chooseForExport } from '../../bridge/export-choice.ts';
import { startJob, useJob } from '../../bridge/jobs.ts';
import { RenewResults } from '../../ui/acts/RenewResults.tsx';
import { Unfinished } from '../../ui/acts/Unfinished.tsx';
import { BroughtKey, isWhole, keyErrors, keyOf, noKey } from '../../ui/BroughtKey.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { InView } from '../../ui/InView.tsx';
import { Note } from '../../ui/Note.tsx';
import { Options } from '../../ui/Options.tsx';
import { hrefOf } from '../../ui/route.ts';
import type { Authority } from './AuthoritiesPanel.tsx';
import { Rehearsed } from './Rehearsal.tsx';

interface Props {
  readonly projectId: number;
  readonly authority: Authority;
  readonly signer: Authority;
  readonly onClose: () => void;
}

const modes = ['rekey', 'renew'] as const;

/**
 * Somebody else may have the authority's key: everything below it is issued anew in one job, and it is out of use at the end.
 * Rehearsed first, so that nobody finds out in the middle what is missing.
 */
export function CompromisedDialog({ projectId, authority, signer, onClose }: Props) {
  const { t } = useTranslation();
  const { authorityId, name } = authority;
  const [mode, setMode] = useState<RenewalMode>('rekey');
  const [key, setKey] = useState(noKey);
  const [rehearsal, setRehearsal] = useState<CallOutput<'authority.rehearse'> | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useJob('authority.reissue', jobId);
  // the authority above signs the new one, and the list on which the old one stands
  const asked = authority.parentId !== null && !signer.keyHere && !signer.outside ? signer : null;
  const request = { authorityId, mode, compromised: true, ...keyOf(key) };
  const ready = !asked || isWhole(key);
  const rehearse = useAction(async () => {
    setRehearsal(null);
    setRehearsal(await call('authority.rehearse', request));
  });
  const start = () => setJobId(startJob('authority.reissue', request, { subject: name, href: hrefOf('authority') }));
  const keyWrong = job?.state === 'failed' && keyErrors.includes(job.error?.code ?? '');
  const close = (
    <Button variant="default" onClick={onClose}>
      {t('common.close')}
    </Button>
  );
  const toExport = (
    <Button
      component="a"
      href={hrefOf('export')}
      onClick={() => chooseForExport({ projectId, deviceIds: null, withBroker: true })}
    >
      {t('authority.act.compromised.export')}
    </Button>
  );
  return (
    <Dialog title={t('authority.act.compromised.title', { name })} onClose={onClose}>
      {!job || keyWrong ? (
        <>
          <p>{t('authority.act.compromised.text', { name })}</p>
          <ul>
            <li>{t('authority.act.compromised.makes')}</li>
            <li>{t('authority.act.compromised.after', { name })}</li>
            <li>{t('authority.act.compromised.broker')}</li>
            {signer.outside && authority.parentId !== null && (
              <li>{t('authority.act.compromised.outside', { name: signer.name })}</li>
            )}
          </ul>
          <Options
            legend={t('authority.act.compromised.choice')}
            value={mode}
            onChange={(next) => [setMode(next), setRehearsal(null)]}
            options={modes.map((each) => ({
              value: each,
              label: t(`authority.act.compromised.mode.${each}`),
              text: t(`authority.act.compromised.modeText.${each}`),
            }))}
          />
          {asked && <BroughtKey name={asked.name} value={key} onChange={setKey} />}
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
            {/* one button for both steps, so that the keyboard stays where it is */}
            <Button
              size="lg"
              disabled={!ready}
              leftSection={rehearsal === null ? <IconTestPipe size={20} stroke={1.7} aria-hidden /> : undefined}
              onClick={() => (rehearsal !== null ? start() : rehearse.pending || void rehearse.run())}
            >
              {rehearsal !== null
                ? t('authority.act.compromised.do')
                : t(rehearse.pending ? 'authority.rehearsal.running' : 'authority.rehearsal.do')}
            </Button>
          </DialogActions>
        </>
      ) : job.state === 'done' && job.result ? (
        <>
          <div role="status">
            <Note tone="ok" icon={IconCircleCheck} title={t('authority.act.compromised.done', { name })}>
              <p>{t('authority.act.compromised.issued', { count: job.result.done.length })}</p>
              <p>{t('authority.act.compromised.next')}</p>
            </Note>
          </div>
          {job.result.skipped.length > 0 && (
            <Note tone="due" icon={IconAlertTriangle} title={t('acts.renew.skipped', { count: job.result.skipped.length })}>
              <p>{t('authority.act.compromised.skipped')}</p>
            </Note>
          )}
          <RenewResults result={job.result} />
          <DialogActions>
            {close}
            {toExport}
          </DialogActions>
        </>
      ) : (
        <Unfinished
          job={job}
          onStart={start}
          actions={<DialogActions>{close}</DialogActions>}
          stopped={
            <Note tone="due" icon={IconPlayerStop} title={t('acts.renew.stopped')}>
              <p>{t('acts.renew.stoppedText', { done: Number(job.error?.params.done ?? 0) })}</p>
              <p>{t('authority.act.compromised.stopped', { name })}</p>
            </Note>
          }
          stoppedActions={
            <DialogActions>
              {close}
              <Button onClick={start}>{t('authority.act.compromised.goOn')}</Button>
            </DialogActions>
          }
          kept={t('acts.renew.kept')}
        />
      )}
    </Dialog>
  );
}
