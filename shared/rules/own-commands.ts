import { isEncrypted, isWebSocket, type OwnConnection, type TypedBytes, type UserProperty } from '../model/own-connection.ts';
import { bundleNames, type ClientAct } from './client-commands.ts';
import { commandLine, type Shell } from './shell-words.ts';

/** Where the programs below find the password, so that it stands in no command. */
export const passwordVariable = 'MQTT_PASSWORD';

export interface OwnClient {
  readonly settings: OwnConnection;
  readonly protocolVersion: 4 | 5;
  /** There is a password. */
  readonly password: boolean;
}

/** A file of authorities is named wherever it is not this computer that is trusted. */
function namesAuthorities({ tls }: OwnConnection): boolean {
  return tls.trust !== 'system';
}

/**
 * mosquitto_pub or mosquitto_sub (mosquitto_pub(1), version 2.0); null for WebSocket, which they do not speak. They can leave out
 * the check of the broker's name only, and name no server of their own.
 */
export function ownMosquittoCommand(shell: Shell, client: OwnClient, act: ClientAct): string | null {
  const { settings, protocolVersion, password } = client;
  const { tls, mqtt, will, transport } = settings;
  if (isWebSocket(transport)) return null;
  const v5 = protocolVersion === 5;
  const words = ['-h', settings.host, '-p', String(settings.port), '-V', v5 ? 'mqttv5' : 'mqttv311'];
  if (isEncrypted(transport)) {
    words.push(...(namesAuthorities(settings) ? ['--cafile', bundleNames.ca] : ['--tls-use-os-certs']));
    if (tls.certificate !== '') words.push('--cert', bundleNames.certificate, '--key', bundleNames.key);
    if (tls.minimum === 'TLSv1.3') words.push('--tls-version', 'tlsv1.3');
    if (tls.alpn[0] !== undefined) words.push('--tls-alpn', tls.alpn[0]);
    if (!tls.verify) words.push('--insecure');
  }
  if (settings.user !== '') words.push('-u', settings.user);
  if (settings.clientId !== '') words.push('-i', settings.clientId);
  if (!mqtt.cleanStart) words.push('-c');
  words.push('-k', String(mqtt.keepAlive));
  const property = (on: 'connect' | 'will', name: string, ...values: string[]) => words.push('-D', on, name, ...values);
  if (v5) {
    if (mqtt.sessionExpiry !== null) words.push('-x', String(mqtt.sessionExpiry));
    if (mqtt.receiveMaximum !== null) property('connect', 'receive-maximum', String(mqtt.receiveMaximum));
    if (mqtt.maximumPacketSize !== null) property('connect', 'maximum-packet-size', String(mqtt.maximumPacketSize));
    if (mqtt.topicAliasMaximum !== null) property('connect', 'topic-alias-maximum', String(mqtt.topicAliasMaximum));
    for (const { name, value } of mqtt.userProperties) property('connect', 'user-property', name, value);
  }
  if (will) {
    words.push('--will-topic', will.topic, '--will-payload', will.payload.text, '--will-qos', String(will.qos));
    if (will.retain) words.push('--will-retain');
    if (v5) {
      if (will.delay !== null) property('will', 'will-delay-interval', String(will.delay));
      if (will.messageExpiry !== null) property('will', 'message-expiry-interval', String(will.messageExpiry));
      if (will.contentType !== '') property('will', 'content-type', will.contentType);
      if (will.responseTopic !== '') property('will', 'response-topic', will.responseTopic);
      for (const { name, value } of will.userProperties) property('will', 'user-property', name, value);
    }
  }
  let program = 'mosquitto_sub';
  if (act.kind === 'publish') {
    program = 'mosquitto_pub';
    words.push('-q', String(act.qos), ...(act.retain ? ['-r'] : []), '-t', act.topic);
    words.push(...(act.payload === '' ? ['-n'] : ['-m', act.payload]));
  } else {
    const qos = Math.max(0, ...act.filters.map((each) => each.qos));
    words.push('-q', String(qos), '-v', ...act.filters.flatMap(({ filter }) => ['-t', filter]));
  }
  if (!password) return commandLine(shell, program, words);
  // the variable stands before everything that is quoted
  const secret = shell === 'sh' ? `-P "$${passwordVariable}"` : `-P $env:${passwordVariable}`;
  return commandLine(shell, `${program} ${secret}`, words);
}

/** openssl s_client, as far as the handshake; null in the clear. */
export function ownOpensslCommand(shell: Shell, { settings }: OwnClient): string | null {
  const { host, port, tls, transport } = settings;
  if (!isEncrypted(transport)) return null;
  const name = tls.serverName === '' ? host : tls.serverName;
  const address = /^[\d.]+$|:/.test(name);
  const words = [
    ...['s_client', '-connect', `${host.includes(':') ? `[${host}]` : host}:${port}`],
    // RFC 6066 §3: an address is no server name
    ...(address ? ['-verify_ip', name] : ['-servername', name, '-verify_hostname', name]),
    ...(namesAuthorities(settings) ? ['-CAfile', bundleNames.ca] : []),
    ...(tls.verify ? ['-verify_return_error'] : []),
    ...(tls.minimum === 'TLSv1.3' ? ['-min_protocol', 'TLSv1.3'] : []),
    ...(tls.alpn.length > 0 ? ['-alpn', tls.alpn.join(',')] : []),
    ...(tls.certificate === ''
      ? []
      : ['-cert', bundleNames.certificate, '-cert_chain', bundleNames.certificate, '-key', bundleNames.key]),
    '-brief',
  ];
  const line = commandLine(shell, 'openssl', words);
  return shell === 'sh' ? `${line} </dev/null` : `'' | ${line}`;
}

