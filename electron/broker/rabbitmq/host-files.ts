import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { brokerPort } from '../mosquitto/config.ts';
import { portBehindProxy } from '../mosquitto/paths.ts';
import { confHeader, oneLineEach, type RabbitmqLimits } from './config.ts';
import { pathsForBroker, rabbitmqOwner, rabbitmqPaths } from './paths.ts';

/** What Debian's unit lets RabbitMQ open. */
const unitLimit = 65_536;

/** Files that the broker may have open at once: a connection, and what its two queues keep open. */
export function openFiles({ maxConnections }: Pick<RabbitmqLimits, 'maxConnections'>): number {
  return 3 * maxConnections + 1_000;
}

/**
 * rabbitmq-env.conf: where the files are, and that the ports for other nodes and for rabbitmqctl (epmd, Erlang's
 * distribution) are open to this machine only. The node's name is fixed with it: rabbitmqctl has to reach it on
 * 127.0.0.1, and a node that is named after its host loses its data when the host is renamed.
 */
export function rabbitmqEnv(settings: BrokerSettings): string {
  const paths = pathsForBroker(settings);
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

/** Lines for the unit of Debian's package, undefined where it does as it is. */
export function systemdDropIn(settings: BrokerSettings, limits: RabbitmqLimits): string | undefined {
  const files = openFiles(limits) > unitLimit ? [`LimitNOFILE=${openFiles(limits)}`] : [];
  // RabbitMQ is never root, not even while it opens its port
  const low = brokerPort(settings) < 1_024 ? ['AmbientCapabilities=CAP_NET_BIND_SERVICE'] : [];
  if (files.length + low.length === 0) return undefined;
  return oneLineEach(['# Written by Fieldkey: a connection is an open file.', '[Service]', ...files, ...low]);
}

/** The official image, pinned: the last version whose files are those of Debian's. */
export const rabbitmqImage = 'rabbitmq:3.13.7';

/**
 * docker-compose.yml (Compose Specification): the broker as the user of its image, with nothing to write but its data and its
 * log. What is mounted are folders, because a file that is replaced is another file than the one that was mounted.
 */
export function composeFile(settings: BrokerSettings, limits: RabbitmqLimits): string {
  const paths = rabbitmqPaths(settings);
  const inside = pathsForBroker(settings);
  const owner = rabbitmqOwner('container');
  const outside = settings.kit.connectionRate === null ? settings.port : `127.0.0.1:${portBehindProxy(settings.port)}`;
  const mount = (source: string, target: string, readOnly: boolean) => [
    '      - type: bind',
    `        source: ${JSON.stringify(source)}`,
    `        target: ${target}`,
    ...(readOnly ? ['        read_only: true'] : []),
  ];
  return oneLineEach([
    '# Written by Fieldkey. In this folder: docker compose up -d',
    'name: rabbitmq',
    'services:',
    '  rabbitmq:',
    `    image: ${rabbitmqImage}`,
    '    container_name: rabbitmq',
    `    user: "${owner}:${owner}"`,
    '    restart: unless-stopped',
    '    read_only: true',
    '    tmpfs: [/tmp]',
    '    cap_drop: [ALL]',
    '    security_opt: ["no-new-privileges:true"]',
    '    stop_grace_period: 60s',
    '    ports:',
    `      - "${outside}:${brokerPort(settings)}"`,
    '    volumes:',
    ...mount(paths.directory, inside.directory, true),
    ...mount(paths.data, inside.data, false),
    ...mount(paths.log, inside.log, false),
    '    ulimits:',
    '      nofile:',
    `        soft: ${openFiles(limits)}`,
    `        hard: ${openFiles(limits)}`,
  ]);
}
