import type { IPublishPacket } from 'mqtt';
import {
  type Check,
  type CheckGot,
  type CheckParty,
  type CheckReason,
  type CheckResult,
  checkLimits,
} from '../../../shared/model/check.ts';
import type { ConnectionFailure } from '../../../shared/model/connection.ts';
import { propertiesOf } from '../publish-properties.ts';
import type { CheckConnection } from './connection.ts';
import { type FilledCheck, filledCheck, listensTo } from './filled-check.ts';
import { payloadMatches } from './match.ts';

/** Name of the user property by which a message is known as that of one execution. */
export const markName = 'fieldkey-check';
/** MQTT 5 §2.4. Given without asking the broker when it said before that it takes no packet as large. */
const packetTooLarge = 149;
const unspecifiedError = 128;
/** ms for the broker's answer to a message, beyond the time within which another one has to arrive. */
const answerPatience = 5_000;

/** What an execution needs of the run that it is part of. */
export interface ExecutionContext {
  readonly project: string;
  /** Null: the check concerns none. */
  readonly device: string | null;
  /** That of a party; connected by now, or not. */
  readonly connection: (party: CheckParty) => CheckConnection | null;
  readonly signal: AbortSignal;
  /** What the run has published, by `sentKey`: with MQTT 3.1.1 messages bear no mark. */
  readonly sent: Set<string>;
}

export type Execution = Omit<CheckResult, 'check' | 'device'>;

type Ending = { readonly reason: CheckReason | null } & Partial<Omit<Execution, 'reason' | 'outcome' | 'at'>>;

const untriedReasons: readonly CheckReason[] = [
  'connection',
  'no-reason-code',
  'not-sendable',
  'no-certificate',
  'no-key',
  'cancelled',
];

/** What came of it, with the outcome that the reason means. */
export function executionOf(ending: Ending): Execution {
  const outcome = ending.reason === null ? 'passed' : untriedReasons.includes(ending.reason) ? 'untried' : 'failed';
  const nothing = { roundTrip: null, code: null, got: null, others: 0, who: null, failure: null };
  return { ...nothing, ...ending, outcome, at: Date.now() };
}

export function sentKey(topic: string, payload: Uint8Array): string {
  return `${topic}\0${Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('latin1')}`;
}

/**
 * Runs one check for one device on connections that are open: listens, and publishes when the broker has confirmed that. Nothing
 * rejects; what keeps it from being run is a result too.
 */
export async function executeCheck(check: Check, context: ExecutionContext): Promise<Execution> {
  const filled = filledCheck(check, context);
  if (!filled) return executionOf({ reason: 'not-sendable' });
  const { publish, expect } = check;
  const [publisher, listener] = [context.connection(publish.by), context.connection(expect.at)];
  if (!publisher || !listener) return executionOf({ reason: 'connection', who: publisher ? expect.at : publish.by });
  if (typeof publish.answer === 'number' && publisher.protocolVersion === 4) return executionOf({ reason: 'no-reason-code' });
  const execution = new RunningCheck(check, filled, context, publisher, listener);
  return executionOf(await execution.run());
}

interface Listening {
  readonly code: number;
  readonly stop: () => void;
}

/** One execution, from listening to its end. */
class RunningCheck {
  readonly #check: Check;
  readonly #filled: FilledCheck;
  readonly #context: ExecutionContext;
  readonly #publisher: CheckConnection;
  readonly #listener: CheckConnection;
  /** `performance.now()` when it was published; what comes before is not about it. */
  #published: number | null = null;
  #others = 0;
  /** The last one that counts and says something else. */
  #other: CheckGot | null = null;
  #settle: (ending: Ending) => void = () => undefined;
  /** A message may still decide. */
  #awaits = true;
  #code: number | null = null;

  constructor(
    check: Check,
    filled: FilledCheck,
    context: ExecutionContext,
    publisher: CheckConnection,
    listener: CheckConnection,
  ) {
    this.#check = check;
    this.#filled = filled;
    this.#context = context;
    this.#publisher = publisher;
    this.#listener = listener;
  }

  async run(): Promise<Ending> {
    const { expect } = this.#check;
    const { signal } = this.#context;
    if (signal.aborted) return { reason: 'cancelled' };
    const abort = () => this.#settle({ reason: 'cancelled' });
    signal.addEventListener('abort', abort);
    const unlost = this.#listener.onLost(() => this.#listenerLost());
    let stop: () => void = () => undefined;
    try {
      const listening = await this.#until<Listening>((settle) => void this.#listen().then(settle));
      if ('reason' in listening) return listening;
      ({ stop } = listening);
      const refused = listening.code >= 128;
      if (refused && expect.arrives) return { reason: 'subscribe-refused', code: listening.code, who: expect.at };
      const answered = this.#publish();
      const wrong = (settle: (ending: Ending) => void) => void answered.then((against) => against && settle(against));
      // where the broker does not let it listen nothing can come: only its answer is left to be judged
      const ending: Ending = refused ? { reason: null } : await this.#until<Ending>(wrong, expect.within, () => this.#inVain());
      this.#awaits = false;
      // something came, or nothing did, as it should: the broker's answer may still be on its way
      const decided = ending.reason !== null && ending.got == null;
      const against = decided
        ? null
        : await this.#until<Ending | null>(
            (settle) => void answered.then(settle),
            answerPatience,
            () => ({ reason: 'timeout' }),
          );
      // what came says more than an answer that came with it, unless the answer is all that is wrong
      return { code: this.#code, ...(ending.reason === null ? { ...ending, ...against } : ending), others: this.#others };
    } finally {
      this.#awaits = false;
      signal.removeEventListener('abort', abort);
      unlost();
      stop();
    }
  }

