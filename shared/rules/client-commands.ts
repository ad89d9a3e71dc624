import type { IdentityMode } from '../model/kit.ts';
import { type ClientAct, type CopiedClient, mosquittoLine, nodeAct, pythonAct, pythonImports } from './client-acts.ts';
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
 * mosquitto_pub or mosquitto_sub. The password comes from the options file of the same name in the folder; PowerShell, where the
 * Mosquitto clients look elsewhere, reads it from mqtt.json.
 */
export function mosquittoCommand(shell: Shell, connection: ClientConnection, act: ClientAct): CopiedClient {
  const words = mosquittoOptions(connection);
  const v5 = connection.protocolVersion === 5;
  const bare = { before: '', after: '', words };
  if (!shows.login(connection.identity)) return mosquittoLine(shell, bare, act, v5);
  if (shell === 'sh') return mosquittoLine(shell, { ...bare, before: 'XDG_CONFIG_HOME=. ' }, act, v5);
  // a variable has no place after --%, and here it comes first
  const { text, notCarried } = mosquittoLine(shell, { ...bare, after: ' -u $login.username -P $login.password' }, act, v5);
  return { text: `$login = Get-Content ${bundleNames.settings} -Raw | ConvertFrom-Json\n${text}`, notCarried };
}

/** openssl s_client: the handshake and nothing else; it ends by itself and fails when the broker's certificate is not right. */
export function opensslCommand(shell: Shell, { host, port, identity }: ClientConnection): CopiedClient {
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
  return { text: shell === 'sh' ? `${line} </dev/null` : `'' | ${line}`, notCarried: [] };
}

/** A module for Node with the package "mqtt" (mqtt.js 5). */
export function nodeScript(connection: ClientConnection, act: ClientAct): CopiedClient {
  const { host, port, clientId, protocolVersion, identity } = connection;
  const url = `mqtts://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const lines = [
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
    ...nodeAct(act, protocolVersion === 5),
    '',
  ];
  return { text: lines.join('\n'), notCarried: [] };
}

/** A script for Python 3 with the package "paho-mqtt" (version 2). JSON's strings are Python's as well. */
export function pythonScript(connection: ClientConnection, act: ClientAct): CopiedClient {
  const { host, port, clientId, protocolVersion, identity } = connection;
  const id = clientId === null ? '' : `client_id=${JSON.stringify(clientId)}, `;
  const files = shows.certificate(identity)
    ? `ca_certs="${bundleNames.ca}", certfile="${bundleNames.certificate}", keyfile="${bundleNames.key}"`
    : `ca_certs="${bundleNames.ca}"`;
  const lines = pythonAct(act, protocolVersion === 5, `${JSON.stringify(host)}, ${port}`);
  const script = [
    ...(shows.login(identity) ? ['import json', ''] : []),
    ...pythonImports(lines),
    '',
    `client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, ${id}protocol=mqtt.MQTTv${protocolVersion === 5 ? '5' : '311'})`,
    `client.tls_set(${files})`,
    ...(shows.login(identity)
      ? [`login = json.load(open("${bundleNames.settings}"))`, 'client.username_pw_set(login["username"], login["password"])']
      : []),
    ...lines,
    '',
  ];
  return { text: script.join('\n'), notCarried: [] };
}
