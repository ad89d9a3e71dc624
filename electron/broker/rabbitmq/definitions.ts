import { type RabbitmqRights, readExpression, writeExpression } from '../../../shared/rules/access-rabbitmq.ts';

/** Marks users of the kit; install.sh removes those of an earlier kit by it and leaves everybody else's alone. */
export const userTag = 'fieldkey';

const vhost = '/';
const exchange = 'amq.topic';

/**
 * definitions.json (rabbitmq.com/docs/definitions), one entry a line. Every user is written out: RabbitMQ has no rule for
 * users it does not know, and a user without a topic permission may use every topic, so each one has exactly one.
 *
 * Names stand in the expressions as text, not as `{username}`: RabbitMQ puts a name in without escaping it, and the `.`
 * in `meter.1` would match any character.
 */
export function definitionsJson(all: readonly RabbitmqRights[], maxQueuedMessages: number): string {
  const lists: readonly [string, readonly unknown[]][] = [
    ['vhosts', [{ name: vhost }]],
    // an empty hash is no password: a login with one is always refused
    [
      'users',
      all.map(({ user }) => ({
        name: user,
        password_hash: '',
        hashing_algorithm: 'rabbit_password_hashing_sha256',
        tags: [userTag],
        limits: {},
      })),
    ],
    ['permissions', all.map(({ user }) => ({ user, vhost, ...permission(user) }))],
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
  ];
  const body = lists.map(([name, entries]) => `  ${JSON.stringify(name)}: [\n${lines(entries)}\n  ]`).join(',\n');
  return `{\n${body}\n}\n`;
}

function lines(entries: readonly unknown[]): string {
  return entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n');
}

/**
 * A session is a pair of queues that carry the client id. A user has those of its own name and no others, so a client
 * that uses another id than its name can publish but not subscribe, and nobody reads a session of somebody else.
 */
function permission(user: string): { configure: string; write: string; read: string } {
  const own = `mqtt-subscription-${user.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')}qos[01]`;
  return {
    configure: `^${own}\\z`,
    write: `^(?:amq\\.topic|${own})\\z`,
    read: `^(?:amq\\.topic|${own})\\z`,
  };
}
