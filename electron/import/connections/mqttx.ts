import type { Lost, LostPart } from '../../../shared/model/connection-import.ts';
import {
  type LastWill,
  newConnection,
  newWill,
  type OwnConnection,
  type ProtocolChoice,
  type Transport,
  transports,
} from '../../../shared/model/own-connection.ts';
import { bytesField, type Fields, isObject, numberOf, qosOf, settled, textOf, typedBytesOf, userPropertiesOf } from './fields.ts';
import { type ImportedConnection, noFiles, type ReadConnections } from './read-connections.ts';

/**
 * What MQTTX 1.x exports as JSON: one connection, or a list of them and, since 2026, of their groups (its src/types/global.d.ts
 * `ConnectionModel`, src/utils/mqttUtils.ts for what the fields mean). Certificates and keys are paths of files.
 */
export function looksLikeMqttx(content: unknown): content is Fields | readonly unknown[] {
  const list: readonly unknown[] = Array.isArray(content) ? content : [content];
  return list.length > 0 && list.every((each) => isObject(each) && (each['isCollection'] === true || isConnection(each)));
}

function isConnection(fields: Fields): boolean {
  return 'clientId' in fields && 'host' in fields && 'port' in fields && ('mqttVersion' in fields || 'keepalive' in fields);
}

export function readMqttx(content: Fields | readonly unknown[]): ReadConnections {
  const records = (Array.isArray(content) ? content : [content]).filter(isObject);
  const connections = records.filter((each) => each['isCollection'] !== true).map(connectionOf);
  if (connections.length === 0) return { refusal: 'empty' };
  const groups = records.length - connections.length;
  return { source: 'mqttx', connections, lost: groups > 0 ? [{ what: 'groups', detail: String(groups) }] : [] };
}

const versions: Readonly<Record<string, ProtocolChoice>> = { '3.1': '3.1.1', '3.1.1': '3.1.1', '5.0': '5' };

function connectionOf(fields: Fields): ImportedConnection {
  const lost: Lost[] = [];
  const lose = (what: LostPart, detail = '') => void lost.push({ what, detail });
  const ssl = fields['ssl'] === true;
  // its older files have no protocol
  const transport: Transport = transports.find((each) => each === fields['protocol']) ?? (ssl ? 'mqtts' : 'mqtt');
  const own = fields['certType'] === 'self';
  for (const part of ['ca', 'cert', 'key'] as const)
    if (ssl && own && textOf(fields[part]) !== '') lose('file', textOf(fields[part]));
  const messages = Array.isArray(fields['messages']) ? fields['messages'].length : 0;
  if (messages > 0) lose('messages', String(messages));
  if (fields['clientIdWithTime'] === true) lose('client-id-time');
  if ((numberOf(fields['connectTimeout']) ?? 10) !== 10) lose('connect-timeout', String(fields['connectTimeout']));
  if (fields['reconnect'] === true && (numberOf(fields['reconnectPeriod']) ?? 4_000) !== 4_000)
    lose('reconnect-period', String(fields['reconnectPeriod']));
  if (fields['mqttVersion'] === '3.1') lose('version-3.1');
  const pushed = Object.entries(fields).filter(([name, value]) => name.startsWith('pushProps') && value !== null && value !== '');
  if (pushed.length > 0) lose('publish-properties', pushed.map(([name]) => name).join(', '));
  const properties = isObject(fields['properties']) ? fields['properties'] : fields;
  const user = textOf(fields['username']);
  const read: OwnConnection = {
    ...newConnection,
    name: textOf(fields['name']) || textOf(fields['host']),
    transport,
    host: textOf(fields['host']),
    port: numberOf(fields['port']) ?? 0,
    path: `/${textOf(fields['path']).replace(/^\//, '')}`,
    user,
    clientId: textOf(fields['clientId']),
    reconnect: fields['reconnect'] === true ? 'losses' : 'never',
    tls: {
      ...newConnection.tls,
      verify: fields['rejectUnauthorized'] !== false,
      trust: 'system',
      alpn: protocolsOf(fields['ALPNProtocols']),
    },
    mqtt: {
      protocol: versions[textOf(fields['mqttVersion'])] ?? 'auto',
      cleanStart: fields['clean'] !== false,
      keepAlive: numberOf(fields['keepalive']) ?? 60,
      sessionExpiry: numberOf(properties['sessionExpiryInterval']),
      receiveMaximum: numberOf(properties['receiveMaximum']),
      maximumPacketSize: numberOf(properties['maximumPacketSize']),
      topicAliasMaximum: numberOf(properties['topicAliasMaximum']),
      requestResponseInformation: properties['requestResponseInformation'] === true,
      requestProblemInformation: properties['requestProblemInformation'] !== false,
      userProperties: userPropertiesOf(properties['userProperties']),
      authenticationMethod: textOf(properties['authenticationMethod']),
    },
    will: isObject(fields['will']) ? willOf(fields['will']) : null,
    subscriptions: subscriptionsOf(fields['subscriptions'], lose),
  };
  const { settings, lost: values } = settled(read);
  return {
    settings,
    password: textOf(fields['password']),
    authenticationData: settings.mqtt.authenticationMethod === '' ? null : bytesField(properties['authenticationData']),
    files: noFiles,
    lost: [...lost, ...values],
  };
}

/** A list, or as it stands in its form: `h2,http/1.1`, with or without brackets. */
function protocolsOf(value: unknown): string[] {
  const names = Array.isArray(value)
    ? value.map(textOf)
    : textOf(value)
        .replaceAll(/[[\]"\s]/g, '')
        .split(',');
  return names.filter((name) => name !== '');
}

/** One without a topic is none: that is how MQTTX stores "no last will". */
function willOf(fields: Fields): LastWill | null {
  const topic = textOf(fields['lastWillTopic']);
  if (topic === '') return null;
  const properties = isObject(fields['properties']) ? fields['properties'] : fields;
  return {
    ...newWill,
    topic,
    payload: typedBytesOf(bytesField(fields['lastWillPayload'])),
    qos: qosOf(fields['lastWillQos']),
    retain: fields['lastWillRetain'] === true,
    delay: numberOf(properties['willDelayInterval']),
    utf8: properties['payloadFormatIndicator'] === true,
    messageExpiry: numberOf(properties['messageExpiryInterval']),
    contentType: textOf(properties['contentType']),
    responseTopic: textOf(properties['responseTopic']),
    correlationData: typedBytesOf(bytesField(properties['correlationData'])),
    userProperties: userPropertiesOf(properties['userProperties']),
  };
}

function subscriptionsOf(value: unknown, lose: (what: LostPart, detail: string) => void): OwnConnection['subscriptions'] {
  return (Array.isArray(value) ? value : []).filter(isObject).flatMap((each) => {
    const topic = textOf(each['topic']);
    if (each['disabled'] === true) {
      lose('subscription-off', topic);
      return [];
    }
    const identifier = numberOf(each['subscriptionIdentifier']);
    if (each['nl'] === true || each['rap'] === true || (numberOf(each['rh']) ?? 0) > 0 || identifier !== null)
      lose('subscription-options', topic);
    // several in one line, separated by commas
    return topic.split(',').map((filter) => ({ filter: filter.trim(), qos: qosOf(each['qos']) }));
  });
}
