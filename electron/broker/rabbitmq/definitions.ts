import { type RabbitmqRights, readExpression, writeExpression } from '../../../shared/rules/access-rabbitmq.ts';

/** Marks users of the kit; install.sh removes those of an earlier kit by it and leaves everybody else's alone. */
export const userTag = 'fieldkey';

const vhost = '/';
const exchange = 'amq.topic';

export interface DefinitionOptions {
  readonly maxQueuedMessages: number;
  /** Of the virtual host; left out where it belongs to others as well. */
  readonly maxConnections?: number | undefined;
  /** Hashes of passwords by user (password.ts); who is not among them is let in by certificate or not at all. */
  readonly hashes?: ReadonlyMap<string, string> | undefined;
}

/**
 * definitions.json (rabbitmq.com/docs/definitions), one entry a line. Every user is written out: RabbitMQ has no rule for
 * users it does not know, and a user without a topic permission may use every topic, so each one has exactly one.
 *
 * Names stand in the expressions as text, not as `{username}`: RabbitMQ puts a name in without escaping it, and the `.`
 * in `meter.1` would match any character.
 */
export function definitionsJson(all: readonly RabbitmqRights[], options: DefinitionOptions): string {
  const { maxQueuedMessages, maxConnections, hashes } = options;
  const lists: readonly [string, readonly unknown[]][] = [
    ['vhosts', [{ name: vhost }]],
    // an empty hash is no password: a login with one is always refused
    [
      'users',
      all.map(({ user }) => ({
        name: user,
        password_hash: hashes?.get(user) ?? '',
        hashing_algorithm: 'rabbit_password_hashing_sha256',
        tags: [userTag],
        limits: {},
      })),
    ],
    ['permissions', all.map(({ user, session }) => ({ user, vhost, ...permission(session ?? user) }))],
    [
      'topic_permissions',
      all.map((rights) => ({
        user: rights.user,
        vhost,
        exchange,
        write: writeExpression(rights),
        read: readExpression(rights),
      })),
    ],
    // what waits for a client that is away, as Mosquitto's max_queued_messages; the oldest goes first
    [
      'policies',
      [
        {
          vhost,
          name: 'mqtt-sessions',
          pattern: '^mqtt-subscription-',
          'apply-to': 'queues',
          priority: 0,
          definition: { 'max-length': maxQueuedMessages, overflow: 'drop-head' },
        },
      ],
    ],
    // connection_max of rabbitmq.conf counts AMQP's connections only (measured with 3.10.8)
    ...(maxConnections === undefined ? [] : [vhostLimits(maxConnections)]),
  ];
  const body = lists.map(([name, entries]) => `  ${JSON.stringify(name)}: [\n${lines(entries)}\n  ]`).join(',\n');
  return `{\n${body}\n}\n`;
}

function vhostLimits(maxConnections: number): [string, readonly unknown[]] {
  const value = { 'max-connections': maxConnections };
  return ['parameters', [{ vhost, component: 'vhost-limits', name: 'limits', value }]];
}

function lines(entries: readonly unknown[]): string {
  return entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n');
}

/**
 * A session is a pair of queues that carry the client id. A user has those of its own name (its second name those of its first,
 * so that a device keeps its session while its password changes) and no others, so a client
 * that uses another id than its name can publish but not subscribe, and nobody reads a session of somebody else.
 */
function permission(clientId: string): { configure: string; write: string; read: string } {
  const own = `mqtt-subscription-${clientId.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')}qos[01]`;
  return {
    configure: `^${own}\\z`,
    write: `^(?:amq\\.topic|${own})\\z`,
    read: `^(?:amq\\.topic|${own})\\z`,
  };
}
