import { Button } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { softwareOf } from '../../../../shared/model/broker.ts';
import type { RevocationReason } from '../../../../shared/model/certificate.ts';
import { isRefused } from '../../../../shared/rules/certificate-state.ts';
import { usersFile } from '../../../../shared/rules/password.ts';
import { startJob, useJob } from '../../bridge/jobs.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { isHalf, keyErrors, keyOf, noKey } from '../BroughtKey.tsx';
import { revocationFile } from '../broker-commands.ts';
import { useBrokerPlace } from '../broker-target.ts';
import { Dialog, DialogActions } from '../Dialog.tsx';
import { ErrorPanel } from '../ErrorPanel.tsx';
import fieldCss from '../Field.module.css';
import { Field } from '../Field.tsx';
import { shortHex } from '../hex.ts';
import { InView } from '../InView.tsx';
import { Note } from '../Note.tsx';
import { useNow } from '../now.ts';
import { Options } from '../Options.tsx';
import { hrefOf, type Page } from '../route.ts';
import { Waiting } from '../Waiting.tsx';
import { CertificateTicks, type Tickable } from './CertificateTicks.tsx';
import { HitList } from './HitList.tsx';
import { Revoked, RevokeStopped } from './Revoked.tsx';
import { BringKey, useOfflineIssuers } from './SignList.tsx';
import { dayOf, type NamedDevice, startOfDay } from './target.ts';
import { Unfinished } from './Unfinished.tsx';

export type RevokeAct = 'revoke' | 'hold' | 'release';

/** Reasons that fit the certificate of a device, the most frequent first (RFC 5280 §5.3.1). */
const reasons = ['keyCompromise', 'superseded', 'cessationOfOperation', 'affiliationChanged', 'unspecified'] as const;

interface Props {
  readonly projectId: number;
  readonly act: RevokeAct;
  readonly devices: readonly NamedDevice[];
  /** Exactly these; null = everything of the devices that the act can be done to. */
  readonly certificateIds: readonly number[] | null;
  readonly page: Page;
  readonly onClose: () => void;
  /** Leads to the export of the broker's kit. */
  readonly onExportKit: () => void;
}

