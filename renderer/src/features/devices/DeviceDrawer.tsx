import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/ScrollArea.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Drawer.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/CloseButton.css';
import { Drawer } from '@mantine/core';
import { IconShieldX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { tourDid } from '../../bridge/tour.ts';
import type { CertificateAct } from '../../ui/acts/ActMenu.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Note } from '../../ui/Note.tsx';
import { roleName } from '../../ui/role-name.ts';
import { hrefOf } from '../../ui/route.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import { Deeds } from './Actions.tsx';
import { BundleFiles } from './BundleFiles.tsx';
import { CertificateFacts } from './CertificateFacts.tsx';
import css from './DeviceDrawer.module.css';
import { DevicePassword } from './DevicePassword.tsx';
import { LastCheck } from './LastCheck.tsx';
import { SharedCertificate } from './SharedCertificate.tsx';
import type { Chosen } from './selection.ts';
import { TimeLine } from './TimeLine.tsx';
import { Topics } from './Topics.tsx';

interface Props {
  readonly deviceId: number;
  readonly onClose: () => void;
  /** `certificateId`: of one certificate of its history; null = the device as a whole. */
  readonly onAct: (act: CertificateAct, device: Chosen, certificateId: number | null) => void;
  readonly onExport: (deviceId: number) => void;
  readonly projectId: number;
  readonly onPassword: (device: Chosen) => void;
}

/** Everything about one device. Esc closes it and the focus goes back to its row. */
export function DeviceDrawer({ deviceId, onClose, onAct, onExport, projectId, onPassword }: Props) {
  const { t } = useTranslation();
  const device = useCall('device.show', { deviceId });
  const name = device.data?.device.id ?? '';
  const shown = device.data !== undefined && device.data.certificates.length > 0;
  useEffect(() => void (shown && tourDid('certificate')), [shown]);
  return (
    <Drawer.Root
      opened
      onClose={onClose}
      position="right"
      size={600}
      transitionProps={{ duration: 0 }}
      classNames={{ content: css.drawer ?? '', overlay: css.overlay ?? '', body: css.body ?? '' }}
    >
      <Drawer.Overlay />
      <Drawer.Content aria-label={t('devices.drawer.label', { id: name })} radius={0}>
        <div className={css.header}>
          <div>
            <h2 className={css.id}>{name}</h2>
            {device.data && <p>{roleName(t, device.data.device.role)}</p>}
          </div>
          <Drawer.CloseButton size={48} iconSize={22} aria-label={t('devices.drawer.close')} />
        </div>
        <Drawer.Body>
          {device.isError ? (
            <ErrorPanel error={reportOf(device.error)} onRetry={() => void device.refetch()} />
          ) : device.isPending ? (
            <Waiting lines={8} />
          ) : (
            <>
              <div className={css.deeds}>
                <Deeds
                  onAct={(act) => onAct(act, device.data.device, null)}
                  onExport={() => onExport(deviceId)}
                  nothingHeld={!device.data.certificates.some(({ state }) => state === 'hold')}
                  onCheck={() => {
                    window.location.hash = hrefOf('doctor', { device: String(deviceId) });
                  }}
                />
              </div>
              <Content
                data={device.data}
                projectId={projectId}
                onPassword={() => onPassword(device.data.device)}
                onAct={(act, certificateId) => onAct(act, device.data.device, certificateId)}
              />
            </>
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

interface ContentProps {
  readonly data: CallOutput<'device.show'>;
  readonly onAct: (act: 'revoke' | 'release', certificateId: number) => void;
  readonly projectId: number;
  readonly onPassword: () => void;
}

function Content({ data, onAct, projectId, onPassword }: ContentProps) {
  const { t } = useTranslation();
  const { device, certificates, write, read, deny, password, shared } = data;
  const current = certificates.find((certificate) => certificate.id === device.certificateId);
  return (
    <>
      {!device.trusted && (
        <Note tone="bad" icon={IconShieldX} title={t('common.untrusted.state')}>
          <p>{t('common.untrusted.meaning')}</p>
        </Note>
      )}
      {(current || device.trusted) && (
        <section aria-label={t('devices.drawer.current')}>
          {shared && <SharedCertificate projectId={projectId} device={device} shared={shared} />}
          {current ? <CertificateFacts certificate={current} /> : <p className={css.none}>{t('devices.drawer.noCertificate')}</p>}
        </section>
      )}
      {certificates.length > 1 && (
        <section>
          <h3>{t('devices.drawer.history')}</h3>
          <TimeLine certificates={certificates} currentId={current?.id ?? 0} onAct={onAct} />
        </section>
      )}
      {password && (
        <section aria-label={t('credentials.password.title')}>
          <h3>{t('credentials.password.title')}</h3>
          <DevicePassword projectId={projectId} deviceId={device.deviceId} password={password} onMake={onPassword} />
        </section>
      )}
      <section>
        <h3>{t('doctor.kept.device')}</h3>
        <LastCheck projectId={projectId} deviceId={device.deviceId} />
      </section>
      <section>
        <h3>{t('devices.drawer.topics')}</h3>
        <Topics write={write} read={read} deny={deny} />
      </section>
      <section>
        <h3>{t('devices.bundle.title')}</h3>
        <BundleFiles deviceId={device.deviceId} />
      </section>
    </>
  );
}
