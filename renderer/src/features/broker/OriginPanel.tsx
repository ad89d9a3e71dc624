import { Button } from '@mantine/core';
import { IconCheck, IconHourglass, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { useIssuerKey } from '../../ui/acts/issuer-key.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Note } from '../../ui/Note.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { AnswerDialog } from './AnswerDialog.tsx';
import css from './Broker.module.css';
import { FilesToCopy } from './FilesToCopy.tsx';
import { SignDialog } from './SignDialog.tsx';

interface Props {
  readonly projectId: number;
  readonly origin: NonNullable<CallOutput<'project.overview'>['broker']>['origin'];
}

/** Who made the broker's key and who issued its certificate, and how either can be somebody else. */
export function OriginPanel({ projectId, origin }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [open, setOpen] = useState<'answer' | 'given' | 'sign' | 'own' | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const [copies, setCopies] = useState<readonly string[] | null>(null);
  const [bundlesFirst, setBundlesFirst] = useState<'firstText' | 'firstGiven' | null>(null);
  const { issuer, keyHere, requestedAt, awaits } = origin;
  const request = useAction(async () => {
    const { pem, name } = await call('broker.request', { projectId });
    setSaved((await call('text.save', { name, text: pem }))?.file ?? null);
  });
  const key = useIssuerKey(projectId, 'broker');
  const own = useAction(async () => {
    setCopies((await call('broker.own', { projectId, ...key.given })).filesToCopy);
    key.forget();
    setBundlesFirst(null);
    setOpen(null);
  });
  const done = (files: readonly string[]) => [
    setBundlesFirst(open === 'answer' ? 'firstText' : open === 'given' ? 'firstGiven' : null),
    setCopies(files),
    setSaved(null),
    setOpen(null),
  ];
  // first what is waited for
  const theirs = (
    <div className={css.choice}>
      <b>{t('broker.origin.theirs.title')}</b>
      <p>{t('broker.origin.theirs.text')}</p>
      <div className={css.actions}>
        <WriteButton variant={awaits === 'request' ? 'filled' : 'default'} onClick={() => setOpen('sign')}>
          {t('broker.origin.theirs.open')}
        </WriteButton>
        <WriteButton variant={awaits === 'given' ? 'filled' : 'default'} onClick={() => setOpen('given')}>
          {t('broker.origin.theirs.given')}
        </WriteButton>
      </div>
    </div>
  );
  return (
    <Panel className={css.wide} title={t('broker.origin.title')}>
      <div>
        <p className={css.lead}>
          {issuer !== null
            ? t(keyHere ? 'broker.origin.issuer' : 'broker.origin.issuerKeyElsewhere', { issuer })
            : awaits !== null
              ? t('broker.origin.none')
              : t(keyHere ? 'broker.origin.own' : 'broker.origin.keyElsewhere')}
        </p>
        <div className={css.said}>
          {awaits !== null && requestedAt === null && (
            <Note tone="wait" icon={IconHourglass} title={t('broker.origin.awaits.title')}>
              <p>{t(`broker.origin.awaits.${awaits}`)}</p>
            </Note>
          )}
          {requestedAt !== null && (
            <Note tone="wait" icon={IconHourglass} title={t('broker.origin.waiting', { date: format.date(requestedAt) })}>
              <p>{t('broker.origin.waitingText')}</p>
            </Note>
          )}
          <div role="status">
            {saved !== null && (
              <Note tone="ok" icon={IconCheck} title={t('broker.origin.saved')}>
                <p className="mono">{saved}</p>
              </Note>
            )}
          </div>
        </div>
        <div className={css.choices}>
          {awaits !== null && theirs}
          <div className={css.choice}>
            <b>{t('broker.origin.other.title')}</b>
            <p>{t('broker.origin.other.text')}</p>
            <div className={css.actions}>
              <WriteButton variant="default" onClick={() => !request.pending && void request.run()}>
                {t(requestedAt === null ? 'broker.origin.other.request' : 'broker.origin.other.again')}
              </WriteButton>
              {(requestedAt !== null || (issuer !== null && keyHere)) && (
                <WriteButton variant={requestedAt === null ? 'default' : 'filled'} onClick={() => setOpen('answer')}>
                  {t(requestedAt === null ? 'broker.origin.other.renewed' : 'broker.origin.other.answer')}
                </WriteButton>
              )}
            </div>
          </div>
          {awaits === null && theirs}
          {(issuer !== null || !keyHere || awaits !== null) && (
            <div className={css.choice}>
              <b>{t('broker.origin.back.title')}</b>
              <p>{t('broker.origin.back.text')}</p>
              <div className={css.actions}>
                <WriteButton variant="default" onClick={() => setOpen('own')}>
                  {t('broker.origin.back.open')}
                </WriteButton>
              </div>
            </div>
          )}
        </div>
        {request.error && <ErrorPanel error={request.error} />}
      </div>
      <div role="status">
        {copies && bundlesFirst && (
          <div className={css.first}>
            <Note tone="due" icon={IconInfoCircle} title={t('broker.answer.first')}>
              <p>{t(`broker.answer.${bundlesFirst}`)}</p>
            </Note>
          </div>
        )}
        {copies && <FilesToCopy files={copies} reissued />}
      </div>
      {(open === 'answer' || open === 'given') && (
        <AnswerDialog projectId={projectId} asGiven={open === 'given'} onDone={done} onClose={() => setOpen(null)} />
      )}
      {open === 'sign' && <SignDialog projectId={projectId} onDone={done} onClose={() => setOpen(null)} />}
      {open === 'own' && (
        <Dialog title={t('broker.origin.back.title')} onClose={() => setOpen(null)}>
          <p>{t('broker.origin.back.sure')}</p>
          {key.field}
          {own.error && <ErrorPanel error={own.error} />}
          <DialogActions>
            <Button variant="default" onClick={() => setOpen(null)}>
              {t('safety.cancel')}
            </Button>
            <Button disabled={key.lacking} loading={own.pending} onClick={() => void own.run()}>
              {t('broker.origin.back.do')}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </Panel>
  );
}
