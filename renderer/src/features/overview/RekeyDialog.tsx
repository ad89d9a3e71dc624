import { Button } from '@mantine/core';
import { IconCircleCheck, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportRecord } from '../../../../shared/model/export.ts';
import { chooseForExport } from '../../bridge/export-choice.ts';
import { startJob, useJob } from '../../bridge/jobs.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { BringKey, needsKey, needsToIssue, SignList, useOfflineIssuers } from '../../ui/acts/SignList.tsx';
import { Unfinished } from '../../ui/acts/Unfinished.tsx';
import { isHalf, isWhole, keyOf, noKey } from '../../ui/BroughtKey.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { InView } from '../../ui/InView.tsx';
import { Note } from '../../ui/Note.tsx';
import { hrefOf } from '../../ui/route.ts';

interface Props {
  readonly projectId: number;
  readonly record: ExportRecord;
  readonly onClose: () => void;
}

/** A stick is gone: says what happens, does it, and leads on to the export that has to follow. */
export function RekeyDialog({ projectId, record, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [jobId, setJobId] = useState<string | null>(null);
  const [key, setKey] = useState(noKey);
  const offline = useOfflineIssuers(projectId, null);
  const job = useJob('export.rekey', jobId);
  const asksAgain = needsKey(job);
  const { mediumLabel: medium, devicesStillAtRisk: devices } = record;
  const finished = record.state === 'finished';
  const date = format.date(record.at);
  const start = () =>
    setJobId(
      startJob('export.rekey', { exportId: record.exportId, ...keyOf(key) }, { subject: medium, href: hrefOf('overview') }),
    );
  const close = (
    <Button variant="default" onClick={onClose}>
      {t('common.close')}
    </Button>
  );
  const onExport = () => {
    chooseForExport({ projectId, deviceIds: null, withBroker: true });
    window.location.hash = hrefOf('export');
  };
  return (
    <Dialog title={t('overview.rekey.title', { medium })} onClose={onClose}>
      {!job || asksAgain ? (
        <>
          {devices > 0 ? (
            <p>{t(finished ? 'overview.rekey.text' : 'overview.rekey.textUnfinished', { count: devices, medium, date })}</p>
          ) : (
            <p>{t(finished ? 'overview.rekey.textBroker' : 'overview.rekey.textBrokerUnfinished', { medium, date })}</p>
          )}
          <ul>
            {devices > 0 && <li>{t('overview.rekey.devices')}</li>}
            {record.brokerAtRisk && <li>{t('overview.rekey.broker')}</li>}
            <li>{t('overview.rekey.refused')}</li>
            <li>{t(devices > 0 ? 'overview.rekey.next' : 'overview.rekey.nextBroker')}</li>
          </ul>
          <BringKey authorities={offline} issuing value={key} onChange={setKey} />
          {asksAgain && job?.error && (
            <InView>
              <ErrorPanel error={job.error} />
            </InView>
          )}
          <DialogActions>
            <Button variant="default" size="lg" onClick={onClose}>
              {t('overview.rekey.keep')}
            </Button>
            <Button size="lg" disabled={isHalf(key) || (needsToIssue(offline) && !isWhole(key))} onClick={start}>
              {devices > 0 ? t('overview.rekey.do', { count: devices }) : t('overview.rekey.doBroker')}
            </Button>
          </DialogActions>
        </>
      ) : job.state === 'done' && job.result ? (
        <>
          <div role="status">
            <Note
              tone="ok"
              icon={IconCircleCheck}
              title={
                job.result.replaced > 0 || !job.result.brokerReissued
                  ? t('overview.rekey.done', { count: job.result.replaced })
                  : t('overview.rekey.brokerDoneOnly')
              }
            >
              <p>
                {job.result.waiting.length === 0 &&
                  t('overview.rekey.doneText', {
                    number: job.result.crlNumber,
                    date: format.date(job.result.crlNextUpdate),
                  })}
                {job.result.brokerReissued && job.result.replaced > 0 && ` ${t('overview.rekey.brokerDone')}`}
              </p>
            </Note>
          </div>
          {job.result.waiting.length > 0 && <SignList projectId={projectId} names={job.result.waiting} />}
          <DialogActions>
            {close}
            <Button onClick={onExport}>{t('overview.changes.export')}</Button>
          </DialogActions>
        </>
      ) : (
        <Unfinished
          job={job}
          onStart={start}
          actions={<DialogActions>{close}</DialogActions>}
          stopped={
            <Note tone="due" icon={IconPlayerStop} title={t('overview.rekey.stopped')}>
              <p>{t('overview.rekey.stoppedText')}</p>
            </Note>
          }
          stoppedActions={
            <DialogActions>
              {close}
              <Button onClick={start}>{t('overview.rekey.goOn')}</Button>
            </DialogActions>
          }
          kept={t('overview.rekey.kept')}
        />
      )}
    </Dialog>
  );
}
