import { type Icon, IconBan, IconCheck, IconClockExclamation, IconHourglass, IconPlayerPause, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CertificateState } from '../../../shared/model/certificate.ts';
import css from './StatePill.module.css';

/** The colours that carry meaning. They never come alone: always with a sign and a word. */
export type Tone = 'ok' | 'due' | 'bad' | 'held' | 'gone' | 'wait';

export const toneOf: Readonly<Record<CertificateState, Tone>> = {
  valid: 'ok',
  due: 'due',
  expired: 'bad',
  hold: 'held',
  revoked: 'gone',
  awaiting: 'wait',
};

export const iconOf: Readonly<Record<CertificateState, Icon>> = {
  valid: IconCheck,
  due: IconClockExclamation,
  expired: IconX,
  hold: IconPlayerPause,
  revoked: IconBan,
  awaiting: IconHourglass,
};

export function TonePill({
  tone,
  icon: Sign,
  children,
}: {
  readonly tone: Tone;
  readonly icon: Icon;
  readonly children: ReactNode;
}) {
  return (
    <span className={css.pill} data-tone={tone}>
      <Sign size={16} stroke={2.2} aria-hidden />
      <span>{children}</span>
    </span>
  );
}

export function StatePill({ state }: { readonly state: CertificateState }) {
  const { t } = useTranslation();
  return (
    <TonePill tone={toneOf[state]} icon={iconOf[state]}>
      <span title={t(`common.stateMeaning.${state}`)}>{t(`common.state.${state}`)}</span>
    </TonePill>
  );
}
