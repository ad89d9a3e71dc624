import { IconAlertTriangle, IconCheck, IconChevronRight, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type DoctorStep, doctorSteps, type KeptDiagnosis } from '../../../shared/model/doctor.ts';
import { useFormat } from '../locales/FormatContext.tsx';
import css from './DiagnosisLine.module.css';
import { aboutReport, findingText, isRightly, whoText } from './diagnosis-words.ts';
import { hrefOf } from './route.ts';
import { TonePill } from './StatePill.tsx';
import { Time } from './Time.tsx';

/** True when it is connected and what failed is what was tried then. */
export function failedConnected(step: DoctorStep | null): boolean {
  return step !== null && doctorSteps.indexOf(step) > doctorSteps.indexOf('connack');
}

interface Props {
  readonly diagnosis: KeptDiagnosis;
  /** Lines of several stand together: whose it is stands in front. */
  readonly named?: boolean;
}

/** One check of a connection that is kept: what came of it, when, where; leads to its report. */
export function DiagnosisLine({ diagnosis, named = false }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { diagnosisId, at, place, quick, verdict } = diagnosis;
  const { outcome, step, cause } = verdict;
  const about = aboutReport(diagnosis);
  const rightly = cause !== null && isRightly(cause.code, about);
  const words = rightly
    ? 'rightly'
    : outcome !== 'failed'
      ? outcome === 'healthy'
        ? 'healthy'
        : 'remarks'
      : failedConnected(step)
        ? 'wrong'
        : 'failed';
  const tone = words === 'healthy' || rightly ? 'ok' : words === 'remarks' ? 'due' : 'bad';
  const sign = { ok: IconCheck, due: IconAlertTriangle, bad: IconX }[tone];
  const where = `${place.transport}://${place.host}:${place.port}`;
  return (
    <a className={css.line} href={hrefOf('doctor', { kept: String(diagnosisId) })} data-outcome={words}>
      <span className={css.words}>
        {named && <b>{whoText('start', about, t)}</b>}
        <TonePill tone={tone} icon={sign}>
          {t(`doctor.kept.outcome.${words}`)}
        </TonePill>
        <span className={css.facts}>
          <Time at={at}>{format.dateTime(at)}</Time>
          <span className="mono">{where}</span>
          {quick && <span>{t('doctor.kept.quick')}</span>}
        </span>
        {tone === 'bad' && cause && <span className={css.cause}>{findingText(cause, about, { t, format }).title}</span>}
      </span>
      <IconChevronRight className={css.way} size={20} stroke={1.7} aria-hidden />
    </a>
  );
}
