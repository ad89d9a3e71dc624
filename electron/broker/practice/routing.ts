import { Aedes, type Client } from 'aedes';
import { type AccessList, type AccessQuery, accessEvaluator, topicMatches } from '../../../shared/rules/access-list.ts';
import type { ActivityLog } from './activity.ts';
import type { BrokerLimits } from './channel.ts';

/** Where refused messages go: nobody can subscribe to it, see `deliverable`. */
const sink = '$SYS/practice/refused';
/** What aedes tells itself; Mosquitto has nothing like it. */
const internal = '$SYS/practice/';

/** Messages that may be on their way at once within the broker. */
const remembered = 1_000;
const rememberedUsers = 20_000;

type Message = { topic: string; qos: number; retain: boolean; payload: string | Buffer };
/** The parts of aedes that its types leave out. */
type WithSubscriptions = Client & {
  readonly subscriptions: Readonly<Record<string, { readonly qos: number }>>;
  deliver0(packet: Message, done: () => void): void;
};
interface Persistence {
  outgoingEnqueueCombi(subs: { clientId: string }[], packet: Message & { brokerCounter: number }): Promise<unknown>;
  outgoingClearMessageId(client: { id: string }, packet: { messageId?: number }): Promise<unknown>;
}

/**
 * The MQTT part: aedes, which does as Mosquitto does with its access list. A refused publish is acknowledged and goes to
 * a sink, reading is decided at delivery, and no subscription is refused.
 */
export class Routing {
  readonly aedes: Aedes;
  readonly #activity: ActivityLog;
  readonly #limits: BrokerLimits;
  #decide: ReturnType<typeof accessEvaluator>;
  /** Who wrote a retained message: it is withheld once its writer may not write there any more (check_retain_source). */
  readonly #retainedBy = new Map<string, string>();
  /** User name by client id, where they are not the same. */
  readonly #users = new Map<string, string>();
  readonly #queued = new Map<string, number>();
  /** Messages that found a full queue, by client: nothing that was not queued can be delivered to a kept session. */
  readonly #dropped = new Map<string, Set<number>>();
  readonly #seen = new WeakMap<Client, Set<number>>();

  constructor(access: AccessList, limits: BrokerLimits, activity: ActivityLog) {
    this.#activity = activity;
    this.#limits = limits;
    this.#decide = accessEvaluator(access);
    this.aedes = new Aedes({
      id: 'practice',
      // QoS 2 in the hands of few clients; the default protects public brokers
      maxInflightInbound: limits.maxQueuedMessages,
      authorizePublish: (client, packet, done) => {
        if (client) this.#authorizePublish(client.id, packet);
        done(null);
      },
      authorizeForward: (client, packet) =>
        this.#mayRead(client.id, packet) && !this.#wasDropped(client.id, packet) && this.#first(client, packet)
          ? atMost(client as WithSubscriptions, packet)
          : null,
    });
    this.aedes.on('client', (client) => {
      const { deliver0 } = client as unknown as WithSubscriptions;
      Object.assign(client, {
        // of several subscriptions that fit, the one with the highest QoS counts (MQTT-3.3.5-1); it delivers by itself
        deliver0: (packet: Message, done: () => void) =>
          atMost(client as WithSubscriptions, packet).qos > 0 ? setImmediate(done) : deliver0(packet, done),
      });
      // aedes takes every number below the last one for a repetition, and loses what another message overtook
      const { duplicates } = client as unknown as { duplicates: object };
      Object.defineProperty(duplicates, this.aedes.id, { get: () => 0, set: () => undefined });
    });
  }

  async listen(): Promise<void> {
    await this.aedes.listen();
    this.#boundQueues((this.aedes as unknown as { persistence: Persistence }).persistence);
  }

  set access(list: AccessList) {
    this.#decide = accessEvaluator(list);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.aedes.close(() => resolve()));
  }

  /** Who a client is; a session that is kept stays that user's. */
  clientIs(clientId: string, user: string): void {
    this.#users.delete(clientId);
    if (clientId === user) return;
    this.#users.set(clientId, user);
    // whoever invents client ids must not fill the memory
    for (const oldest of this.#users.keys()) {
      if (this.#users.size <= rememberedUsers) break;
      this.#users.delete(oldest);
    }
  }

  /** By use_username_as_clientid both names are one. */
  #userOf(clientId: string): string {
    return this.#users.get(clientId) ?? clientId;
  }

