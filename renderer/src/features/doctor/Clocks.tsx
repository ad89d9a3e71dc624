import { useTranslation } from 'react-i18next';
import type { DoctorClocks } from '../../../../shared/model/doctor-evidence.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { looseWords, type Words } from '../../ui/diagnosis-words.ts';
import { Panel } from '../../ui/Panel.tsx';
import css from './Beside.module.css';
import { clockStanding, differenceOf } from './clocks.ts';
import { evidenceOf, type Run } from './run-store.ts';

/** This computer's clock and the broker's, as far as it can be known. */
export function Clocks({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  const format = useFormat();
  const clocks = run.report?.clocks ?? evidenceOf(run, 'tls')?.clocks;
  if (!clocks) return null;
  const standing = clockStanding(clocks);
  return (
    <Panel title={t('doctor.clocks.title')}>
      {clocksText(clocks, { t, format }).map((line, place) => (
        <p key={line} className={css.clock} data-standing={place === 1 ? standing : undefined}>
          {line}
        </p>
      ))}
    </Panel>
  );
}

/** The same as sentences, also for the report. */
export function clocksText(clocks: DoctorClocks, { t, format }: Words): string[] {
  const { own, broker, source, after, before } = clocks;
  const standing = clockStanding(clocks);
  if (broker !== null) {
    const { unit, value } = differenceOf(broker - own);
    const difference = looseWords(t)(`doctor.clocks.${unit}`, { [unit]: value });
    return [
      t('doctor.clocks.both', { own: format.time(own), broker: format.time(broker) }),
      t(standing === 'apart' ? 'doctor.clocks.apart' : 'doctor.clocks.fine', { difference }),
      ...(source ? [t(`doctor.clocks.source.${source}`)] : []),
    ];
  }
  const first = t('doctor.clocks.own', { own: format.dateTime(own) });
  if (after === null || before === null) return [first, t('doctor.clocks.unknown')];
  return [first, t('doctor.clocks.between', { after: format.date(after), before: format.date(before) })];
}
