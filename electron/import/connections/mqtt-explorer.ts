import type { Lost } from '../../../shared/model/connection-import.ts';
import { newConnection, type OwnConnection, type Transport } from '../../../shared/model/own-connection.ts';
import { type Fields, isObject, numberOf, qosOf, settled, textOf } from './fields.ts';
import type { ImportedConnection, ReadConnections } from './read-connections.ts';

/**
 * MQTT Explorer's settings.json: a lowdb file whose `ConnectionManager_connections` holds connections by id. Certificates and
 * keys are whole files in base64, the password is open (its app/src/model/ConnectionOptions.ts, configVersion 0 and 1).
 */
const store = 'ConnectionManager_connections';

export function looksLikeMqttExplorer(content: unknown): content is Fields {
  return isObject(content) && isObject(content[store]);
}

export function readMqttExplorer(content: Fields): ReadConnections {
  const connections = Object.values(content[store] as Fields)
    .filter(isObject)
    // an unset order comes first, as there
    .toSorted((a, b) => (numberOf(a['order']) ?? 0) - (numberOf(b['order']) ?? 0))
    .map(connectionOf);
  return connections.length === 0 ? { refusal: 'empty' } : { source: 'mqtt-explorer', connections, lost: [] };
}

function connectionOf(fields: Fields): ImportedConnection {
  const encrypted = fields['encryption'] === true;
  const webSocket = fields['protocol'] === 'ws';
  const transport: Transport = webSocket ? (encrypted ? 'wss' : 'ws') : encrypted ? 'mqtts' : 'mqtt';
  const clientId = textOf(fields['clientId']);
  const lost: Lost[] = [];
  const ca = fileOf(fields['selfSignedCertificate'], lost);
  const subscriptions = Array.isArray(fields['subscriptions']) ? fields['subscriptions'] : [];
  const read: OwnConnection = {
    ...newConnection,
    name: textOf(fields['name']) || textOf(fields['host']),
    transport,
    host: textOf(fields['host']),
    port: numberOf(fields['port']) ?? 0,
    path: `/${textOf(fields['basePath']).replace(/^\//, '')}`,
    user: textOf(fields['username']),
    // one that it made up itself is not kept by newer versions either
    clientId: /^mqtt-explorer-[0-9a-f]{8}$/.test(clientId) ? '' : clientId,
    tls: {
      ...newConnection.tls,
      verify: fields['certValidation'] !== false,
      // without a certificate of its own it trusts what comes with the program
      trust: 'system',
    },
    // it speaks nothing newer
    mqtt: { ...newConnection.mqtt, protocol: '3.1.1', keepAlive: 60 },
    subscriptions: subscriptions.flatMap((each) => {
      if (typeof each === 'string') return [{ filter: each, qos: 0 as const }];
      return isObject(each) ? [{ filter: textOf(each['topic']), qos: qosOf(each['qos']) }] : [];
    }),
  };
  const { settings, lost: values } = settled(read);
  return {
    settings,
    password: textOf(fields['password']),
    authenticationData: null,
    files: { ca, certificate: fileOf(fields['clientCertificate'], lost), key: fileOf(fields['clientKey'], lost) },
    lost: [...lost, ...values],
  };
}

function fileOf(value: unknown, lost: Lost[]): Uint8Array {
  if (!isObject(value) || textOf(value['data']) === '') return new Uint8Array();
  const bytes = Buffer.from(textOf(value['data']), 'base64');
  if (bytes.length === 0) lost.push({ what: 'unreadable', detail: 'unreadable' });
  return bytes;
}