  /** Waits for what `begin` settles, or for anything else that ends the check; after `limit` ms it is `late`. */
  async #until<T>(
    begin: (settle: (value: T | Ending) => void) => void,
    limit?: number,
    late: () => Ending = () => ({ reason: 'timeout' }),
  ): Promise<T | Ending> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<T | Ending>((resolve) => {
        this.#settle = resolve;
        if (limit !== undefined) timer = setTimeout(() => resolve(late()), limit);
        begin(resolve);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** @throws nothing: a connection that is gone is an ending */
  async #listen(): Promise<Listening | Ending> {
    const { expect, publish } = this.#check;
    try {
      return await this.#listener.listen(this.#filled.filter, publish.qos, (packet) => this.#heard(packet));
    } catch {
      const { expelled, failure } = this.#listener;
      if (!expelled) return lostEnding(expect.at, failure);
      // some brokers close the connection for a subscription that they do not take: nothing will come there
      if (!expect.arrives && this.#listener !== this.#publisher) return { code: unspecifiedError, stop: () => undefined };
      return { reason: 'thrown-out', who: expect.at, failure };
    }
  }

  /** Publishes. Gives what the broker's answer says against the check; null = nothing. */
  async #publish(): Promise<Ending | null> {
    const { publish, expect } = this.#check;
    const { topic, payload, mark } = this.#filled;
    this.#context.sent.add(sentKey(topic, payload));
    this.#published = performance.now();
    try {
      const properties = { userProperties: [[markName, mark]] } as const;
      this.#code = await this.#publisher.publish({ topic, payload, qos: publish.qos, retain: publish.retain, properties });
    } catch {
      if (!this.#publisher.expelled) return lostEnding(publish.by, this.#publisher.failure);
      // some brokers close the connection for a message that they do not take: where anything is right, that is
      if (publish.answer === 'any' && !expect.arrives) return null;
      return { reason: 'thrown-out', who: publish.by, failure: this.#publisher.failure };
    }
    const code = this.#code;
    if (code === packetTooLarge && publish.answer !== packetTooLarge) return { reason: 'not-sendable', code };
    if (typeof publish.answer === 'number')
      return code === publish.answer ? null : { reason: (code ?? 0) >= 128 ? 'publish-refused' : 'other-code', code };
    if (publish.answer === 'any' && !expect.arrives) return null;
    return code !== null && code >= 128 ? { reason: 'publish-refused', code } : null;
  }

  #heard(packet: IPublishPacket): void {
    const { filter, topic, own, payload, match, mark } = this.#filled;
    if (this.#published === null || !this.#awaits || !listensTo(filter, packet.topic)) return;
    const came = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    if (packet.retain || !this.#counts(packet, came, own ? topic : null, mark, payload)) {
      this.#others++;
      return;
    }
    const roundTrip = Math.round((performance.now() - this.#published) * 1_000) / 1_000;
    const got = gotOf(packet.topic, came);
    if (!this.#check.expect.arrives) this.#settle({ reason: 'unexpected', got, roundTrip });
    else if (payloadMatches(came, match, payload)) this.#settle({ reason: null, roundTrip });
    // there is only one of our own: nothing better will come
    else if (own) this.#settle({ reason: 'other-payload', got, roundTrip });
    else this.#other = got;
  }

  /** `topic`: where our own message goes, if that is what is awaited. */
  #counts(packet: IPublishPacket, came: Uint8Array, topic: string | null, mark: string, payload: Uint8Array): boolean {
    const found = propertiesOf(packet)?.userProperties?.find(([name]) => name === markName)?.[1];
    // also where a rule of the broker has brought it to another topic
    if (found !== undefined) return found === mark;
    const unmarked = this.#publisher.protocolVersion === 4 || this.#listener.protocolVersion === 4;
    if (topic === null) return !(unmarked && this.#context.sent.has(sentKey(packet.topic, came)));
    return unmarked && packet.topic === topic && Buffer.from(payload).equals(came);
  }

  /** The time is over. */
  #inVain(): Ending {
    if (!this.#check.expect.arrives) return { reason: null };
    return this.#other ? { reason: 'other-payload', got: this.#other } : { reason: 'timeout' };
  }

  #listenerLost(): void {
    // while it begins to listen, the answer to that says more
    if (!this.#awaits || this.#published === null) return;
    // the answer to the message says more about a connection that both share
    if (this.#listener === this.#publisher && this.#listener.expelled) return;
    this.#settle(lostEnding(this.#check.expect.at, this.#listener.failure));
  }
}

function lostEnding(who: CheckParty, failure: ConnectionFailure | null): Ending {
  return { reason: 'connection', who, failure };
}

function gotOf(topic: string, payload: Uint8Array): CheckGot {
  const first = Buffer.from(payload.subarray(0, checkLimits.bytes));
  return { topic: topic.slice(0, 1_000), base64: first.toString('base64'), size: payload.byteLength };
}
