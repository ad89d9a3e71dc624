import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MqttClient } from 'mqtt';
import { expect, it } from 'vitest';
import {
  type AccessDecision,
  type AccessList,
  type AccessReason,
  accessEvaluator,
  accessListText,
} from '../../../shared/rules/access-list.ts';
import { startManyLists } from '../testing/many-lists.ts';
import { askedTopics, askedUsers, randomAccessLists } from '../testing/random-access.ts';

const lists = randomAccessLists(Number(process.env['FIELDKEY_LISTS'] ?? 2_000), Number(process.env['FIELDKEY_SEED'] ?? 20261122));
/** Each list is asked by four users, turn by turn. */
const usersPerList = 4;
const listsPerBroker = 100;
const notAuthorized = 135;
/** Asked for one by one: a filter for everything would bring each client the own topics of all others. */
const firstLevels = [...new Set(askedTopics.map((topic) => topic.split('/')[0] ?? ''))].filter(
  (level) => level !== 'c' && level !== '$SYS',
);

interface Asking {
  readonly list: AccessList;
  readonly user: string | null;
  readonly clientId: string;
  readonly client: MqttClient;
  readonly got: Set<string>;
}

/** What the broker did against what the evaluator says, for one client. */
const seen = { read: [0, 0], write: [0, 0], subscribed: 0 } as { read: number[]; write: number[]; subscribed: number };
const reasons = new Set<AccessReason>();

function compare(asking: Asking, verb: 'read' | 'write', topic: string, allowed: boolean, wrong: string[]): void {
  const { list, user, clientId } = asking;
  const decision: AccessDecision = accessEvaluator(list)({ user, clientId, topic, verb });
  reasons.add(decision.reason);
  const counter = seen[verb];
  counter[allowed ? 1 : 0] = (counter[allowed ? 1 : 0] ?? 0) + 1;
  if (decision.allowed === allowed) return;
  wrong.push(
    `${verb} ${topic} as ${user} (${clientId}): Mosquitto ${allowed}, we ${JSON.stringify(decision)}\n${accessListText(list)}`,
  );
}

async function judge(folder: string, offset: number, batch: readonly AccessList[], wrong: string[]): Promise<void> {
  await mkdir(folder);
  const broker = await startManyLists(folder, batch);
  try {
    const askings = await Promise.all(
      batch.flatMap((list, index) =>
        Array.from({ length: usersPerList }, async (_, turn): Promise<Asking> => {
          const user = askedUsers[(offset + index + turn * 3) % askedUsers.length] ?? null;
          const clientId = `${user ?? 'nobody'}~${offset + index}`;
          const client = await broker.as(index, user, clientId);
          const got = new Set<string>();
          client.on('message', (topic) => void got.add(topic));
          client.on('error', () => undefined);
          return { list, user, clientId, client, got };
        }),
      ),
    );
    const publisher = await broker.privileged();
    const ownTopic = (asking: Asking) => `c/${asking.clientId.replace(/[+#]/g, '-')}`;
    const filters = (asking: Asking) => [...firstLevels.map((level) => `${level}/#`), ownTopic(asking), '$SYS/broker/version'];
    // writing first: nobody has subscribed yet
    await Promise.all(
      askings.map(async (asking, index) => {
        const some = askedTopics.filter((_, i) => (i + index) % 4 === 0);
        // one by one: the broker allows only so many at once (Receive Maximum)
        for (const topic of [...some, ownTopic(asking), 'lab/energy/m-1']) {
          compare(asking, 'write', topic, (await publishCode(asking.client, topic)) !== notAuthorized, wrong);
        }
      }),
    );
    for (const asking of askings) {
      // neither version of Mosquitto looks at the list here
      for (const granted of await asking.client.subscribeAsync(filters(asking), { qos: 0 })) {
        if (granted.qos === 0) seen.subscribed++;
      }
    }
    const topics = [...askedTopics, ...askings.map(ownTopic)];
    // the broker itself publishes $SYS
    for (const topic of topics.filter((t) => !t.startsWith('$SYS'))) await publisher.publishAsync(topic, 'x', { qos: 1 });
    // the answer to this comes after everything that was on its way before
    await Promise.all(askings.map(({ client }) => client.subscribeAsync('nothing', { qos: 0 })));
    for (const asking of askings) {
      for (const topic of [...askedTopics, ownTopic(asking)]) compare(asking, 'read', topic, asking.got.has(topic), wrong);
    }
  } finally {
    await broker.close();
  }
}

function publishCode(client: MqttClient, topic: string): Promise<number> {
  return new Promise((resolve, reject) => {
    client.once('close', () => reject(new Error(`thrown out for publishing ${topic}`)));
    client.publish(topic, 'x', { qos: 1 }, (error, packet) => {
      const code = error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
      if (code !== undefined) resolve(code);
      else if (error) reject(error);
      else resolve(packet && 'reasonCode' in packet ? (packet.reasonCode ?? 0) : 0);
    });
  });
}

it(`${lists.length} random lists: the evaluator decides as a real Mosquitto does`, { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fk-acl-'));
  const wrong: string[] = [];
  try {
    for (let start = 0; start < lists.length; start += listsPerBroker) {
      await judge(join(folder, String(start)), start, lists.slice(start, start + listsPerBroker), wrong);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(seen.subscribed).toBe(lists.length * usersPerList * (firstLevels.length + 2));
  // both answers, often, and every reason
  for (const count of [...seen.read, ...seen.write]) expect(count).toBeGreaterThan(1_000);
  expect([...reasons].sort()).toEqual(['broker-topic', 'dangerous-name', 'line', 'no-line']);
});
