import { isEncrypted, isWebSocket, type OwnConnection } from '../model/own-connection.ts';
import { type ClientAct, type CopiedClient, mosquittoLine, type PartNotCarried } from './client-acts.ts';
import { bundleNames } from './client-commands.ts';
import { asArgument, writtenBytes } from './command-bytes.ts';
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
export function namesAuthorities({ tls }: OwnConnection): boolean {
  return tls.trust !== 'system';
}

/** Seconds; mosquitto_pub takes no other ones (mosquitto_pub(1), -k). */
const keepAlives = { least: 5, most: 65_535 } as const;

/**
 * mosquitto_pub or mosquitto_sub (mosquitto_pub(1), version 2.0); null for WebSocket, which they do not speak. They can leave out
 * the check of the broker's name only, and name no server of their own.
 */
export function ownMosquittoCommand(shell: Shell, client: OwnClient, act: ClientAct): CopiedClient | null {
  const { settings, protocolVersion, password } = client;
  const { tls, mqtt, will, transport } = settings;
  if (isWebSocket(transport)) return null;
  const v5 = protocolVersion === 5;
  const missing: PartNotCarried[] = [];
  const words = ['-h', settings.host, '-p', String(settings.port), '-V', v5 ? 'mqttv5' : 'mqttv311'];
  if (isEncrypted(transport)) {
    words.push(...(namesAuthorities(settings) ? ['--cafile', bundleNames.ca] : ['--tls-use-os-certs']));
    if (tls.certificate !== '') words.push('--cert', bundleNames.certificate, '--key', bundleNames.key);
    if (tls.minimum === 'TLSv1.3') words.push('--tls-version', 'tlsv1.3');
    if (tls.alpn[0] !== undefined) words.push('--tls-alpn', tls.alpn[0]);
    if (!tls.verify) {
      words.push('--insecure');
      missing.push('verify');
    }
    if (tls.serverName !== '' && tls.serverName !== settings.host) missing.push('serverName');
    if (tls.alpn.length > 1) missing.push('alpn');
  }
  if (settings.user !== '') words.push('-u', settings.user);
  if (settings.clientId !== '') words.push('-i', settings.clientId);
  if (!mqtt.cleanStart) {
    if (settings.clientId === '') missing.push('session');
    // by itself -c would ask for a session that never ends
    else words.push('-c', ...(v5 && mqtt.sessionExpiry === null ? ['-x', '0'] : []));
  }
  if (mqtt.keepAlive < keepAlives.least || mqtt.keepAlive > keepAlives.most) missing.push('keepAlive');
  else words.push('-k', String(mqtt.keepAlive));
  if (act.kind === 'subscribe' && settings.reconnect === 'never') missing.push('reconnect');
  const property = (on: 'connect' | 'will', name: string, ...values: string[]) => words.push('-D', on, name, ...values);
  if (v5) {
    if (mqtt.sessionExpiry !== null) words.push('-x', String(mqtt.sessionExpiry));
    if (mqtt.receiveMaximum !== null) property('connect', 'receive-maximum', String(mqtt.receiveMaximum));
    if (mqtt.maximumPacketSize !== null) property('connect', 'maximum-packet-size', String(mqtt.maximumPacketSize));
    if (mqtt.topicAliasMaximum !== null) property('connect', 'topic-alias-maximum', String(mqtt.topicAliasMaximum));
    if (mqtt.requestResponseInformation) property('connect', 'request-response-information', '1');
    if (!mqtt.requestProblemInformation) property('connect', 'request-problem-information', '0');
    if (mqtt.authenticationMethod !== '') missing.push('authentication');
    for (const { name, value } of mqtt.userProperties) property('connect', 'user-property', name, value);
  }
  const payload = will && asArgument(writtenBytes(will.payload));
  // with nothing in place of its payload it would be another message, and one that clears what is retained
  if (will && payload === null) missing.push('will');
  else if (will && payload !== null) {
    words.push('--will-topic', will.topic, '--will-payload', payload, '--will-qos', String(will.qos));
    if (will.retain) words.push('--will-retain');
    if (v5) {
      if (will.delay !== null) property('will', 'will-delay-interval', String(will.delay));
      if (will.utf8) property('will', 'payload-format-indicator', '1');
      if (will.messageExpiry !== null) property('will', 'message-expiry-interval', String(will.messageExpiry));
      if (will.contentType !== '') property('will', 'content-type', will.contentType);
      if (will.responseTopic !== '') property('will', 'response-topic', will.responseTopic);
      const correlation = asArgument(writtenBytes(will.correlationData));
      if (correlation === null) missing.push('willCorrelation');
      else if (correlation !== '') property('will', 'correlation-data', correlation);
      for (const { name, value } of will.userProperties) property('will', 'user-property', name, value);
    }
  }
  // the variable stands before everything that is quoted
  const secret = shell === 'sh' ? ` -P "$${passwordVariable}"` : ` -P $env:${passwordVariable}`;
  const { text, notCarried } = mosquittoLine(shell, { before: '', after: password ? secret : '', words }, act, v5);
  return { text, notCarried: [...missing, ...notCarried] };
}

/** openssl s_client, as far as the handshake; null in the clear. */
export function ownOpensslCommand(shell: Shell, { settings }: OwnClient): CopiedClient | null {
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
  return { text: shell === 'sh' ? `${line} </dev/null` : `'' | ${line}`, notCarried: [] };
}