/** Names every certificate that it hits, asks why and since when, and says what has to happen on the broker. */
export function RevokeDialog({ projectId, act, devices, certificateIds, page, onClose, onExportKit }: Props) {
  const { t } = useTranslation();
  const now = useNow();
  const format = useFormat();
  const [reason, setReason] = useState<RevocationReason>(certificateIds ? 'superseded' : 'keyCompromise');
  const [day, setDay] = useState(() => dayOf(now));
  const [chosen, setChosen] = useState<ReadonlySet<number> | null>(null);
  const [asked, setAsked] = useState<string | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const [key, setKey] = useState(noKey);
  const revoking = useJob('certificate.revokeMany', jobId);
  const releasing = useJob('certificate.releaseMany', jobId);
  const job = revoking ?? releasing;

  const single = devices.length === 1 ? devices[0] : undefined;
  const groups = useCall('certificate.shared', { projectId });
  const hitIds = new Set(devices.map(({ deviceId }) => deviceId));
  const stops = (groups.data ?? [])
    .filter(({ holderId }) => hitIds.has(holderId))
    .flatMap((group) => group.devices.filter(({ deviceId }) => !hitIds.has(deviceId)).map(({ id }) => id));
  const shown = useCall('device.show', { deviceId: single?.deviceId ?? 0 }, { enabled: single !== undefined });
  const hit: Tickable[] = (shown.data?.certificates ?? []).filter((certificate) => {
    if (act === 'release') return certificate.state === 'hold';
    return !isRefused(certificate.state) || (act === 'revoke' && certificate.state === 'hold');
  });
  const preset = hit.filter(({ id }) => certificateIds?.includes(id) ?? true).map(({ id }) => id);
  const ticked = chosen ?? new Set(preset);

  const issuers = single ? hit.filter(({ id }) => ticked.has(id)).map(({ issuerId }) => issuerId) : null;
  const { target, identity } = useBrokerPlace(projectId);
  const byPassword = identity === 'password';
  const byHand = softwareOf(target) === 'mosquitto';
  const afterwards = act === 'release' ? (byHand ? 'backAgain' : 'backInstalled') : byHand ? 'restart' : 'installed';
  const offline = useOfflineIssuers(projectId, issuers);
  // the key is looked at before anything is done: another one can be brought
  const keyWrong = job?.state === 'failed' && keyErrors.includes(job.error?.code ?? '');

  const count = devices.length;
  const device = single ? single.id : t('fields.lines.count', { count });
  const one = single && ticked.size === 1 ? hit.find(({ id }) => ticked.has(id)) : undefined;
  const serial = one && act === 'revoke' ? shortHex(one.serial) : undefined;
  const question =
    serial !== undefined && certificateIds
      ? t('acts.revoke.titleCertificate', { serial, name: device })
      : t(`acts.${act}.title`, { name: device });
  // once it is done there is nothing left that could be named
  const title = asked ?? question;
  const at = startOfDay(day);
  const dayWrong = act === 'revoke' && (at === null || at > now);

  const start = () => {
    setAsked(question);
    const about = { subject: device, href: hrefOf(page) };
    const certificates = single ? [...ticked] : [...(certificateIds ?? [])];
    const target = {
      projectId,
      deviceIds: single || certificateIds ? [] : devices.map(({ deviceId }) => deviceId),
      certificateIds: certificates,
      ...keyOf(key),
    };
    if (act === 'release') setJobId(startJob('certificate.releaseMany', target, about));
    else {
      const why = act === 'hold' ? 'certificateHold' : reason;
      const since = act === 'revoke' && at !== null && day !== dayOf(now) ? { at } : {};
      setJobId(startJob('certificate.revokeMany', { ...target, reason: why, ...since }, about));
    }
  };
  const close = (
    <Button variant="default" onClick={onClose}>
      {t('common.close')}
    </Button>
  );
  return (
    <Dialog title={title} onClose={onClose}>
      {!job || keyWrong ? (
        <>
          {!single ? (
            <>
              <p>
                {certificateIds
                  ? t('acts.revoke.predecessors', { count: certificateIds.length })
                  : t(`acts.${act}.many`, { count })}
              </p>
              <HitList devices={devices} />
            </>
          ) : shown.data ? (
            <CertificateTicks
              words={hit.length === 0 ? t('acts.list.none') : t(`acts.${act}.${hit.length === 1 ? 'one' : 'some'}`)}
              certificates={hit}
              ticked={ticked}
              onTicked={setChosen}
            />
          ) : (
            <Waiting lines={2} />
          )}
          {act !== 'release' && stops.length > 0 && (
            <Note tone="bad" icon={IconUsersGroup}>
              {t('credentials.shared.stops', { names: format.list(stops) })}
            </Note>
          )}
          {act === 'revoke' && (
            <>
              <Options
                legend={t('acts.list.reason')}
                value={reason}
                onChange={setReason}
                options={reasons.map((each) => ({
                  value: each as RevocationReason,
                  label: t(`acts.list.reasons.${each}`),
                  note: <span className="mono">{each}</span>,
                }))}
                {...(reason === 'keyCompromise' ? { hint: t('acts.list.compromised') } : {})}
              />
              <Field
                label={t('acts.list.since')}
                hint={t('acts.list.sinceHint')}
                error={dayWrong ? t('acts.list.sinceWrong') : undefined}
              >
                {(aria) => (
                  <input
                    {...aria}
                    type="date"
                    className={fieldCss.input}
                    value={day}
                    max={dayOf(now)}
                    onChange={(event) => setDay(event.currentTarget.value)}
                  />
                )}
              </Field>
            </>
          )}
          <ul>
            {byPassword ? (
              <li>{t(act === 'release' ? 'acts.list.after.passwordBack' : 'acts.list.after.password')}</li>
            ) : (
              <li>{t(offline.length > 0 && key.pem === '' ? 'acts.list.after.listWaits' : 'acts.list.after.list')}</li>
            )}
            <li>
              {byPassword
                ? t('acts.list.after.copyUsers', { file: usersFile(target) })
                : t('acts.list.after.copy', { file: revocationFile(target) })}
            </li>
            <li>{t(`acts.list.after.${afterwards}`)}</li>
          </ul>
          <BringKey authorities={offline} value={key} onChange={setKey} />
          {keyWrong && job?.error && (
            <InView>
              <ErrorPanel error={job.error} />
            </InView>
          )}
          <DialogActions>
            <Button variant="default" size="lg" onClick={onClose} data-autofocus>
              {t(`acts.${act}.keep`)}
            </Button>
            <Button size="lg" disabled={dayWrong || isHalf(key) || (single !== undefined && ticked.size === 0)} onClick={start}>
              {serial !== undefined ? t('acts.revoke.doCertificate', { serial }) : t(`acts.${act}.do`, { name: device })}
            </Button>
          </DialogActions>
        </>
      ) : job.state === 'done' && job.result ? (
        <>
          <Revoked projectId={projectId} act={act} result={job.result} />
          <DialogActions>
            {close}
            {job.result.certificates.length > 0 && <Button onClick={onExportKit}>{t('acts.list.export')}</Button>}
          </DialogActions>
        </>
      ) : (
        <Unfinished
          job={job}
          onStart={start}
          actions={<DialogActions>{close}</DialogActions>}
          stopped={<RevokeStopped done={Number(job.error?.params.done ?? 0)} total={Number(job.error?.params.total ?? 0)} />}
          kept={t('acts.list.kept')}
        />
      )}
    </Dialog>
  );
}
