import { FieldkeyError } from '../../../shared/errors.ts';
import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { KitSettings } from '../../../shared/model/kit.ts';

/** Where the files of the kit go on the broker's machine. */
export interface RabbitmqPaths {
  readonly directory: string;
  readonly certs: string;
  readonly crls: string;
  readonly conf: string;
  readonly advanced: string;
  readonly plugins: string;
  readonly env: string;
  readonly definitions: string;
  readonly data: string;
  readonly log: string;
  readonly logFile: string;
}

/** First line of each configuration file; install.sh knows by it that a file is ours and needs no copy. */
export const confHeader = '# Written by Fieldkey';

/** Derives every path of the kit; a slash at the end of a setting makes no difference. */
export function rabbitmqPaths(settings: BrokerSettings): RabbitmqPaths {
  const clean = (path: string) => path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
  const [directory, data, log] = [clean(settings.directory), clean(settings.data), clean(settings.log)];
  return {
    directory,
    certs: `${directory}/certs`,
    crls: `${directory}/crls`,
    conf: `${directory}/rabbitmq.conf`,
    advanced: `${directory}/advanced.config`,
    plugins: `${directory}/enabled_plugins`,
    env: `${directory}/rabbitmq-env.conf`,
    definitions: `${directory}/definitions.json`,
    data,
    log,
    logFile: `${log}/rabbitmq.log`,
  };
}

/** Folders of Debian's package; its programs look for rabbitmq-env.conf in the first one only. */
export const rabbitmqFolders = { directory: '/etc/rabbitmq', data: '/var/lib/rabbitmq', log: '/var/log/rabbitmq' } as const;

/** What the kit's settings say of RabbitMQ; `maxConnections` is the number itself. */
export type RabbitmqLimits = Pick<
  KitSettings,
  'tlsMinimum' | 'maxPacketSize' | 'maxInflightMessages' | 'maxQueuedMessages' | 'logDetail' | 'connectionMessages' | 'logWeeks'
> & { readonly maxConnections: number };

/**
 * rabbitmq.conf (rabbitmq.com/docs/configure): MQTT over mutual TLS on one listener and nothing else, the user name is the
 * certificate's CN.
 */
export function rabbitmqConf(settings: BrokerSettings, limits: RabbitmqLimits): string {
  const paths = rabbitmqPaths(settings);
  const connection = limits.logDetail === 'debug' ? 'debug' : limits.connectionMessages ? 'info' : 'warning';
  return oneLineEach([
    `${confHeader} for RabbitMQ 3.10 to 3.13 (Debian's package is 3.10). The whole file.`,
    '# Nothing but MQTT over TLS: no AMQP, no plain MQTT.',
    'listeners.tcp = none',
    'listeners.ssl = none',
    'mqtt.listeners.tcp = none',
    // `::` takes IPv4 as well, as long as the system is not told otherwise
    `mqtt.listeners.ssl.default = ${settings.port}`,
    '# The user is the CN of the certificate; no user has a password. CRLs are in advanced.config.',
    'mqtt.ssl_cert_login = true',
    'ssl_cert_login_from = common_name',
    'mqtt.allow_anonymous = false',
    'mqtt.vhost = /',
    'mqtt.exchange = amq.topic',
    // sessions are kept for a day, the default; the option's name changed between versions
    '# Unacknowledged messages that a client may have.',
    `mqtt.prefetch = ${limits.maxInflightMessages}`,
    `max_message_size = ${limits.maxPacketSize}`,
    `connection_max = ${limits.maxConnections}`,
    `load_definitions = ${paths.definitions}`,
    `log.dir = ${paths.log}`,
    'log.file = rabbitmq.log',
    `log.file.level = ${limits.logDetail === 'debug' ? 'debug' : 'info'}`,
    `log.connection.level = ${connection}`,
  ]);
}

