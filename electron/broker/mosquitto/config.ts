import { FieldkeyError } from '../../../shared/errors.ts';
import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { KitSettings } from '../../../shared/model/kit.ts';
import { type BrokerPaths, confName, globalFragment, pathsForBroker, portBehindProxy } from './paths.ts';

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

/** Whether clients choose their client ids: of several devices with one user name, each would put out the one before otherwise. */
export function ownClientIds(kit: Pick<KitSettings, 'identity'>, sharers: readonly unknown[]): boolean {
  return kit.identity === 'certificate' && sharers.length > 0;
}

/** A file of the configuration, by its name in the kit. */
export interface ConfFile {
  readonly name: string;
  readonly text: string;
}

/**
 * The configuration (mosquitto.conf(5)) for Mosquitto 2.0 and 2.1, in the form that the project chose: one file, or for a
 * configuration that somebody else keeps two pieces.
 *
 * 2.1 calls `acl_file` deprecated in favour of a plugin, and this still writes `acl_file` for both. Measured with 2.1.2:
 * both give the same answers and neither warns, but the plugin is found by its full path only (a bare name fails to load
 * and the broker does not start), and that path has the machine's architecture in it, which a kit cannot know.
 */
export function mosquittoConf(settings: BrokerSettings, devices: number, ownClientIds = false): ConfFile[] {
  const { kit } = settings;
  const paths = pathsForBroker(settings);
  const header = `${confHeader} for Mosquitto ${settings.target.replace('mosquitto-', '')}.`;
  const name = confName[kit.form];
  const options = listenerOptions(settings, paths, devices, ownClientIds);
  switch (kit.form) {
    case 'whole':
    case 'container':
      return [
        confFile(name, [
          `${header} The whole file: nothing else is included.`,
          ...identityLines(kit, paths),
          // sessions and queued commands survive the restart that a revocation needs
          'persistence true',
          `persistence_location ${paths.data}/`,
          `log_dest file ${paths.logFile}`,
          ...limitAndLogLines(kit),
          ...listenerLines(settings),
          ...options,
        ]),
      ];
    case 'drop-in':
      return [
        confFile(name, [
          `${header} Included by ${paths.directory}/mosquitto.conf, which says where data and log go.`,
          ...identityLines(kit, paths),
          ...limitAndLogLines(kit),
          ...listenerLines(settings),
          ...options,
        ]),
      ];
    case 'fragments':
      return [
        confFile(globalFragment, [
          `${header} Before the first listener. A line whose option is there already replaces it; none may stand twice.`,
          ...identityLines(kit, paths),
          ...limitAndLogLines(kit),
        ]),
        confFile(name, [
          `${header} Directly below the line "listener ${brokerPort(settings)}", in place of the options that are there.`,
          ...options,
        ]),
      ];
  }
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

/**
 * The port that the broker itself listens on: behind a proxy one of the machine's own, in a container the one outside unless
 * that is too low for somebody who is not root.
 */
export function brokerPort({ port, kit }: Pick<BrokerSettings, 'port' | 'kit'>): number {
  if (kit.form === 'container') return port < 1_024 ? 8883 : port;
  return kit.connectionRate === null ? port : portBehindProxy(port);
}

/** 2.1 can be told the device's address by the proxy; 2.0 takes the proxy for the client and logs 127.0.0.1. */
export function readsProxyLine({ target, kit }: Pick<BrokerSettings, 'target' | 'kit'>): boolean {
  return kit.connectionRate !== null && target === 'mosquitto-2.1';
}

function listenerLines(settings: BrokerSettings): string[] {
  const { kit } = settings;
  // a container has a loopback interface of its own: there the compose file keeps the others away
  const local = kit.connectionRate !== null && kit.form !== 'container';
  return [`listener ${brokerPort(settings)}${local ? ' 127.0.0.1' : ''}`];
}

/** Options of a listener; they follow it. `ownClientIds`: some devices show the same certificate and are one user. */
function listenerOptions(settings: BrokerSettings, { certs }: BrokerPaths, devices: number, ownClientIds: boolean): string[] {
  const { kit } = settings;
  const clients = wantsCertificates(kit);
  return [
    `max_connections ${maxConnections(kit, devices)}`,
    ...(clients ? [`cafile ${certs}/ca.crt`] : []),
    `certfile ${certs}/server.crt`,
    `keyfile ${certs}/server.key`,
    ...(clients ? [`crlfile ${certs}/crl.pem`] : []),
    `require_certificate ${clients}`,
    // with it the password file is never read, whatever a client sends
    `use_identity_as_username ${kit.identity === 'certificate'}`,
    // of several devices with one name, each would put out the one before
    `use_username_as_clientid ${!ownClientIds}`,
    `tls_version ${kit.tlsMinimum}`,
    // a list for TLS 1.2 where only 1.3 is spoken would be a line that does nothing
    ...(kit.ciphers !== '' && kit.tlsMinimum === 'tlsv1.2' ? [`ciphers ${kit.ciphers}`] : []),
    ...(kit.ciphersTls13 === '' ? [] : [`ciphers_tls1.3 ${kit.ciphersTls13}`]),
    ...(readsProxyLine(settings) ? ['enable_proxy_protocol 1'] : []),
  ];
}

/** A file of these lines, each of them one. */
function confFile(name: string, lines: readonly string[]): ConfFile {
  // a `#` after a path would be part of the path, and a line break would be somebody's own option
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (lines.some((line) => /[\u0000-\u001f\u007f]/.test(line))) {
    throw new FieldkeyError('INTERNAL', { detail: 'control character in a line of the configuration' });
  }
  return { name, text: `${lines.join('\n')}\n` };
}
