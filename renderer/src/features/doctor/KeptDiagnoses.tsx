import { useTranslation } from 'react-i18next';
import { useCall } from '../../bridge/queries.ts';
import { DiagnosisLine } from '../../ui/DiagnosisLine.tsx';
import { Panel } from '../../ui/Panel.tsx';
import css from './Doctor.module.css';

/** What came of the last checks of this project; nothing where none was made yet. */
export function KeptDiagnoses({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation();
  const { data } = useCall('doctor.kept', { projectId, deviceId: null });
  if (!data || data.length === 0) return null;
  return (
    <Panel title={t('doctor.kept.title')}>
      <ul className={css.kept}>
        {data.map((each) => (
          <li key={each.diagnosisId}>
            <DiagnosisLine diagnosis={each} named />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