/**
 * advanced.config: every TLS option, because rabbitmq.conf has no words for the place of revocation lists, and
 * `ssl_options` here replaces those of rabbitmq.conf as a whole instead of being added to them (measured with 3.10.8:
 * with the certificate in rabbitmq.conf the listener has none).
 *
 * Erlang looks for the list of an issuer by the hash of its name (`ssl_crl_hash_dir`, erlang.org/doc/man/ssl), for
 * every connection anew. Without a list that is in time and signed by the issuer it refuses.
 */
export function advancedConfig(settings: BrokerSettings, limits: Pick<RabbitmqLimits, 'tlsMinimum'>): string {
  const { certs, crls } = rabbitmqPaths(settings);
  return oneLineEach([
    `%% ${confHeader.slice(2)}. All TLS options are here: an ssl_options in rabbitmq.conf would not be looked at.`,
    '[',
    '  {rabbit, [',
    '    {ssl_options, [',
    `      {cacertfile, "${certs}/ca.crt"},`,
    `      {certfile, "${certs}/server.crt"},`,
    `      {keyfile, "${certs}/server.key"},`,
    '      {verify, verify_peer},',
    '      {fail_if_no_peer_cert, true},',
    '      %% device, authority of a site, root',
    '      {depth, 3},',
    `      {versions, [${limits.tlsMinimum === 'tlsv1.3' ? "'tlsv1.3'" : "'tlsv1.3', 'tlsv1.2'"}]},`,
    '      {honor_cipher_order, true},',
    '      {client_renegotiation, false},',
    '      %% a resumed session would skip the certificate and with it the revocation list',
    '      {reuse_sessions, false},',
    '      %% Read at every connection. A list that is missing or has ended refuses everybody of its authority.',
    '      {crl_check, true},',
    `      {crl_cache, {ssl_crl_hash_dir, {internal, [{dir, "${crls}"}]}}}`,
    '    ]}',
    '  ]}',
    '].',
  ]);
}

/** enabled_plugins: a list of Erlang atoms with a full stop. */
export const enabledPlugins = '%% Written by Fieldkey.\n[rabbitmq_mqtt,rabbitmq_auth_mechanism_ssl].\n';

/**
 * rabbitmq-env.conf: where the files are, and that the ports for other nodes and for rabbitmqctl (epmd, Erlang's
 * distribution) are open to this machine only. The node's name is fixed with it: rabbitmqctl has to reach it on
 * 127.0.0.1, and a node that is named after its host loses its data when the host is renamed.
 */
export function rabbitmqEnv(settings: BrokerSettings): string {
  const paths = rabbitmqPaths(settings);
  return oneLineEach([
    `${confHeader}. Read by a shell.`,
    `CONFIG_FILE='${paths.conf}'`,
    `ADVANCED_CONFIG_FILE='${paths.advanced}'`,
    `ENABLED_PLUGINS_FILE='${paths.plugins}'`,
    `MNESIA_BASE='${paths.data}/mnesia'`,
    `LOG_BASE='${paths.log}'`,
    'NODENAME=rabbit@localhost',
    'export ERL_EPMD_ADDRESS=127.0.0.1',
    `SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'`,
  ]);
}

/**
 * Instead of the rule of Debian's package, which turns logs every day and keeps as many as logrotate.conf says. RabbitMQ opens
 * its log anew by itself when it was moved.
 */
export function logrotateRule(settings: BrokerSettings, limits: Pick<RabbitmqLimits, 'logWeeks'>): string {
  const options = ['weekly', `rotate ${limits.logWeeks}`, 'missingok', 'compress', 'delaycompress', 'notifempty'];
  return oneLineEach([
    `${confHeader}.`,
    `"${rabbitmqPaths(settings).log}"/*.log {`,
    ...options.map((option) => `    ${option}`),
    '}',
  ]);
}

function oneLineEach(lines: readonly string[]): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (lines.some((line) => /[\u0000-\u001f\u007f]/.test(line))) {
    throw new FieldkeyError('INTERNAL', { detail: 'control character in a broker path' });
  }
  return `${lines.join('\n')}\n`;
}
