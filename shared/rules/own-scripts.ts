import { isEncrypted, isWebSocket, type OwnConnection, type UserProperty } from '../model/own-connection.ts';
import {
  type ClientAct,
  type CopiedClient,
  nodeAct,
  nodeUserProperties,
  type PartNotCarried,
  pythonAct,
  pythonImports,
  pythonProperties,
  pythonUserProperties,
} from './client-acts.ts';
import { bundleNames } from './client-commands.ts';
import { nodeBytes, pythonBytes, writtenBytes } from './command-bytes.ts';
import { namesAuthorities, type OwnClient, passwordVariable } from './own-commands.ts';

const pairsOf = (properties: readonly UserProperty[]) => properties.map(({ name, value }) => [name, value] as const);

/** What no program can be told of any connection: the data of an enhanced authentication is a secret. */
function secret(mqtt: OwnConnection['mqtt'], v5: boolean): PartNotCarried[] {
  return v5 && mqtt.authenticationMethod !== '' ? ['authentication'] : [];
}

/** A module for Node with the package "mqtt" (mqtt.js 5). */
export function ownNodeScript({ settings, protocolVersion, password }: OwnClient, act: ClientAct): CopiedClient {
  const { tls, mqtt, will, transport, host, port } = settings;
  const path = isWebSocket(transport) ? settings.path : '';
  const url = `${transport}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
  const encrypted = isEncrypted(transport);
  const v5 = protocolVersion === 5;
  const present = (pairs: readonly (readonly [string, string | number | boolean | null])[]) =>
    pairs.filter(([, value]) => value !== null && value !== '').map(([name, value]) => `${name}: ${value}`);
  const text = (value: string) => (value === '' ? null : JSON.stringify(value));
  const grouped = (properties: readonly UserProperty[]) =>
    properties.length === 0 ? null : nodeUserProperties(pairsOf(properties));
  const properties = present([
    ['sessionExpiryInterval', mqtt.sessionExpiry],
    ['receiveMaximum', mqtt.receiveMaximum],
    ['maximumPacketSize', mqtt.maximumPacketSize],
    ['topicAliasMaximum', mqtt.topicAliasMaximum],
    ['requestResponseInformation', mqtt.requestResponseInformation ? true : null],
    ['requestProblemInformation', mqtt.requestProblemInformation ? null : false],
    ['userProperties', grouped(mqtt.userProperties)],
  ]);
  const willProperties = will
    ? present([
        ['willDelayInterval', will.delay],
        ['messageExpiryInterval', will.messageExpiry],
        ['payloadFormatIndicator', will.utf8 ? true : null],
        ['contentType', text(will.contentType)],
        ['responseTopic', text(will.responseTopic)],
        ['correlationData', will.correlationData.text === '' ? null : nodeBytes(writtenBytes(will.correlationData), true)],
        ['userProperties', grouped(will.userProperties)],
      ])
    : [];
  const files = encrypted && (namesAuthorities(settings) || tls.certificate !== '');
  const lines = [
    ...(files ? ["import { readFileSync } from 'node:fs';"] : []),
    "import mqtt from 'mqtt';",
    '',
    `const client = await mqtt.connectAsync(${JSON.stringify(url)}, {`,
    ...(encrypted && namesAuthorities(settings) ? [`  ca: readFileSync('${bundleNames.ca}'),`] : []),
    ...(encrypted && tls.certificate !== ''
      ? [`  cert: readFileSync('${bundleNames.certificate}'),`, `  key: readFileSync('${bundleNames.key}'),`]
      : []),
    ...(encrypted ? [`  minVersion: '${tls.minimum}',`] : []),
    ...(encrypted && tls.serverName !== '' ? [`  servername: ${JSON.stringify(tls.serverName)},`] : []),
    ...(encrypted && tls.alpn.length > 0 ? [`  ALPNProtocols: ${JSON.stringify(tls.alpn)},`] : []),
    ...(encrypted && !tls.verify ? ['  rejectUnauthorized: false,'] : []),
    ...(settings.user === '' ? [] : [`  username: ${JSON.stringify(settings.user)},`]),
    ...(password ? [`  password: process.env.${passwordVariable},`] : []),
    ...(settings.clientId === '' ? [] : [`  clientId: ${JSON.stringify(settings.clientId)},`]),
    `  protocolVersion: ${protocolVersion},`,
    `  keepalive: ${mqtt.keepAlive},`,
    ...(mqtt.cleanStart ? [] : ['  clean: false,']),
    ...(settings.reconnect === 'never' ? ['  reconnectPeriod: 0,'] : []),
    ...(v5 && properties.length > 0 ? [`  properties: { ${properties.join(', ')} },`] : []),
    ...(will
      ? [
          '  will: {',
          `    topic: ${JSON.stringify(will.topic)},`,
          `    payload: ${nodeBytes(writtenBytes(will.payload))},`,
          `    qos: ${will.qos},`,
          `    retain: ${will.retain},`,
          ...(v5 && willProperties.length > 0 ? [`    properties: { ${willProperties.join(', ')} },`] : []),
          '  },',
        ]
      : []),
    '});',
    ...nodeAct(act, v5),
    '',
  ];
  const ownList = encrypted && tls.verify && !namesAuthorities(settings);
  return { text: lines.join('\n'), notCarried: [...(ownList ? ['systemAuthorities' as const] : []), ...secret(mqtt, v5)] };
}

/** Lines that make `context`, as the connection wants its TLS. paho asks for the host by its name, and the context may know better. */
function pythonContext({ tls }: OwnConnection): string[] {
  const named = tls.serverName !== '';
  return [
    ...(named
      ? [
          '',
          '',
          'class Context(ssl.SSLContext):',
          '    def wrap_socket(self, *words, **options):',
          `        options["server_hostname"] = ${JSON.stringify(tls.serverName)}`,
          '        return super().wrap_socket(*words, **options)',
          '',
          '',
        ]
      : []),
    `context = ${named ? 'Context' : 'ssl.SSLContext'}(ssl.PROTOCOL_TLS_CLIENT)`,
    `context.minimum_version = ssl.TLSVersion.${tls.minimum.replace('.', '_')}`,
    ...(tls.verify
      ? [tls.trust === 'system' ? 'context.load_default_certs()' : `context.load_verify_locations("${bundleNames.ca}")`]
      : ['context.check_hostname = False', 'context.verify_mode = ssl.CERT_NONE']),
    ...(tls.certificate === '' ? [] : [`context.load_cert_chain("${bundleNames.certificate}", "${bundleNames.key}")`]),
    ...(tls.alpn.length > 0 ? [`context.set_alpn_protocols(${JSON.stringify(tls.alpn)})`] : []),
    'client.tls_set_context(context)',
  ];
}

/** A script for Python 3 with the package "paho-mqtt" (version 2). */
export function ownPythonScript({ settings, protocolVersion, password }: OwnClient, act: ClientAct): CopiedClient {
  const { mqtt, will, transport, host, port } = settings;
  const v5 = protocolVersion === 5;
  const encrypted = isEncrypted(transport);
  // in 3.1.1 paho keeps a session of somebody with a name only
  const nameless = !v5 && !mqtt.cleanStart && settings.clientId === '';
  // paho gives the handshake no longer than this
  const endless = encrypted && mqtt.keepAlive === 0;
  const options = [
    'mqtt.CallbackAPIVersion.VERSION2',
    ...(settings.clientId === '' ? [] : [`client_id=${JSON.stringify(settings.clientId)}`]),
    ...(v5 || mqtt.cleanStart || nameless ? [] : ['clean_session=False']),
    `protocol=mqtt.MQTTv${v5 ? '5' : '311'}`,
    ...(isWebSocket(transport) ? ['transport="websockets"'] : []),
    ...(settings.reconnect === 'never' ? ['reconnect_on_failure=False'] : []),
  ];
  const text = (value: string) => (value === '' ? undefined : JSON.stringify(value));
  const connectProperties = v5
    ? pythonProperties('connecting', 'CONNECT', [
        ['SessionExpiryInterval', mqtt.sessionExpiry ?? undefined],
        ['ReceiveMaximum', mqtt.receiveMaximum ?? undefined],
        ['MaximumPacketSize', mqtt.maximumPacketSize ?? undefined],
        ['TopicAliasMaximum', mqtt.topicAliasMaximum ?? undefined],
        ['RequestResponseInformation', mqtt.requestResponseInformation ? 1 : undefined],
        ['RequestProblemInformation', mqtt.requestProblemInformation ? undefined : 0],
        ['UserProperty', pythonUserProperties(pairsOf(mqtt.userProperties))],
      ])
    : [];
  const willProperties =
    v5 && will
      ? pythonProperties('last', 'WILLMESSAGE', [
          ['WillDelayInterval', will.delay ?? undefined],
          ['PayloadFormatIndicator', will.utf8 ? 1 : undefined],
          ['MessageExpiryInterval', will.messageExpiry ?? undefined],
          ['ContentType', text(will.contentType)],
          ['ResponseTopic', text(will.responseTopic)],
          [
            'CorrelationData',
            will.correlationData.text === '' ? undefined : pythonBytes(writtenBytes(will.correlationData), true),
          ],
          ['UserProperty', pythonUserProperties(pairsOf(will.userProperties))],
        ])
      : [];
  const connecting = [
    JSON.stringify(host),
    String(port),
    ...(endless ? [] : [`keepalive=${mqtt.keepAlive}`]),
    ...(v5 && !mqtt.cleanStart ? ['clean_start=False'] : []),
    ...(connectProperties.length > 0 ? ['properties=connecting'] : []),
  ].join(', ');
  const imports = [...(password ? ['import os'] : []), ...(encrypted ? ['import ssl'] : [])];
  const lines = [
    '',
    `client = mqtt.Client(${options.join(', ')})`,
    ...(isWebSocket(transport) ? [`client.ws_set_options(path=${JSON.stringify(settings.path)})`] : []),
    ...(encrypted ? pythonContext(settings) : []),
    ...(settings.user === '' && !password
      ? []
      : [`client.username_pw_set(${JSON.stringify(settings.user)}${password ? `, os.environ["${passwordVariable}"]` : ''})`]),
    ...willProperties,
    ...(will
      ? [
          `client.will_set(${JSON.stringify(will.topic)}, ${pythonBytes(writtenBytes(will.payload))}, qos=${will.qos}, retain=${will.retain ? 'True' : 'False'}${willProperties.length > 0 ? ', properties=last' : ''})`,
        ]
      : []),
    ...connectProperties,
    ...pythonAct(act, v5, connecting),
    '',
  ];
  const notCarried: PartNotCarried[] = [
    ...(nameless ? ['session' as const] : []),
    ...(endless ? ['keepAlive' as const] : []),
    ...secret(mqtt, v5),
  ];
  return {
    text: [...imports, ...(imports.length > 0 ? [''] : []), ...pythonImports(lines), ...lines].join('\n'),
    notCarried,
  };
}
