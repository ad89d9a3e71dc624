import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconKey } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { chooseForExport } from '../../bridge/export-choice.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { BrokerSteps } from '../../ui/BrokerSteps.tsx';
import { useBrokerPlace } from '../../ui/broker-target.ts';
import { Fold } from '../../ui/Fold.tsx';
import { Note } from '../../ui/Note.tsx';
import { hrefOf } from '../../ui/route.ts';
import { exportKit } from './Fixes.tsx';
import css from './Steps.module.css';

/** What a fix came to. */
export type FixResult =
  | { readonly kind: 'broker'; readonly reissued: boolean; readonly files: readonly string[]; readonly names: readonly string[] }
  | ({ readonly kind: 'list' } & CallOutput<'crl.publish'>)
  | { readonly kind: 'observer' }
  | { readonly kind: 'device'; readonly deviceId: number; readonly id: string };

interface Props {
  readonly result: FixResult;
  readonly projectId: number;
  /** Checking again asks for the takeover first. */
  readonly device: boolean;
  readonly onAgain: () => void;
}

/** What was done, what a person has to do now, and the way to see whether it helped. */
export function Fixed({ result, projectId, device, onAgain }: Props) {
  const { t } = useTranslation();
  const again = (
    <div className={css.fixes}>
      <Button onClick={onAgain}>{t(device ? 'doctor.againDevice' : 'doctor.again')}</Button>
    </div>
  );
  switch (result.kind) {
    case 'broker':
      return (
        <BrokerFixed result={result} projectId={projectId}>
          {again}
        </BrokerFixed>
      );
    case 'list':
      return (
        <ListFixed result={result} projectId={projectId}>
          {again}
        </ListFixed>
      );
    case 'observer':
      return (
        <Note tone="ok" icon={IconCircleCheck} title={t('doctor.fixed.observer')}>
          <p>{t('doctor.fixed.observerText')}</p>
          {again}
        </Note>
      );
    case 'device':
      return (
        <DeviceFixed result={result} projectId={projectId}>
          {again}
        </DeviceFixed>
      );
  }
}

interface PartProps<K extends FixResult['kind']> {
  readonly result: Extract<FixResult, { kind: K }>;
  readonly projectId: number;
  readonly children: React.ReactNode;
}

function BrokerFixed({ result: { reissued, files, names }, projectId, children }: PartProps<'broker'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const title = !reissued
    ? t('doctor.fixed.unchanged')
    : names.length > 0
      ? t('doctor.fixed.reissued', { names: format.list([...names]) })
      : t('doctor.fixed.renewed');
  return (
    <Note tone="ok" icon={IconCircleCheck} title={title}>
      {files.length > 0 && (
        <>
          <p>{t('doctor.fixed.copy')}</p>
          <ul className={css.files}>
            {files.map((file) => (
              <li key={file} className="mono">
                {file}
              </li>
            ))}
          </ul>
          <div className={css.fixes}>
            <Button variant="default" onClick={() => exportKit(projectId)}>
              {t('doctor.fixed.export')}
            </Button>
          </div>
          <p>{t('doctor.fixed.afterwards')}</p>
        </>
      )}
      {children}
    </Note>
  );
}

function ListFixed({ result: { published, offline }, projectId, children }: PartProps<'list'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const broker = useBrokerPlace(projectId);
  return (
    <>
      {published.map(({ authority, number, nextUpdate }) => (
        <Note
          key={authority}
          tone="ok"
          icon={IconCircleCheck}
          title={t('doctor.fixed.list', { number, authority, date: format.date(nextUpdate) })}
        >
          <Fold summary={t('authority.steps.title')} open>
            <BrokerSteps broker={broker} untitled />
          </Fold>
          <p>{t('doctor.fixed.afterwards')}</p>
          {children}
        </Note>
      ))}
      {offline.length > 0 && (
        <Note tone="due" icon={IconKey} title={t('doctor.fixed.offline', { names: format.list([...offline]) })}>
          <Button component="a" variant="default" href={hrefOf('authority')}>
            {t('doctor.fixed.toAuthority')}
          </Button>
        </Note>
      )}
    </>
  );
}

/** The dialog may have been closed before anything was issued: only what the vault has counts. */
function DeviceFixed({ result: { deviceId, id }, projectId, children }: PartProps<'device'>) {
  const { t } = useTranslation();
  const shown = useCall('device.show', { deviceId });
  const usable = shown.data?.device.state === 'valid' || shown.data?.device.state === 'due';
  if (!shown.data) return null;
  return (
    <Note
      tone={usable ? 'ok' : 'due'}
      icon={usable ? IconCircleCheck : IconAlertTriangle}
      title={usable ? t('doctor.fixed.device', { device: id }) : t(`common.stateMeaning.${shown.data.device.state}`)}
    >
      {usable && (
        <>
          <p>{t('doctor.fixed.deviceText')}</p>
          <div className={css.fixes}>
            <Button
              variant="default"
              onClick={() => {
                chooseForExport({ projectId, deviceIds: [deviceId], withBroker: false });
                window.location.hash = hrefOf('export');
              }}
            >
              {t('doctor.fixed.exportDevice')}
            </Button>
          </div>
        </>
      )}
      {children}
    </Note>
  );
}
