import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/ScrollArea.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Drawer.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/CloseButton.css';
import { Button, Drawer } from '@mantine/core';
import { IconReplace, IconUsb } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { BundleFiles } from './BundleFiles.tsx';
import { CertificateFacts } from './CertificateFacts.tsx';
import css from './DeviceDrawer.module.css';
import { EarlierCertificates } from './EarlierCertificates.tsx';
import type { Chosen } from './selection.ts';
import { Topics } from './Topics.tsx';

interface Props {
  readonly deviceId: number;
  readonly onClose: () => void;
  readonly onReplace: (device: Chosen) => void;
  readonly onExport: (deviceId: number) => void;
}

/** Everything about one device. Esc closes it and the focus goes back to its row. */
export function DeviceDrawer({ deviceId, onClose, onReplace, onExport }: Props) {
  const { t } = useTranslation();
  const device = useCall('device.show', { deviceId });
  const name = device.data?.device.id ?? '';
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
            {device.data && <p>{t(`common.role.${device.data.device.role}`)}</p>}
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
                <Button
                  variant="default"
                  leftSection={<IconReplace size={20} stroke={1.7} aria-hidden />}
                  onClick={() => onReplace(device.data.device)}
                >
                  {t('devices.replace.action')}
                </Button>
                <Button
                  variant="default"
                  leftSection={<IconUsb size={20} stroke={1.7} aria-hidden />}
                  onClick={() => onExport(deviceId)}
                >
                  {t('devices.export')}
                </Button>
              </div>
              <Content data={device.data} />
            </>
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Content({ data }: { readonly data: CallOutput<'device.show'> }) {
  const { t } = useTranslation();
  const { device, certificates, write, read } = data;
  const current = certificates.find((certificate) => certificate.id === device.certificateId) ?? certificates[0];
  const earlier = certificates.filter((certificate) => certificate !== current);
  return (
    <>
      <section aria-label={t('devices.drawer.current')}>
        {current ? <CertificateFacts certificate={current} /> : <p className={css.none}>{t('devices.drawer.noCertificate')}</p>}
      </section>
      <section>
        <h3>{t('devices.drawer.topics')}</h3>
        <Topics write={write} read={read} />
      </section>
      <section>
        <h3>{t('devices.bundle.title')}</h3>
        <BundleFiles deviceId={device.deviceId} />
      </section>
      {earlier.length > 0 && (
        <section>
          <h3>{t('devices.drawer.history')}</h3>
          <EarlierCertificates certificates={earlier} />
        </section>
      )}
    </>
  );
}
