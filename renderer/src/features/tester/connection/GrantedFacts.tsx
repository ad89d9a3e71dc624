import { useTranslation } from 'react-i18next';
import { Facts } from '../../../ui/Facts.tsx';
import type { ConnectionState } from '../panes.ts';

/** Properties of CONNACK that have a word (MQTT 5 §3.2.2.3). */
const known = [
  'assignedClientIdentifier',
  'serverKeepAlive',
  'sessionExpiryInterval',
  'receiveMaximum',
  'maximumQoS',
  'retainAvailable',
  'maximumPacketSize',
  'topicAliasMaximum',
  'wildcardSubscriptionAvailable',
  'subscriptionIdentifiersAvailable',
  'sharedSubscriptionAvailable',
  'responseInformation',
  'reasonString',
  'serverReference',
  'authenticationMethod',
  'authenticationData',
] as const;

/** What the broker said besides yes; what it does not say is as the protocol has it. */
export function GrantedFacts({ granted }: { readonly granted: NonNullable<ConnectionState['granted']> }) {
  const { t } = useTranslation();
  const facts = known.flatMap((name) => {
    const value = granted.properties[name];
    if (value === undefined) return [];
    const said = typeof value === 'boolean' ? t(value ? 'connections.granted.yes' : 'connections.granted.no') : String(value);
    return [{ term: t(`connections.granted.${name}`), value: <span className="mono">{said}</span> }];
  });
  return (
    <>
      <p>{t(granted.sessionPresent ? 'connections.granted.session' : 'connections.granted.newSession')}</p>
      {(facts.length > 0 || granted.userProperties.length > 0) && (
        <Facts
          facts={[
            ...facts,
            ...granted.userProperties.map(({ name, value }) => ({ term: name, value: <span className="mono">{value}</span> })),
          ]}
        />
      )}
    </>
  );
}
