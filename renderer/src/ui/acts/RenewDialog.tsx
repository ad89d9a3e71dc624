import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { RenewalMode } from '../../../../shared/model/authority.ts';
import { startJob, useJob } from '../../bridge/jobs.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Dialog, DialogActions } from '../Dialog.tsx';
import { ErrorPanel } from '../ErrorPanel.tsx';
import { shortHex } from '../hex.ts';
import { InView } from '../InView.tsx';
import { Note } from '../Note.tsx';
import { useNow } from '../now.ts';
import { Options } from '../Options.tsx';
import { hrefOf, type Page } from '../route.ts';
import { HitList } from './HitList.tsx';
import { useIssuerKey } from './issuer-key.tsx';
import { PredecessorQuestion } from './PredecessorQuestion.tsx';
import { RenewResults } from './RenewResults.tsx';
import { needsKey } from './SignList.tsx';
import type { NamedDevice } from './target.ts';
import { Unfinished } from './Unfinished.tsx';

export type Renewed = CallOutput<'certificate.renew'>;

interface Props {
  readonly projectId: number;
  readonly devices: readonly NamedDevice[];
  readonly mode: RenewalMode;
  /** The page that the work belongs to, for the tray. */
  readonly page: Page;
  readonly onClose: () => void;
  readonly onExport: (deviceIds: readonly number[]) => void;
  /** Another dialog asks why and since when; this one never revokes. */
  readonly onRevoke: (devices: readonly NamedDevice[], certificateIds: readonly number[]) => void;
}

const modes = ['renew', 'rekey'] as const;

/** Another certificate with the same or a new key. The one before stays valid; revoking it is asked afterwards, separately. */
export function RenewDialog({ projectId, devices, mode: first, page, onClose, onExport, onRevoke }: Props) {
  const { t } = useTranslation();
  const [mode, setMode] = useState<RenewalMode>(first);
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useJob('certificate.renew', jobId);
  const key = useIssuerKey(projectId, 'devices');
  const asksAgain = needsKey(job);
  const count = devices.length;
  const name = count === 1 ? (devices[0]?.id ?? '') : t('fields.lines.count', { count });
  const start = () =>
    setJobId(
      startJob(
        'certificate.renew',
        { projectId, mode, deviceIds: devices.map((each) => each.deviceId), ...key.given },
        { subject: name, href: hrefOf(page) },
      ),
    );
  const close = (
    <Button variant="default" onClick={onClose}>
      {t('common.close')}
    </Button>
  );
  return (
    <Dialog title={t('acts.renew.title', { name })} onClose={onClose}>
      {!job || asksAgain ? (
        <>
          {count === 1 && devices[0] ? (
            <Single device={devices[0]} />
          ) : (
            <>
              <p>{t('acts.renew.many', { count })}</p>
              <HitList devices={devices} />
            </>
          )}
          <Options
            legend={t('acts.renew.choice')}
            value={mode}
            onChange={setMode}
            options={modes.map((each) => ({
              value: each,
              label: t(`acts.renew.mode.${each}`),
              text: t(`acts.renew.modeText.${each}`),
            }))}
          />
          <ul>
            <li>{t('acts.renew.after.old')}</li>
            <li>{t('acts.renew.after.device')}</li>
            <li>{t('acts.renew.after.broker')}</li>
          </ul>
          {key.field}
          {asksAgain && job?.error && (
            <InView>
              <ErrorPanel error={job.error} />
            </InView>
          )}
          <DialogActions>
            <Button variant="default" size="lg" onClick={onClose}>
              {t('acts.renew.keep')}
            </Button>
            <Button size="lg" disabled={key.lacking} onClick={start} data-autofocus>
              {t(`acts.renew.do.${mode}`, { name })}
            </Button>
          </DialogActions>
        </>
      ) : job.state === 'done' && job.result ? (
        <>
          <Outcome result={job.result} />
          <RenewResults result={job.result} />
          <PredecessorQuestion
            done={job.result.done}
            onRevoke={(certificateIds) =>
              onRevoke(
                devices.filter(({ deviceId }) => job.result?.done.some((each) => each.deviceId === deviceId)),
                certificateIds,
              )
            }
          />
          <DialogActions>
            {close}
            {job.result.done.length > 0 && (
              <Button onClick={() => onExport(job.result?.done.map(({ deviceId }) => deviceId) ?? [])}>
                {t('devices.exportNow')}
              </Button>
            )}
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
            </Note>
          }
          kept={t('acts.renew.kept')}
        />
      )}
    </Dialog>
  );
}

function Outcome({ result: { done, skipped } }: { readonly result: Renewed }) {
  const { t } = useTranslation();
  const passed = skipped.length > 0 && t('acts.renew.skipped', { count: skipped.length });
  return (
    <div role="status">
      {done.length > 0 ? (
        <Note tone="ok" icon={IconCircleCheck} title={t('acts.renew.done', { count: done.length })}>
          <p>{t('acts.renew.doneText')}</p>
          {passed && <p>{passed}</p>}
        </Note>
      ) : (
        <Note tone="due" icon={IconAlertTriangle} title={t('acts.renew.nothing')}>
          {passed && <p>{passed}</p>}
        </Note>
      )}
    </div>
  );
}

function Single({ device }: { readonly device: NamedDevice }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const shown = useCall('device.show', { deviceId: device.deviceId });
  const present = shown.data?.certificates.find(({ id }) => id === shown.data.device.certificateId);
  if (!present) return <HitList devices={[device]} />;
  return (
    <p>
      {t('acts.renew.one', {
        id: device.id,
        serial: shortHex(present.serial),
        issued: format.date(present.issuedAt),
        when: `${format.relative(present.notAfter, now)}, ${format.date(present.notAfter)}`,
      })}
    </p>
  );
}
