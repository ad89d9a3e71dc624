import { FieldkeyError } from '../../../shared/errors.ts';
import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { KitSettings } from '../../../shared/model/kit.ts';
import { brokerPort, wantsCertificates } from '../mosquitto/config.ts';
import { pathsForBroker, rabbitmqPaths } from './paths.ts';

/** First line of each configuration file; install.sh knows by it that a file is ours and needs no copy. */
export const confHeader = '# Written by Fieldkey';

/** What the kit's settings say of RabbitMQ; `maxConnections` is the number itself. */
export type RabbitmqLimits = Omit<KitSettings, 'maxConnections'> & { readonly maxConnections: number };

/** Whether the configuration is ours alone; otherwise it is a part of somebody else's. */
export function isWhole({ form }: Pick<KitSettings, 'form'>): boolean {
  return form === 'whole' || form === 'container';
}

/**
 * rabbitmq.conf (rabbitmq.com/docs/configure): MQTT over TLS on one listener, and in a whole configuration nothing else. By
 * certificate the user name is its CN; otherwise it is the one that MQTT's CONNECT brings.
 */
export function rabbitmqConf(settings: BrokerSettings, limits: RabbitmqLimits): string {
  const paths = pathsForBroker(settings);
  const { kit } = settings;
  const whole = isWhole(kit);
  const level = limits.logDetail === 'debug' ? 'debug' : 'info';
  const connection = limits.logDetail === 'debug' ? 'debug' : limits.connectionMessages ? 'info' : 'warning';
  return oneLineEach([
    ...headLines(settings),
    'mqtt.listeners.tcp = none',
    `mqtt.listeners.ssl.default = ${listenerAddress(settings)}`,
    ...(kit.connectionRate === null
      ? []
      : [
          "# HAProxy on this machine puts a line with the device's address before each connection.",
          'mqtt.proxy_protocol = true',
        ]),
    ...(kit.identity === 'certificate'
      ? [
          '# The user is the CN of the certificate; no user has a password. CRLs are in advanced.config.',
          'mqtt.ssl_cert_login = true',
          'ssl_cert_login_from = common_name',
        ]
      : [
          '# The user is the one that the client names, and has to prove by its password; the name in a certificate does not count.',
          'mqtt.ssl_cert_login = false',
        ]),
    'mqtt.allow_anonymous = false',
    'mqtt.vhost = /',
    'mqtt.exchange = amq.topic',
    // sessions are kept for a day, the default; the option's name changed between versions
    '# Unacknowledged messages that a client may have.',
    `mqtt.prefetch = ${limits.maxInflightMessages}`,
    `max_message_size = ${limits.maxPacketSize}`,
    `load_definitions = ${paths.definitions}`,
    ...(whole ? [`log.dir = ${paths.log}`, 'log.file = rabbitmq.log'] : []),
    `log.file.level = ${level}`,
    `log.connection.level = ${connection}`,
  ]);
}

function headLines(settings: BrokerSettings): string[] {
  const { form } = settings.kit;
  const paths = rabbitmqPaths(settings);
  switch (form) {
    case 'whole':
    case 'container':
      return [
        `${confHeader} for RabbitMQ 3.10 to 3.13 (${form === 'whole' ? "Debian's package is 3.10" : 'the image is 3.13'}). The whole file.`,
        '# Nothing but MQTT over TLS: no AMQP, no plain MQTT.',
        'listeners.tcp = none',
        'listeners.ssl = none',
      ];
    case 'drop-in':
      return [
        `${confHeader} for RabbitMQ 3.10 to 3.13. Read after ${paths.directory}/rabbitmq.conf, which says what else the broker does.`,
        '# No plain MQTT.',
      ];
    case 'fragments':
      return [
        `${confHeader} for RabbitMQ 3.10 to 3.13. Lines for rabbitmq.conf; one whose option is there already replaces it.`,
        '# No plain MQTT.',
      ];
  }
}

function listenerAddress(settings: BrokerSettings): string {
  const port = brokerPort(settings);
  const local = settings.kit.connectionRate !== null && settings.kit.form !== 'container';
  // a number alone is every address, of IPv4 as well as long as the system is not told otherwise
  return local ? `127.0.0.1:${port}` : String(port);
}

/** The plugins that the kit needs. */
export function pluginsOf({ kit }: Pick<BrokerSettings, 'kit'>): readonly string[] {
  return kit.identity === 'certificate' ? ['rabbitmq_mqtt', 'rabbitmq_auth_mechanism_ssl'] : ['rabbitmq_mqtt'];
}

/** enabled_plugins: a list of Erlang atoms with a full stop. */
export function enabledPlugins(settings: Pick<BrokerSettings, 'kit'>): string {
  return `%% Written by Fieldkey.\n[${pluginsOf(settings).join(',')}].\n`;
}

/** Whether revocation lists are part of the kit: where nobody shows a certificate there is nothing to revoke. */
export function wantsLists(settings: Pick<BrokerSettings, 'kit'>): boolean {
  return wantsCertificates(settings.kit);
}

/** A file of these lines, each of them one. */
export function oneLineEach(lines: readonly string[]): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (lines.some((line) => /[\u0000-\u001f\u007f]/.test(line))) {
    throw new FieldkeyError('INTERNAL', { detail: 'control character in a broker path' });
  }
  return `${lines.join('\n')}\n`;
}
