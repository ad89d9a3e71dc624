import type { IClientOptions, IConnackPacket } from 'mqtt';
import type { MqttOptions, WillOrder } from '../../shared/model/connect-options.ts';
import type { UserProperty } from '../../shared/model/own-connection.ts';
import type { Granted, TestCertificate } from './channel.ts';

interface Who {
  readonly clientId: string;
  readonly login?: TestCertificate['login'];
  readonly protocolVersion: 4 | 5;
  readonly mqtt?: MqttOptions | undefined;
}

/** What mqtt.js is to write into CONNECT (MQTT 5 §3.1, MQTT 3.1.1 §3.1), but protocol version and keep-alive. */
export function connectOptions({ clientId, login, protocolVersion, mqtt }: Who): IClientOptions {
  return {
    clientId,
    ...(login && login.username !== '' ? { username: login.username } : {}),
    ...(login && login.password !== '' ? { password: login.password } : {}),
    clean: mqtt?.cleanStart ?? true,
    ...(mqtt && protocolVersion === 5 ? { properties: connectProperties(mqtt) } : {}),
    ...(mqtt?.will ? { will: willOptions(mqtt.will, protocolVersion) } : {}),
  };
}

/** MQTT 5 §3.1.2.11. What equals the protocol's default is left out. */
function connectProperties(mqtt: MqttOptions): NonNullable<IClientOptions['properties']> {
  const { authentication, userProperties } = mqtt;
  return {
    ...(mqtt.sessionExpiry === null ? {} : { sessionExpiryInterval: mqtt.sessionExpiry }),
    ...(mqtt.receiveMaximum === null ? {} : { receiveMaximum: mqtt.receiveMaximum }),
    ...(mqtt.maximumPacketSize === null ? {} : { maximumPacketSize: mqtt.maximumPacketSize }),
    ...(mqtt.topicAliasMaximum === null ? {} : { topicAliasMaximum: mqtt.topicAliasMaximum }),
    ...(mqtt.requestResponseInformation ? { requestResponseInformation: true } : {}),
    ...(mqtt.requestProblemInformation ? {} : { requestProblemInformation: false }),
    ...(userProperties.length === 0 ? {} : { userProperties: pairs(userProperties) }),
    ...(authentication ? { authenticationMethod: authentication.method } : {}),
    ...(authentication?.data ? { authenticationData: Buffer.from(authentication.data) } : {}),
  };
}

function willOptions(will: WillOrder, protocolVersion: 4 | 5): NonNullable<IClientOptions['will']> {
  const { topic, qos, retain } = will;
  const message = { topic, payload: Buffer.from(will.payload), qos, retain };
  if (protocolVersion === 4) return message;
  return {
    ...message,
    properties: {
      ...(will.delay === null ? {} : { willDelayInterval: will.delay }),
      ...(will.utf8 ? { payloadFormatIndicator: true } : {}),
      ...(will.messageExpiry === null ? {} : { messageExpiryInterval: will.messageExpiry }),
      ...(will.contentType === '' ? {} : { contentType: will.contentType }),
      ...(will.responseTopic === '' ? {} : { responseTopic: will.responseTopic }),
      ...(will.correlationData ? { correlationData: Buffer.from(will.correlationData) } : {}),
      ...(will.userProperties.length === 0 ? {} : { userProperties: pairs(will.userProperties) }),
    },
  };
}

/** As mqtt.js has them: by name, several values of one in a list. No prototype: a property may be called anything. */
function pairs(properties: readonly UserProperty[]): Record<string, string | string[]> {
  const byName: Record<string, string | string[]> = Object.create(null);
  for (const { name, value } of properties) {
    const known = byName[name];
    byName[name] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value];
  }
  return byName;
}

/** What a CONNACK said besides yes, as plain values. */
export function grantedBy({ sessionPresent, properties = {} }: IConnackPacket): Granted {
  const { userProperties, ...others } = properties as Record<string, unknown>;
  const plain: Granted['properties'] = {};
  for (const [name, value] of Object.entries(others)) {
    if (Buffer.isBuffer(value)) plain[name] = value.toString('hex');
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') plain[name] = value;
  }
  return {
    sessionPresent,
    properties: plain,
    userProperties: Object.entries((userProperties ?? {}) as Record<string, string | string[]>).flatMap(([name, values]) =>
      [values].flat().map((value) => ({ name, value })),
    ),
  };
}
