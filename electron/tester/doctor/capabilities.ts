import type { IConnackPacket } from 'mqtt';
import type { BrokerCapabilities } from '../../../shared/model/doctor-evidence.ts';
import type { DoctorFinding } from '../../../shared/model/doctor-findings.ts';
import { remark } from './findings.ts';

/** Below this a broker's limit is worth a word, bytes: pictures, logs and firmware do not fit. */
const smallPacket = 65_536;

/** What CONNACK says, with the defaults of MQTT 5 §3.2.2.3 where it is silent; 3.1.1 says nothing. */
export function capabilitiesOf(connack: IConnackPacket, protocolVersion: 4 | 5): BrokerCapabilities {
  const told = protocolVersion === 5 ? (connack.properties ?? {}) : {};
  return {
    protocolVersion,
    maximumPacketSize: told.maximumPacketSize ?? null,
    maximumQos: told.maximumQoS === 0 || told.maximumQoS === 1 ? told.maximumQoS : 2,
    retained: told.retainAvailable ?? true,
    wildcardSubscriptions: told.wildcardSubscriptionAvailable ?? true,
    sharedSubscriptions: protocolVersion === 5 && (told.sharedSubscriptionAvailable ?? true),
    subscriptionIdentifiers: protocolVersion === 5 && (told.subscriptionIdentifiersAvailable ?? true),
    topicAliasMaximum: told.topicAliasMaximum ?? 0,
    receiveMaximum: told.receiveMaximum ?? 65_535,
    serverKeepAlive: told.serverKeepAlive ?? null,
    sessionExpiry: told.sessionExpiryInterval ?? null,
    assignedClientId: told.assignedClientIdentifier ?? null,
    software: null,
  };
}

/** What a person should know of it. `asked`: what CONNECT said, seconds. */
export function capabilityRemarks(
  found: BrokerCapabilities,
  asked: { readonly keepAlive: number; readonly sessionExpiry: number },
): DoctorFinding[] {
  const { serverKeepAlive, maximumPacketSize, sessionExpiry, assignedClientId } = found;
  const remarks: DoctorFinding[] = [];
  if (found.protocolVersion === 4) remarks.push(remark('older-protocol', 'note'));
  if (serverKeepAlive !== null && (asked.keepAlive === 0 || serverKeepAlive < asked.keepAlive))
    remarks.push(remark('keep-alive-lowered', 'note', { asked: asked.keepAlive, given: serverKeepAlive }));
  if (maximumPacketSize !== null && maximumPacketSize < smallPacket)
    remarks.push(remark('packet-limit', 'warning', { bytes: maximumPacketSize }));
  if (assignedClientId !== null) remarks.push(remark('client-id-assigned', 'note', { id: assignedClientId }));
  if (found.maximumQos < 2) remarks.push(remark('qos-limited', 'note', { qos: found.maximumQos }));
  if (!found.retained) remarks.push(remark('no-retained', 'note'));
  if (!found.wildcardSubscriptions) remarks.push(remark('no-wildcards', 'note'));
  if (found.protocolVersion === 5 && !found.sharedSubscriptions) remarks.push(remark('no-shared', 'note'));
  if (sessionExpiry !== null && sessionExpiry !== asked.sessionExpiry)
    remarks.push(remark('session-expiry-changed', 'note', { asked: asked.sessionExpiry, given: sessionExpiry }));
  return remarks;
}
