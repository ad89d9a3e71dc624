import { FieldkeyError } from '../../../shared/errors.ts';
import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { KitSettings } from '../../../shared/model/kit.ts';
import { type BrokerPaths, brokerPaths } from './paths.ts';

/** First line of the configuration; install.sh knows by it that a file is ours and needs no backup. */
export const confHeader = '# Written by Fieldkey';

const tiers = [5_000, 20_000, 100_000, 600_000];

/**
 * The value of max_connections: twice the devices plus 50 (each reconnects before its dead connection is noticed), in
 * tiers, so that adding a device does not change the file.
 */
export function connectionTier(devices: number): number {
  const tier = tiers.find((size) => 2 * devices + 50 <= size);
  if (tier === undefined)
    throw new FieldkeyError('INTERNAL', { detail: `${devices} devices are more than one broker is configured for` });
  return tier;
}

/** The number of connections that the project chose, otherwise that of the fleet's tier. */
export function maxConnections(kit: KitSettings, devices: number): number {
  return kit.maxConnections ?? connectionTier(devices);
}

/** Whether clients must have a certificate: then their list of revoked ones is looked at as well. */
export function wantsCertificates(kit: KitSettings): boolean {
  return kit.identity !== 'password';
}

/** Whether the broker knows its users by a password file; with `certificate` it would never look into one. */
export function wantsPasswords(kit: KitSettings): boolean {
  return kit.identity !== 'certificate';
}

/**
 * The configuration (mosquitto.conf(5)) for Mosquitto 2.0 and 2.1, in the form that the project chose.
 *
 * 2.1 calls `acl_file` deprecated in favour of a plugin, and this still writes `acl_file` for both. Measured with 2.1.2:
 * both give the same answers and neither warns, but the plugin is found by its full path only (a bare name fails to load
 * and the broker does not start), and that path has the machine's architecture in it, which a kit cannot know.
 */
export function mosquittoConf(settings: BrokerSettings, devices: number): string {
  const paths = brokerPaths(settings);
  const version = settings.target.replace('mosquitto-', '');
  return oneEach(
    `${confHeader} for Mosquitto ${version}. The whole file: nothing else is included.`,
    ...identityLines(settings.kit, paths),
    // sessions and queued commands survive the restart that a revocation needs
    'persistence true',
    `persistence_location ${paths.data}/`,
    `log_dest file ${paths.logFile}`,
    ...limitAndLogLines(settings.kit),
    ...listenerLines(settings, paths, devices),
  );
}

function identityLines(kit: KitSettings, paths: BrokerPaths): string[] {
  return ['allow_anonymous false', `acl_file ${paths.acl}`, ...(wantsPasswords(kit) ? [`password_file ${paths.passwords}`] : [])];
}

function limitAndLogLines(kit: KitSettings): string[] {
  const types = ['error', 'warning', 'notice', 'information'];
  // the access list's denials are told at debug only
  if (kit.logDetail === 'debug') types.push('subscribe', 'unsubscribe', 'debug');
  return [
    ...types.map((type) => `log_type ${type}`),
    `max_packet_size ${kit.maxPacketSize}`,
    `max_inflight_messages ${kit.maxInflightMessages}`,
    `max_queued_messages ${kit.maxQueuedMessages}`,
    `connection_messages ${kit.connectionMessages}`,
    'log_timestamp_format %Y-%m-%dT%H:%M:%S%z',
  ];
}

/** Listener options follow their listener. */
function listenerLines({ port, kit }: BrokerSettings, { certs }: BrokerPaths, devices: number): string[] {
  const clients = wantsCertificates(kit);
  return [
    `listener ${port}`,
    `max_connections ${maxConnections(kit, devices)}`,
    ...(clients ? [`cafile ${certs}/ca.crt`] : []),
    `certfile ${certs}/server.crt`,
    `keyfile ${certs}/server.key`,
    ...(clients ? [`crlfile ${certs}/crl.pem`] : []),
    `require_certificate ${clients}`,
    // with it the password file is never read, whatever a client sends
    `use_identity_as_username ${kit.identity === 'certificate'}`,
    'use_username_as_clientid true',
    `tls_version ${kit.tlsMinimum}`,
    // a list for TLS 1.2 where only 1.3 is spoken would be a line that does nothing
    ...(kit.ciphers !== '' && kit.tlsMinimum === 'tlsv1.2' ? [`ciphers ${kit.ciphers}`] : []),
    ...(kit.ciphersTls13 === '' ? [] : [`ciphers_tls1.3 ${kit.ciphersTls13}`]),
  ];
}

/** Lines of a configuration, each of them one. */
function oneEach(...lines: string[]): string {
  // a `#` after a path would be part of the path, and a line break would be somebody's own option
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (lines.some((line) => /[\u0000-\u001f\u007f]/.test(line))) {
    throw new FieldkeyError('INTERNAL', { detail: 'control character in a line of the configuration' });
  }
  return `${lines.join('\n')}\n`;
}
