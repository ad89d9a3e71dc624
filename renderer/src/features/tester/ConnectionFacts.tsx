import { IconCheck, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../bridge/queries.ts';
import { Fold } from '../../ui/Fold.tsx';
import { Hex } from '../../ui/Hex.tsx';
import { TonePill } from '../../ui/StatePill.tsx';
import { GrantedFacts } from './connection/GrantedFacts.tsx';
import css from './Pane.module.css';
import type { ConnectionState, Pane } from './panes.ts';

interface Props {
  readonly pane: Pane;
  readonly state: ConnectionState;
  readonly certificateId: number | null;
}

/** What was agreed on: protocol, encryption, and the certificate that the broker really showed. */
export function ConnectionFacts({ pane, state, certificateId }: Props) {
  const { t } = useTranslation();
  const own = useCall('certificate.show', { certificateId: certificateId ?? 0 }, { enabled: certificateId !== null });
  const { tls, protocolVersion } = state;
  const same = own.data && tls ? own.data.fingerprint === tls.brokerFingerprint : null;
  const line = [
    `${pane.host}:${pane.port}`,
    protocolVersion === null ? null : protocolVersion === 5 ? 'MQTT 5' : 'MQTT 3.1.1',
    tls?.protocol.replace('TLSv', 'TLS '),
  ];
  return (
    <div className={css.facts}>
      <Fold summary={line.filter(Boolean).join(' · ')}>
        {tls && (
          <>
            <p>
              {t('tester.facts.security')}: <span className="mono">{tls.cipher}</span>
            </p>
            <p>{t('tester.facts.fingerprint')}</p>
            <Hex value={tls.brokerFingerprint} what={t('tester.facts.fingerprint')} />
            {same !== null && pane.identity.kind !== 'own' && (
              <TonePill tone={same ? 'ok' : 'due'} icon={same ? IconCheck : IconInfoCircle}>
                {t(same ? 'tester.facts.same' : 'tester.facts.other')}
              </TonePill>
            )}
          </>
        )}
        {state.granted && <GrantedFacts granted={state.granted} />}
      </Fold>
      {protocolVersion === 4 && <p className={css.note}>{t('tester.fallback')}</p>}
    </div>
  );
}
