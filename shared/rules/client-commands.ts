import type { IdentityMode } from '../model/kit.ts';
import { commandLine, type Shell } from './shell-words.ts';

/** Files of a device's folder in the export, which every line here is to be run in. */
export const bundleNames = { ca: 'ca.crt', certificate: 'client.crt', key: 'client.key', settings: 'mqtt.json' } as const;

export interface ClientConnection {
  readonly host: string;
  readonly port: number;
  /** Null: whoever runs it decides, and the client makes one up. */
  readonly clientId: string | null;
  readonly protocolVersion: 4 | 5;
  readonly identity: IdentityMode;
}

export type ClientAct =
  | { readonly kind: 'subscribe'; readonly filters: readonly { readonly filter: string; readonly qos: 0 | 1 | 2 }[] }
  | {
      readonly kind: 'publish';
      readonly topic: string;
      readonly payload: string;
      readonly qos: 0 | 1 | 2;
      readonly retain: boolean;
    };

/** Whether the client shows a certificate, and whether it says a user name and password. */
const shows = {
  certificate: (identity: IdentityMode) => identity !== 'password',
  login: (identity: IdentityMode) => identity !== 'certificate',
};

/** Options of mosquitto_pub and mosquitto_sub that make the connection, without a password (mosquitto_pub(1)). */
export function mosquittoOptions(connection: ClientConnection): string[] {
  const { host, port, clientId, protocolVersion, identity } = connection;
  return [
    ...['-h', host, '-p', String(port), '--cafile', bundleNames.ca],
    ...(shows.certificate(identity) ? ['--cert', bundleNames.certificate, '--key', bundleNames.key] : []),
    ...(clientId === null ? [] : ['-i', clientId]),
    ...['-V', protocolVersion === 5 ? 'mqttv5' : 'mqttv311'],
  ];
}

/**
 * mosquitto_pub or mosquitto_sub. mosquitto_sub has one QoS for all its filters: the highest. The password comes from the
 * options file of the same name in the folder; PowerShell, where the Mosquitto clients look elsewhere, reads it from mqtt.json.
 */
export function mosquittoCommand(shell: Shell, connection: ClientConnection, act: ClientAct): string {
  const words = mosquittoOptions(connection);
  let program = 'mosquitto_pub';
  if (act.kind === 'publish') {
    words.push('-q', String(act.qos), ...(act.retain ? ['-r'] : []), '-t', act.topic);
    words.push(...(act.payload === '' ? ['-n'] : ['-m', act.payload]));
  } else {
    program = 'mosquitto_sub';
    const qos = Math.max(0, ...act.filters.map((each) => each.qos));
    words.push('-q', String(qos), '-v', ...act.filters.flatMap(({ filter }) => ['-t', filter]));
  }
  if (!shows.login(connection.identity)) return commandLine(shell, program, words);
  if (shell === 'sh') return `XDG_CONFIG_HOME=. ${commandLine(shell, program, words)}`;
  return [
    `$login = Get-Content ${bundleNames.settings} -Raw | ConvertFrom-Json`,
    // a variable has no place after --%, and here it comes first
    commandLine(shell, `${program} -u $login.username -P $login.password`, words),
  ].join('\n');
}

/** openssl s_client: the handshake and nothing else; it ends by itself and fails when the broker's certificate is not right. */
export function opensslCommand(shell: Shell, { host, port, identity }: ClientConnection): string {
  const address = /^[\d.]+$|:/.test(host);
  const words = [
    ...['s_client', '-connect', `${host.includes(':') ? `[${host}]` : host}:${port}`],
    // RFC 6066 §3: an address is no server name
    ...(address ? ['-verify_ip', host] : ['-servername', host, '-verify_hostname', host]),
    ...['-CAfile', bundleNames.ca, '-verify_return_error'],
    ...(shows.certificate(identity)
      ? ['-cert', bundleNames.certificate, '-cert_chain', bundleNames.certificate, '-key', bundleNames.key]
      : []),
    '-brief',
  ];
  const line = commandLine(shell, 'openssl', words);
  return shell === 'sh' ? `${line} </dev/null` : `'' | ${line}`;
}

/** A module for Node with the package "mqtt" (mqtt.js 5). */
export function nodeScript(connection: ClientConnection, act: ClientAct): string {
  const { host, port, clientId, protocolVersion, identity } = connection;
  const url = `mqtts://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return [
    "import { readFileSync } from 'node:fs';",
    "import mqtt from 'mqtt';",
    '',
    ...(shows.login(identity) ? [`const login = JSON.parse(readFileSync('${bundleNames.settings}', 'utf8'));`] : []),
    `const client = await mqtt.connectAsync(${JSON.stringify(url)}, {`,
    `  ca: readFileSync('${bundleNames.ca}'),`,
    ...(shows.certificate(identity)
      ? [`  cert: readFileSync('${bundleNames.certificate}'),`, `  key: readFileSync('${bundleNames.key}'),`]
      : []),
    ...(shows.login(identity) ? ['  username: login.username,', '  password: login.password,'] : []),
    ...(clientId === null ? [] : [`  clientId: ${JSON.stringify(clientId)},`]),
    `  protocolVersion: ${protocolVersion},`,
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

/** A script for Python 3 with the package "paho-mqtt" (version 2). JSON's strings are Python's as well. */
export function pythonScript(connection: ClientConnection, act: ClientAct): string {
  const { host, port, clientId, protocolVersion, identity } = connection;
  const id = clientId === null ? '' : `client_id=${JSON.stringify(clientId)}, `;
  const files = shows.certificate(identity)
    ? `ca_certs="${bundleNames.ca}", certfile="${bundleNames.certificate}", keyfile="${bundleNames.key}"`
    : `ca_certs="${bundleNames.ca}"`;
  return [
    ...(shows.login(identity) ? ['import json', ''] : []),
    'import paho.mqtt.client as mqtt',
    '',
    `client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, ${id}protocol=mqtt.MQTTv${protocolVersion === 5 ? '5' : '311'})`,
    `client.tls_set(${files})`,
    ...(shows.login(identity)
      ? [`login = json.load(open("${bundleNames.settings}"))`, 'client.username_pw_set(login["username"], login["password"])']
      : []),
    ...(act.kind === 'publish'
      ? [
          `client.connect(${JSON.stringify(host)}, ${port})`,
          'client.loop_start()',
          `client.publish(${JSON.stringify(act.topic)}, ${JSON.stringify(act.payload)}, qos=${act.qos}, retain=${act.retain ? 'True' : 'False'}).wait_for_publish(10)`,
          'client.disconnect()',
          'client.loop_stop()',
        ]
      : [
          '',
          '',
          'def on_connect(client, userdata, flags, reason_code, properties):',
          `    client.subscribe([${act.filters.map(({ filter, qos }) => `(${JSON.stringify(filter)}, ${pythonQos(qos, protocolVersion)})`).join(', ')}])`,
          '',
          '',
          'def on_message(client, userdata, message):',
          '    print(message.topic, message.payload.decode("utf-8", "replace"))',
          '',
          '',
          'client.on_connect = on_connect',
          'client.on_message = on_message',
          `client.connect(${JSON.stringify(host)}, ${port})`,
          'client.loop_forever()',
        ]),
    '',
  ].join('\n');
}

/** In MQTT 5 paho wants options beside each filter, in 3.1.1 the QoS alone. */
function pythonQos(qos: 0 | 1 | 2, protocolVersion: 4 | 5): string {
  return protocolVersion === 5 ? `mqtt.SubscribeOptions(qos=${qos})` : String(qos);
}