const nodeForms = { text: 'utf8', hex: 'hex', base64: 'base64' } as const;

function nodeBytes({ form, text }: TypedBytes): string {
  const bare = form === 'hex' ? text.replace(/[\s:]/g, '') : text;
  return form === 'text' ? JSON.stringify(text) : `Buffer.from(${JSON.stringify(bare)}, '${nodeForms[form]}')`;
}

/** By name, several values of one in a list: as mqtt.js wants them. */
function grouped(properties: readonly UserProperty[]): string {
  const names = [...new Set(properties.map(({ name }) => name))];
  const of = (wanted: string) => properties.filter(({ name }) => name === wanted).map(({ value }) => value);
  return `{ ${names.map((name) => `${JSON.stringify(name)}: ${JSON.stringify(of(name).length === 1 ? of(name)[0] : of(name))}`).join(', ')} }`;
}

/** A module for Node with the package "mqtt" (mqtt.js 5). */
export function ownNodeScript({ settings, protocolVersion, password }: OwnClient, act: ClientAct): string {
  const { tls, mqtt, will, transport, host, port } = settings;
  const path = isWebSocket(transport) ? settings.path : '';
  const url = `${transport}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
  const encrypted = isEncrypted(transport);
  const v5 = protocolVersion === 5;
  const present = (pairs: readonly (readonly [string, string | number | boolean | null])[]) =>
    pairs.filter(([, value]) => value !== null && value !== '').map(([name, value]) => `${name}: ${value}`);
  const properties = present([
    ['sessionExpiryInterval', mqtt.sessionExpiry],
    ['receiveMaximum', mqtt.receiveMaximum],
    ['maximumPacketSize', mqtt.maximumPacketSize],
    ['topicAliasMaximum', mqtt.topicAliasMaximum],
    ['requestResponseInformation', mqtt.requestResponseInformation ? true : null],
    ['requestProblemInformation', mqtt.requestProblemInformation ? null : false],
    ['userProperties', mqtt.userProperties.length === 0 ? null : grouped(mqtt.userProperties)],
  ]);
  const text = (value: string) => (value === '' ? null : JSON.stringify(value));
  const willProperties = will
    ? present([
        ['willDelayInterval', will.delay],
        ['messageExpiryInterval', will.messageExpiry],
        ['payloadFormatIndicator', will.utf8 ? true : null],
        ['contentType', text(will.contentType)],
        ['responseTopic', text(will.responseTopic)],
        ['correlationData', will.correlationData.text === '' ? null : nodeCorrelation(will.correlationData)],
        ['userProperties', will.userProperties.length === 0 ? null : grouped(will.userProperties)],
      ])
    : [];
  const files = encrypted && (namesAuthorities(settings) || tls.certificate !== '');
  return [
    ...(files ? ["import { readFileSync } from 'node:fs';"] : []),
    "import mqtt from 'mqtt';",
    '',
    `const client = await mqtt.connectAsync(${JSON.stringify(url)}, {`,
    ...(encrypted && namesAuthorities(settings) ? [`  ca: readFileSync('${bundleNames.ca}'),`] : []),
    ...(encrypted && tls.certificate !== ''
      ? [`  cert: readFileSync('${bundleNames.certificate}'),`, `  key: readFileSync('${bundleNames.key}'),`]
      : []),
    ...(encrypted && tls.minimum === 'TLSv1.3' ? ["  minVersion: 'TLSv1.3',"] : []),
    ...(encrypted && tls.serverName !== '' ? [`  servername: ${JSON.stringify(tls.serverName)},`] : []),
    ...(encrypted && tls.alpn.length > 0 ? [`  ALPNProtocols: ${JSON.stringify(tls.alpn)},`] : []),
    ...(encrypted && !tls.verify ? ['  rejectUnauthorized: false,'] : []),
    ...(settings.user === '' ? [] : [`  username: ${JSON.stringify(settings.user)},`]),
    ...(password ? [`  password: process.env.${passwordVariable},`] : []),
    ...(settings.clientId === '' ? [] : [`  clientId: ${JSON.stringify(settings.clientId)},`]),
    `  protocolVersion: ${protocolVersion},`,
    `  keepalive: ${mqtt.keepAlive},`,
    ...(mqtt.cleanStart ? [] : ['  clean: false,']),
    ...(v5 && properties.length > 0 ? [`  properties: { ${properties.join(', ')} },`] : []),
    ...(will
      ? [
          '  will: {',
          `    topic: ${JSON.stringify(will.topic)},`,
          `    payload: ${nodeBytes(will.payload)},`,
          `    qos: ${will.qos},`,
          `    retain: ${will.retain},`,
          ...(v5 && willProperties.length > 0 ? [`    properties: { ${willProperties.join(', ')} },`] : []),
          '  },',
        ]
      : []),
    '});',
    ...(act.kind === 'publish'
      ? [
          `await client.publishAsync(${JSON.stringify(act.topic)}, ${JSON.stringify(act.payload)}, { qos: ${act.qos}, retain: ${act.retain} });`,
          'await client.endAsync();',
        ]
      : [
          "client.on('message', (topic, payload) => console.log(topic, payload.toString()));",
          'await client.subscribeAsync({',
          ...act.filters.map(({ filter, qos }) => `  ${JSON.stringify(filter)}: { qos: ${qos} },`),
          '});',
        ]),
    '',
  ].join('\n');
}

function nodeCorrelation(bytes: TypedBytes): string {
  return bytes.form === 'text' ? `Buffer.from(${JSON.stringify(bytes.text)})` : nodeBytes(bytes);
}

/** A script for Python 3 with the package "paho-mqtt" (version 2). JSON's strings are Python's as well. */
export function ownPythonScript({ settings, protocolVersion, password }: OwnClient, act: ClientAct): string {
  const { tls, mqtt, will, transport, host, port } = settings;
  const v5 = protocolVersion === 5;
  const encrypted = isEncrypted(transport);
  const options = [
    'mqtt.CallbackAPIVersion.VERSION2',
    ...(settings.clientId === '' ? [] : [`client_id=${JSON.stringify(settings.clientId)}`]),
    ...(v5 || mqtt.cleanStart ? [] : ['clean_session=False']),
    `protocol=mqtt.MQTTv${v5 ? '5' : '311'}`,
    ...(isWebSocket(transport) ? ['transport="websockets"'] : []),
  ];
  const tlsOptions = [
    ...(namesAuthorities(settings) ? [`ca_certs="${bundleNames.ca}"`] : []),
    ...(tls.certificate === '' ? [] : [`certfile="${bundleNames.certificate}", keyfile="${bundleNames.key}"`]),
    ...(tls.verify ? [] : ['cert_reqs=ssl.CERT_NONE']),
  ];
  const connecting = [
    JSON.stringify(host),
    String(port),
    `keepalive=${mqtt.keepAlive}`,
    ...(v5 && !mqtt.cleanStart ? ['clean_start=False'] : []),
  ].join(', ');
  const imports = [...(password ? ['import os'] : []), ...(encrypted && !tls.verify ? ['import ssl'] : [])];
  return [
    ...imports,
    ...(imports.length > 0 ? [''] : []),
    'import paho.mqtt.client as mqtt',
    '',
    `client = mqtt.Client(${options.join(', ')})`,
    ...(isWebSocket(transport) ? [`client.ws_set_options(path=${JSON.stringify(settings.path)})`] : []),
    ...(encrypted ? [`client.tls_set(${tlsOptions.join(', ')})`] : []),
    ...(encrypted && !tls.verify ? ['client.tls_insecure_set(True)'] : []),
    ...(settings.user === '' && !password
      ? []
      : [`client.username_pw_set(${JSON.stringify(settings.user)}${password ? `, os.environ["${passwordVariable}"]` : ''})`]),
    ...(will
      ? [
          `client.will_set(${JSON.stringify(will.topic)}, ${pythonBytes(will.payload)}, qos=${will.qos}, retain=${will.retain ? 'True' : 'False'})`,
        ]
      : []),
    ...(act.kind === 'publish'
      ? [
          `client.connect(${connecting})`,
          'client.loop_start()',
          `client.publish(${JSON.stringify(act.topic)}, ${JSON.stringify(act.payload)}, qos=${act.qos}, retain=${act.retain ? 'True' : 'False'}).wait_for_publish(10)`,
          'client.disconnect()',
          'client.loop_stop()',
        ]
      : [
          '',
          '',
          'def on_connect(client, userdata, flags, reason_code, properties):',
          `    client.subscribe([${act.filters.map(({ filter, qos }) => `(${JSON.stringify(filter)}, ${v5 ? `mqtt.SubscribeOptions(qos=${qos})` : qos})`).join(', ')}])`,
          '',
          '',
          'def on_message(client, userdata, message):',
          '    print(message.topic, message.payload.decode("utf-8", "replace"))',
          '',
          '',
          'client.on_connect = on_connect',
          'client.on_message = on_message',
          `client.connect(${connecting})`,
          'client.loop_forever()',
        ]),
    '',
  ].join('\n');
}

function pythonBytes({ form, text }: TypedBytes): string {
  if (form === 'text') return JSON.stringify(text);
  if (form === 'hex') return `bytes.fromhex(${JSON.stringify(text.replace(/[\s:]/g, ''))})`;
  return `__import__("base64").b64decode(${JSON.stringify(text)})`;
}