  #asks(clientId: string, topic: string, verb: AccessQuery['verb']) {
    return this.#decide({ user: this.#userOf(clientId), clientId, topic, verb });
  }

  /** aedes would close the connection of who is refused; so what is refused becomes a message that nobody gets. */
  #authorizePublish(clientId: string, packet: Message): void {
    this.#activity.published();
    const decision = this.#asks(clientId, packet.topic, 'write');
    if (decision.allowed) {
      if (packet.retain) this.#retainedBy.set(packet.topic, clientId);
      return;
    }
    this.#activity.denied({ at: Date.now(), name: this.#userOf(clientId), topic: packet.topic, decision });
    packet.topic = sink;
    packet.payload = Buffer.alloc(0);
    packet.retain = false;
  }

  #mayRead(name: string, { topic, retain }: Message): boolean {
    if (topic.startsWith(internal)) return false;
    if (!this.#asks(name, topic, 'read').allowed) return false;
    const writer = retain ? this.#retainedBy.get(topic) : undefined;
    return writer === undefined || this.#asks(writer, topic, 'write').allowed;
  }

  /** False when another subscription of the same client has already brought this message. */
  #first(client: Client, { brokerId, brokerCounter }: { brokerId?: string | null; brokerCounter?: number }): boolean {
    // a retained message has no number
    if (!brokerId || brokerCounter === undefined) return true;
    const seen = this.#seen.get(client) ?? new Set<number>();
    this.#seen.set(client, seen);
    if (seen.has(brokerCounter)) return false;
    remember(seen, brokerCounter);
    return true;
  }

  #wasDropped(name: string, { brokerCounter = 0 }: { brokerCounter?: number }): boolean {
    return this.#dropped.get(name)?.has(brokerCounter) ?? false;
  }

  /** aedes keeps without end for who is away; Mosquitto looks at the list here already, and at max_queued_messages. */
  #boundQueues(persistence: Persistence): void {
    const enqueue = persistence.outgoingEnqueueCombi.bind(persistence);
    const clear = persistence.outgoingClearMessageId.bind(persistence);
    persistence.outgoingEnqueueCombi = (subs, packet) => {
      const takers = [...new Map(subs.map((sub) => [sub.clientId, sub])).values()].filter(({ clientId }) => {
        if (!this.#mayRead(clientId, { ...packet, retain: false })) return false;
        const count = this.#queued.get(clientId) ?? 0;
        if (count >= this.#limits.maxQueuedMessages) {
          const dropped = this.#dropped.get(clientId) ?? new Set<number>();
          this.#dropped.set(clientId, dropped);
          remember(dropped, packet.brokerCounter);
          return false;
        }
        this.#queued.set(clientId, count + 1);
        return true;
      });
      return enqueue(takers, packet);
    };
    persistence.outgoingClearMessageId = async (client, packet) => {
      // asked for what is not forwarded: without a number it would take any message that waits
      if (packet.messageId === undefined) return undefined;
      const cleared = await clear(client, packet);
      if (cleared) this.#queued.set(client.id, Math.max(0, (this.#queued.get(client.id) ?? 0) - 1));
      return cleared;
    };
  }
}

function remember(numbers: Set<number>, number: number): void {
  numbers.add(number);
  for (const oldest of numbers) {
    if (numbers.size <= remembered) break;
    numbers.delete(oldest);
  }
}

/** No message comes with more than was subscribed for (MQTT-3.8.4-6); aedes sees to it for filters without wildcards only. */
function atMost<T extends Message>(client: WithSubscriptions, packet: T): T {
  if (packet.qos === 0) return packet;
  let granted = -1;
  for (const [filter, { qos }] of Object.entries(client.subscriptions)) {
    if (qos > granted && topicMatches(filter, packet.topic)) granted = qos;
  }
  return granted >= 0 && granted < packet.qos ? { ...packet, qos: granted } : packet;
}
