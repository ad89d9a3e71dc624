import { IconFile, IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Code } from '../../ui/Code.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import css from './DeviceDrawer.module.css';

/** What the device's folder of an export holds. Secret files are named and never shown. */
export function BundleFiles({ deviceId }: { readonly deviceId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const files = useCall('preview.device', { deviceId });
  if (files.isError) return <ErrorPanel error={reportOf(files.error)} onRetry={() => void files.refetch()} />;
  if (files.isPending) return <Waiting lines={3} />;
  if (files.data.length === 0) return <p className={css.none}>{t('devices.bundle.none')}</p>;
  return (
    <ul className={css.history}>
      {files.data.map((file) => {
        const Sign = file.secret ? IconLock : IconFile;
        const change = file.change === 'same' ? null : t(`devices.bundle.change.${file.change}`);
        const line = (
          <span className={css.file}>
            <span className="mono">{file.path.split('/').at(-1)}</span>
            <span>{[format.bytes(file.bytes), change].filter(Boolean).join(' · ')}</span>
          </span>
        );
        return (
          <li key={file.path} title={file.path}>
            {file.content === null ? (
              <div className={css.secret}>
                <Sign size={18} stroke={1.7} aria-hidden />
                {line}
                <span className={css.hidden}>{t('devices.bundle.secret')}</span>
              </div>
            ) : (
              <Fold summary={line}>
                <Code text={file.content} what={file.path} block />
              </Fold>
            )}
          </li>
        );
      })}
    </ul>
  );
}
