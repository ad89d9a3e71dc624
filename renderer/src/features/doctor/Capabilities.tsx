import { useTranslation } from 'react-i18next';
import type { BrokerCapabilities } from '../../../../shared/model/doctor-evidence.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import type { Words } from '../../ui/diagnosis-words.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import css from './Beside.module.css';
import { evidenceOf, type Run } from './run-store.ts';
import { mqttVersion } from './seen.ts';

/** What the broker said of itself when it accepted the session. */
export function Capabilities({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  const format = useFormat();
  const seen = evidenceOf(run, 'connack')?.capabilities;
  if (!seen) return null;
  return (
    <Panel title={t('doctor.can.title')}>
      <Facts facts={capabilityFacts(seen, { t, format }).map(([term, value]) => ({ term, value }))} />
      {seen.protocolVersion === 4 && <p className={css.quiet}>{t('doctor.can.silent')}</p>}
    </Panel>
  );
}

/** Term and value, in the order of interest. */
export function capabilityFacts(can: BrokerCapabilities, { t, format }: Words): [string, string][] {
  const yes = (value: boolean) => t(value ? 'doctor.can.yes' : 'doctor.can.no');
  const seconds = (value: number | null) =>
    value === null ? t('doctor.can.asAsked') : t('doctor.seconds', { seconds: format.number(value) });
  const facts: [string, string][] = [[t('doctor.can.version'), `MQTT ${mqttVersion(can.protocolVersion)}`]];
  if (can.software !== null) facts.push([t('doctor.can.software'), can.software]);
  if (can.protocolVersion === 4) return facts;
  facts.push(
    [t('doctor.can.packet'), can.maximumPacketSize === null ? t('doctor.can.unlimited') : format.bytes(can.maximumPacketSize)],
    [t('doctor.can.qos'), String(can.maximumQos)],
    [t('doctor.can.retained'), yes(can.retained)],
    [t('doctor.can.wildcards'), yes(can.wildcardSubscriptions)],
    [t('doctor.can.shared'), yes(can.sharedSubscriptions)],
    [t('doctor.can.identifiers'), yes(can.subscriptionIdentifiers)],
    [t('doctor.can.aliases'), format.number(can.topicAliasMaximum)],
    [t('doctor.can.receive'), format.number(can.receiveMaximum)],
    [t('doctor.can.keepAlive'), seconds(can.serverKeepAlive)],
    [t('doctor.can.expiry'), seconds(can.sessionExpiry)],
  );
  if (can.assignedClientId !== null) facts.push([t('doctor.can.assigned'), can.assignedClientId]);
  return facts;
}
