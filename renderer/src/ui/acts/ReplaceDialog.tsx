import { Button } from '@mantine/core';
import { IconCircleCheck, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { startJob, useJob } from '../../bridge/jobs.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { isHalf, isWhole, keyOf, noKey } from '../BroughtKey.tsx';
import { Dialog, DialogActions } from '../Dialog.tsx';
import { ErrorPanel } from '../ErrorPanel.tsx';
import { shortHex } from '../hex.ts';
import { InView } from '../InView.tsx';
import { Note } from '../Note.tsx';
import { Options } from '../Options.tsx';
import { hrefOf } from '../route.ts';
import css from './Acts.module.css';
import { BringKey, needsKey, needsToIssue, SignList, useOfflineIssuers } from './SignList.tsx';
import type { NamedDevice } from './target.ts';
import { Unfinished } from './Unfinished.tsx';

/** Reasons that a person at this dialog can mean; each tells whoever reads the revocation list something else. */
const reasons = ['superseded', 'keyCompromise'] as const;
const listed = 4;

interface Props {
  readonly projectId: number;
  readonly devices: readonly NamedDevice[];
  readonly onClose: () => void;
  readonly onExport: () => void;
}

/** Names what it hits and what happens next. The work goes on when the dialog is closed. */
export function ReplaceDialog({ projectId, devices, onClose, onExport }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [reason, setReason] = useState<(typeof reasons)[number]>('superseded');
  const [jobId, setJobId] = useState<string | null>(null);
  const [key, setKey] = useState(noKey);
  const offline = useOfflineIssuers(projectId, null);
  const job = useJob('device.replace', jobId);
  const asksAgain = needsKey(job);
  const count = devices.length;
  const name = count === 1 ? (devices[0]?.id ?? '') : t('fields.lines.count', { count });
  const start = () =>
    setJobId(
      startJob(
        'device.replace',
        { projectId, deviceIds: devices.map((each) => each.deviceId), reason, ...keyOf(key) },
        { subject: name, href: hrefOf('devices') },
      ),
    );
  const close = (
    <Button variant="default" onClick={onClose}>
      {t('common.close')}
    </Button>
  );
  return (
    <Dialog title={t('devices.replace.title', { name })} onClose={onClose}>
      {!job || asksAgain ? (
        <>
          <p>{count === 1 ? <Single device={devices[0]} /> : t('devices.replace.many', { count })}</p>
          {count > 1 && (
            <ul className={css.hit}>
              {devices.slice(0, listed).map((each) => (
                <li key={each.deviceId}>
                  <b>{each.id}</b>
                  <span className="mono">{each.serial === null ? t('devices.row.noCertificate') : shortHex(each.serial)}</span>
                </li>
              ))}
              {count > listed && <li>{t('devices.replace.more', { count: count - listed })}</li>}
            </ul>
          )}
          <ul>
            <li>{t('devices.replace.after.crl')}</li>
            <li>{t('devices.replace.after.broker')}</li>
            <li>{t('devices.replace.after.device')}</li>
          </ul>
          <Options
            legend={t('devices.replace.why')}
            layout="row"
            value={reason}
            onChange={setReason}
            options={reasons.map((each) => ({ value: each, label: t(`devices.replace.reason.${each}`) }))}
          />
          <BringKey authorities={offline} issuing value={key} onChange={setKey} />
          {asksAgain && job?.error && (
            <InView>
              <ErrorPanel error={job.error} />
            </InView>
          )}
          <DialogActions>
            <Button variant="default" size="lg" onClick={onClose}>
              {t('devices.replace.keep')}
            </Button>
            <Button size="lg" disabled={isHalf(key) || (needsToIssue(offline) && !isWhole(key))} onClick={start} data-autofocus>
              {t('devices.replace.do', { name })}
            </Button>
          </DialogActions>
        </>
      ) : job.state === 'done' && job.result ? (
        <>
          <div role="status">
            <Note tone="ok" icon={IconCircleCheck} title={t('devices.replace.done', { count: job.result.replaced })}>
              {job.result.waiting.length === 0 && (
                <p>
                  {t('devices.replace.doneText', {
                    number: job.result.crlNumber,
                    date: format.date(job.result.crlNextUpdate),
                  })}
                </p>
              )}
            </Note>
          </div>
          {job.result.waiting.length > 0 && <SignList projectId={projectId} names={job.result.waiting} />}
          <DialogActions>
            {close}
            <Button onClick={onExport}>{t('devices.exportNow')}</Button>
          </DialogActions>
        </>
      ) : (
        <Unfinished
          job={job}
          onStart={start}
          actions={<DialogActions>{close}</DialogActions>}
          stopped={
            <Note tone="due" icon={IconPlayerStop} title={t('devices.replace.stopped')}>
              <p>{t('devices.replace.stoppedText', { done: Number(job.error?.params.done ?? 0) })}</p>
            </Note>
          }
          kept={t('devices.replace.kept')}
        />
      )}
    </Dialog>
  );
}

function Single({ device }: { readonly device: NamedDevice | undefined }) {
  const { t } = useTranslation();
  if (!device) return null;
  if (device.serial === null) return t('devices.replace.oneNone', { id: device.id });
  return t('devices.replace.one', { id: device.id, serial: shortHex(device.serial) });
}
