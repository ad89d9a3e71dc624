import { FieldkeyError } from '../../../shared/errors.ts';
import type { BrokerSettings } from '../../../shared/model/broker.ts';

/** Where the files of the kit go on the broker's machine. */
export interface BrokerPaths {
  readonly directory: string;
  readonly certs: string;
  readonly data: string;
  readonly log: string;
  readonly conf: string;
  readonly acl: string;
  readonly logFile: string;
}

/** First line of the configuration; the README's commands know by it that a file is ours and needs no backup. */
export const confHeader = '# Written by Fieldkey';

/** Derives every path of the kit; a slash at the end of a setting makes no difference. */
export function brokerPaths(settings: BrokerSettings): BrokerPaths {
  const clean = (path: string) => path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
  const [directory, data, log] = [clean(settings.directory), clean(settings.data), clean(settings.log)];
  return {
    directory,
    certs: `${directory}/certs`,
    data,
    log,
    conf: `${directory}/mosquitto.conf`,
    acl: `${directory}/acl`,
    logFile: `${log}/mosquitto.log`,
  };
}

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

/**
 * The whole mosquitto.conf (mosquitto.conf(5)) for Mosquitto 2.0 and 2.1: mutual TLS on one listener, the certificate's CN is
 * the user name and the client id.
 *
 * 2.1 calls `acl_file` deprecated in favour of a plugin, and this still writes `acl_file` for both. Measured with 2.1.2:
 * both give the same answers and neither warns, but the plugin is found by its full path only (a bare name fails to load
 * and the broker does not start), and that path has the machine's architecture in it, which a kit cannot know.
 */
export function mosquittoConf(settings: BrokerSettings, devices: number): string {
  const paths = brokerPaths(settings);
  const lines = [
    `${confHeader} for Mosquitto ${settings.target.replace('mosquitto-', '')}. The whole file: nothing else is included.`,
    'allow_anonymous false',
    `acl_file ${paths.acl}`,
    // sessions and queued commands survive the restart that a revocation needs
    'persistence true',
    `persistence_location ${paths.data}/`,
    `log_dest file ${paths.logFile}`,
    'log_type error',
    'log_type warning',
    'log_type notice',
    'log_type information',
    'max_packet_size 1048576',
    'max_inflight_messages 20',
    'max_queued_messages 1000',
    'connection_messages true',
    'log_timestamp_format %Y-%m-%dT%H:%M:%S%z',
    // listener options follow their listener
    `listener ${settings.port}`,
    `max_connections ${connectionTier(devices)}`,
    `cafile ${paths.certs}/ca.crt`,
    `certfile ${paths.certs}/server.crt`,
    `keyfile ${paths.certs}/server.key`,
    `crlfile ${paths.certs}/crl.pem`,
    'require_certificate true',
    'use_identity_as_username true',
    'use_username_as_clientid true',
    'tls_version tlsv1.2',
  ];
  // a `#` after a path would be part of the path, and a line break would be somebody's own option
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (lines.some((line) => /[\u0000-\u001f\u007f]/.test(line))) {
    throw new FieldkeyError('INTERNAL', { detail: 'control character in a broker path' });
  }
  return `${lines.join('\n')}\n`;
}
