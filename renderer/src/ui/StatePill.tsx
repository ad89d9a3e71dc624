import { type Icon, IconBan, IconCheck, IconClockExclamation, IconHourglass, IconPlayerPause, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CertificateState } from '../../../shared/model/certificate.ts';
import css from './StatePill.module.css';

/** The five colours that carry meaning. They never come alone: always with a sign and a word. */
export type Tone = 'ok' | 'due' | 'bad' | 'gone' | 'wait';

export const toneOf: Readonly<Record<CertificateState, Tone>> = {
  valid: 'ok',
  due: 'due',
  expired: 'bad',
  revoked: 'gone',
  awaiting: 'wait',
};

export const iconOf: Readonly<Record<CertificateState, Icon>> = {
  valid: IconCheck,
  due: IconClockExclamation,
  expired: IconX,
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

/** `onHold`: revoked for now, which a person has to be able to tell from revoked for good. */
export function StatePill({ state, onHold = false }: { readonly state: CertificateState; readonly onHold?: boolean }) {
  const { t } = useTranslation();
  return (
    <TonePill tone={onHold ? 'wait' : toneOf[state]} icon={onHold ? IconPlayerPause : iconOf[state]}>
      <span title={t(onHold ? 'common.onHoldMeaning' : `common.stateMeaning.${state}`)}>
        {t(onHold ? 'common.onHold' : `common.state.${state}`)}
      </span>
    </TonePill>
  );
}
