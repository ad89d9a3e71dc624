import { useTranslation } from 'react-i18next';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { DiagnosisLine } from '../../ui/DiagnosisLine.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import css from './DeviceDrawer.module.css';

/** What the doctor saw the last time that somebody connected as this device. */
export function LastCheck({ projectId, deviceId }: { readonly projectId: number; readonly deviceId: number }) {
  const { t } = useTranslation();
  const kept = useCall('doctor.kept', { projectId, deviceId });
  if (kept.isError) return <ErrorPanel error={reportOf(kept.error)} onRetry={() => void kept.refetch()} />;
  if (kept.isPending) return <Waiting lines={1} />;
  const [last] = kept.data;
  return last ? <DiagnosisLine diagnosis={last} /> : <p className={css.none}>{t('doctor.kept.none')}</p>;
}
