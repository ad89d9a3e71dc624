import { FieldkeyError } from '../../shared/errors.ts';
import type { CheckResult } from '../../shared/model/check.ts';
import type { DoctorProgress } from '../../shared/model/doctor.ts';
import type { VaultSpeaker } from '../../shared/model/own-connection.ts';
import type { RecordingEnd, RecordingState } from '../../shared/model/recording.ts';
import type { SubscriptionOptions } from '../../shared/model/subscription.ts';
import type { TimedState } from '../../shared/model/timed.ts';
import type {
  ConnectionReport,
  ConnectOrder,
  FromTester,
  HistoryAnswer,
  MessageBatch,
  TesterCall,
  TesterCalls,
  ToTester,
} from '../tester/channel.ts';
import type { HistoryCall, HistoryCalls } from '../tester/history/calls.ts';
import { connecting, crashed, notBack, Returning, resting } from './after-crash.ts';

/** A running tester process, as far as main looks at it: a utility process, or a thread in a test. */
export interface TesterProcess {
  post(message: ToTester): void;
  onMessage(listener: (message: FromTester) => void): void;
  /** It is gone, by a crash or because it was ended. */
  onExit(listener: (code: number) => void): void;
  end(): void;
}

export interface TesterHostOptions {
  readonly start: () => TesterProcess;
  readonly onState: (state: ConnectionReport) => void;
  readonly onMessages: (batch: MessageBatch) => void;
  /** Whether messages may be shown now; while the vault is locked they may not. Always, unless told. */
  readonly readable?: (() => boolean) | undefined;
  /**
   * Takes what a connection needs out of the vault once more, after a crash. Only of those that may come back by themselves; a
   * device never does. @throws VAULT_LOCKED and whatever else keeps it from being there
   */
  readonly reopen?: ((connection: OpenConnection) => Promise<ConnectOrder>) | undefined;
  /** Pauses before they come back, see after-crash.ts. */
  readonly comeBack?: readonly number[] | undefined;
  /** How a timed run stands. */
  readonly onTimed?: ((state: TimedState) => void) | undefined;
  /** What is being recorded, and how it ended. */
  readonly onRecording?: ((state: RecordingState) => void) | undefined;
  readonly onRecordingJob?: ((progress: RecordingJob) => void) | undefined;
  /** How far a proof is. */
  readonly onProving?: ((progress: { proofId: string; done: number; total: number }) => void) | undefined;
  /** A step of the doctor begins, or has ended. */
  readonly onDiagnosing?: ((progress: DoctorProgress) => void) | undefined;
}

type RecordingJob = Omit<Extract<FromTester, { kind: 'recordingJob' }>, 'kind'>;

/** Whom a connection belongs to, as the page that asked for it said. */
export interface ConnectionOwner {
  readonly projectId: number;
  readonly identity:
    | { readonly kind: 'observer' }
    | { readonly kind: 'device'; readonly deviceId: number; readonly id: string }
    /** `id`: its name. */
    | { readonly kind: 'own'; readonly ownId: number; readonly id: string; readonly speaksAs: VaultSpeaker | null };
}

export interface Subscribed {
  readonly filter: string;
  readonly qos: 0 | 1 | 2;
  readonly options?: SubscriptionOptions | undefined;
  readonly reasonCode: number;
}

/** A connection that lives, with what a page needs to show it again. */
export interface OpenConnection {
  readonly owner: ConnectionOwner;
  readonly host: string;
  readonly port: number;
  readonly state: ConnectionReport;
  /** In the order in which they were asked for. */
  readonly subscriptions: readonly Subscribed[];
  /** It may come back by itself, and the broker has accepted it at least once. */
  readonly returns: { readonly wanted: boolean; readonly accepted: boolean };
}

/** What serve.ts answers for a connection that is not open; main does not import the tester's code, it holds mqtt.js. */
const connectionNotOpen = 'connection-not-open';

/** Runs the tester in a process of its own. It starts with the first connection, and anew after a crash. */
export class TesterHost {
  readonly #options: TesterHostOptions;
  #process: TesterProcess | null = null;
  #next = 1;
  readonly #pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  /** Each connection that is not closed, with its latest state. */
  readonly #open = new Map<string, OpenConnection>();
  readonly #returning: Returning;
  /** The batch of each connection that arrived while nobody might read it. There is no second one before it is taken. */
  readonly #held = new Map<string, MessageBatch>();
  /** Those that are closed while somebody else speaks in their names. */
  readonly #resting = new Set<string>();
  readonly #recorded = new Map<string, RecordingState>();
  /** The timed run of each connection that has one. */
  readonly #timed = new Map<string, TimedState>();
  /** Who hears of the results of a run of checks. */
  readonly #checked = new Map<string, (result: CheckResult) => void>();

  constructor(options: TesterHostOptions) {
    this.#options = options;
    this.#returning = new Returning(options.reopen ? options.comeBack : []);
  }

  /** Connects, and gives the state after the first try. The order is copied before this returns its promise. */
  async connect(order: ConnectOrder, owner: ConnectionOwner): Promise<ConnectionReport> {
    const { connectionId, host, port } = order;
    // noted at once, so that a crash during the first try is told as its end
    if (!this.#open.has(connectionId))
      this.#open.set(connectionId, {
        owner,
        host,
        port,
        state: connecting(connectionId),
        subscriptions: [],
        returns: { wanted: order.reconnects, accepted: false },
      });
    try {
      return await this.#call('connect', order);
    } catch (error) {
      // it crashed in the middle: that is how this connection ended
      if (error instanceof ProcessGone) return crashed(connecting(connectionId), error.code);
      throw error;
    }
  }

  /** `cut`: without a word to the broker, which then publishes the last will. */
  async disconnect(connectionId: string, cut = false): Promise<void> {
    if (this.#resting.delete(connectionId) || this.#returning.drop(connectionId)) {
      this.#tell({ ...connecting(connectionId), phase: 'closed' });
      return;
    }
    if (this.#open.has(connectionId)) await this.#call('disconnect', { connectionId, cut }).catch(unlessGone);
  }

  /**
   * Closes connections for as long as somebody else speaks in their names. Gives what brings back those that come back by
   * themselves, with their filters; it takes what it needs out of the vault once more.
   */
  async rest(connectionIds: readonly string[]): Promise<() => void> {
    const resting = connectionIds.filter((id) => {
      const returns = this.#open.get(id)?.returns;
      return this.#options.reopen !== undefined && returns?.wanted === true && returns.accepted && !this.#returning.has(id);
    });
    for (const id of resting) this.#resting.add(id);
    // those that are about to come back after a crash are simply given up, as by a person
    await Promise.all(
      connectionIds.map((id) =>
        this.#resting.has(id)
          ? this.#call('disconnect', { connectionId: id }).catch(unlessGone)
          : this.disconnect(id).catch(unlessGone),
      ),
    );
    return () => {
      for (const id of resting)
        if (this.#resting.delete(id) && this.#open.has(id)) this.#returning.later(id, 0, () => void this.#comeBack(id, 0));
    };
  }

  /** @throws INTERNAL when the connection is not open; so do the next two */
  async subscribe(input: TesterCalls['subscribe']['input']): Promise<{ reasonCode: number }> {
    const { connectionId, filter, qos, options } = input;
    const { reasonCode } = await this.#onOpen('subscribe', input);
    this.#resubscribe(connectionId, filter, { filter, qos, reasonCode, ...(options && { options }) });
    return { reasonCode };
  }
  async unsubscribe(input: TesterCalls['unsubscribe']['input']): Promise<undefined> {
    const { connectionId, filter } = input;
    // the process does not know those that are yet to come back: what is not in the list is not asked for again
    if (!this.#returning.has(connectionId) && !this.#resting.has(connectionId)) await this.#onOpen('unsubscribe', input);
    this.#resubscribe(connectionId, filter, null);
  }
  publish(input: TesterCalls['publish']['input']): Promise<{ reasonCode: number }> {
    return this.#onOpen('publish', input);
  }

  /** Publishes again and again on a connection that is open. */
  startTimed(input: TesterCalls['startTimed']['input']): Promise<TimedState> {
    return this.#onOpen('startTimed', input);
  }
  async stopTimed(connectionId: string): Promise<void> {
    if (this.#timed.has(connectionId)) await this.#call('stopTimed', { connectionId }).catch(unlessGone);
  }
  /** The runs that go on. */
  get timed(): TimedState[] {
    return [...this.#timed.values()];
  }

  /** The order is copied before this returns its promise. @throws INTERNAL when the process ends meanwhile */
  async prove(order: TesterCalls['prove']['input']): Promise<TesterCalls['prove']['output']> {
    try {
      return await this.#call('prove', order);
    } catch (error) {
      throw error instanceof ProcessGone ? new FieldkeyError('INTERNAL', { detail: error.message }) : error;
    }
  }

  /** The proof, if it runs, ends soon. */
  async stopProof(proofId: string): Promise<void> {
    if (this.#process) await this.#call('stopProof', { proofId }).catch(unlessGone);
  }

  /** The order is copied before this returns its promise. @throws INTERNAL when the process ends meanwhile */
  async diagnose(order: TesterCalls['diagnose']['input']): Promise<TesterCalls['diagnose']['output']> {
    try {
      return await this.#call('diagnose', order);
    } catch (error) {
      throw error instanceof ProcessGone ? new FieldkeyError('INTERNAL', { detail: error.message }) : error;
    }
  }

  /** The diagnosis, if it runs, ends soon. */
  async stopDiagnosis(runId: string): Promise<void> {
    if (this.#process) await this.#call('stopDiagnosis', { runId }).catch(unlessGone);
  }

  /**
   * Begins a run of checks: ends when what concerns no device is done. `onResult` hears of each result until `endChecks`. What is
   * given is copied before this returns its promise, as with the next one. @throws INTERNAL when the process ends meanwhile
   */
  startChecks(order: TesterCalls['startChecks']['input'], onResult: (result: CheckResult) => void): Promise<undefined> {
    this.#checked.set(order.runId, onResult);
    return this.#orInternal(this.#call('startChecks', order));
  }
  checkDevices(input: TesterCalls['checkDevices']['input']): Promise<undefined> {
    return this.#orInternal(this.#call('checkDevices', input));
  }
  /** All its connections are closed when this ends. */
  async endChecks(runId: string, cancel: boolean): Promise<void> {
    if (this.#process) await this.#call('endChecks', { runId, cancel }).catch(unlessGone);
    if (!cancel) this.#checked.delete(runId);
  }

  async #orInternal<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw error instanceof ProcessGone ? new FieldkeyError('INTERNAL', { detail: error.message }) : error;
    }
  }

  /** The state of a connection that lives, for a page that was loaded again. */
  stateOf(connectionId: string): ConnectionReport | undefined {
    return this.#open.get(connectionId)?.state;
  }

  /** Every connection that lives, in the order in which they were opened. */
  list(): OpenConnection[] {
    return [...this.#open.values()];
  }

  /**
   * The page has the last batch of this connection, or begins to listen to it; not before that may the next one follow. What
   * arrived while nobody might read it comes first.
   */
  taken(connectionId: string): void {
    const held = this.#held.get(connectionId);
    if (!held) this.#process?.post({ kind: 'messagesTaken', connectionId });
    else if (this.#readable()) {
      this.#held.delete(connectionId);
      this.#options.onMessages(held);
    }
  }

  #readable(): boolean {
    return this.#options.readable?.() ?? true;
  }

  /** Connections of one's own go on without what was taken out of the vault for them: a lost one does not come back. */
  async forgetOwn(): Promise<void> {
    const own = this.list().filter(({ owner }) => owner.identity.kind === 'own');
    await Promise.all(
      own.map(async ({ state: { connectionId } }) => {
        // it waits for its keys to be taken out once more
        if (this.#returning.has(connectionId)) await this.disconnect(connectionId);
        else await this.#call('forget', { connectionId }).catch(unlessGone);
      }),
    );
  }

  /** What is recorded goes on; nothing else of the recordings can be read until the vault is open again. */
  async lockHistory(): Promise<void> {
    if (this.#process) await this.history('lock', undefined).catch(() => undefined);
  }

  /** Asks the recordings. @throws what they answer; INTERNAL when the process ends meanwhile */
  async history<N extends HistoryCall>(call: N, input: HistoryCalls[N]['input']): Promise<HistoryCalls[N]['output']> {
    let answer: HistoryAnswer;
    try {
      answer = await this.#call('history', { call, input });
    } catch (error) {
      throw error instanceof ProcessGone ? new FieldkeyError('INTERNAL', { detail: error.message }) : error;
    }
    if (!answer.ok) throw new FieldkeyError(answer.error.code, answer.error.params as never);
    return answer.value as HistoryCalls[N]['output'];
  }

  /** Ends what is recorded and replayed, if anything runs at all. */
  async endHistory(ended: RecordingEnd): Promise<void> {
    if (this.#process) await this.history('close', { ended }).catch(() => undefined);
  }

  end(): void {
    this.#process?.end();
  }

  async #onOpen<N extends 'subscribe' | 'unsubscribe' | 'publish' | 'startTimed'>(
    call: N,
    input: TesterCalls[N]['input'],
  ): Promise<TesterCalls[N]['output']> {
    if (!this.#open.has(input.connectionId)) throw notOpen();
    try {
      return await this.#call(call, input);
    } catch (error) {
      throw error instanceof ProcessGone ? notOpen() : error;
    }
  }

  #call<N extends TesterCall>(call: N, input: TesterCalls[N]['input']): Promise<TesterCalls[N]['output']> {
    const process = this.#running();
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      process.post({ kind: 'call', id, call, input });
    });
  }

  /** A filter that is there already keeps its place; null takes it off. */
  #resubscribe(connectionId: string, filter: string, now: Subscribed | null): void {
    const connection = this.#open.get(connectionId);
    if (!connection) return;
    const { subscriptions } = connection;
    const at = subscriptions.findIndex((each) => each.filter === filter);
    const others = subscriptions.filter((each) => each.filter !== filter);
    const next = now === null ? others : at < 0 ? [...subscriptions, now] : subscriptions.with(at, now);
    this.#open.set(connectionId, { ...connection, subscriptions: next });
  }

  #running(): TesterProcess {
    if (this.#process) return this.#process;
    const process = this.#options.start();
    this.#process = process;
    process.onMessage((message) => this.#take(message));
    process.onExit((code) => this.#exited(process, code));
    return process;
  }

  #take(message: FromTester): void {
    switch (message.kind) {
      case 'answer': {
        const waiting = this.#pending.get(message.id);
        this.#pending.delete(message.id);
        if (message.ok) waiting?.resolve(message.value);
        else if (message.reason === connectionNotOpen) waiting?.reject(notOpen());
        else waiting?.reject(new FieldkeyError('INTERNAL', { detail: message.reason }));
        return;
      }
      case 'state': {
        const { state } = message;
        this.#tell(state.phase === 'closed' && this.#resting.has(state.connectionId) ? resting(state) : state);
        return;
      }
      case 'recording': {
        const { state } = message;
        if (state.ended === null) this.#recorded.set(state.connectionId, state);
        else this.#recorded.delete(state.connectionId);
        this.#options.onRecording?.(state);
        return;
      }
      case 'recordingJob':
        this.#options.onRecordingJob?.(message);
        return;
      case 'timed':
        if (message.state.ended) this.#timed.delete(message.state.connectionId);
        else this.#timed.set(message.state.connectionId, message.state);
        this.#options.onTimed?.(message.state);
        return;
      case 'simulation':
        // simulations run in a process of their own, see simulation-host.ts
        return;
      case 'messages':
        // the next one leaves when this one is taken: beyond it all waits where it was received, within its budget
        if (this.#readable()) this.#options.onMessages(message.batch);
        else this.#held.set(message.batch.connectionId, message.batch);
        return;
      case 'proving': {
        const { proofId, done, total } = message;
        this.#options.onProving?.({ proofId, done, total });
        return;
      }
      case 'checked':
        this.#checked.get(message.runId)?.(message.result);
        return;
      case 'diagnosing':
        this.#options.onDiagnosing?.(message.progress);
    }
  }

  #note(state: ConnectionReport): void {
    const connection = this.#open.get(state.connectionId);
    if (state.phase === 'closed') this.#open.delete(state.connectionId);
    else if (connection) {
      const accepted = connection.returns.accepted || state.phase === 'connected';
      this.#open.set(state.connectionId, { ...connection, state, returns: { ...connection.returns, accepted } });
    }
  }

  #tell(state: ConnectionReport): void {
    this.#note(state);
    this.#options.onState(state);
  }

  /** Connects once more what a crash has ended, with its filters. It goes on from there as any connection does. */
  async #comeBack(connectionId: string, code: number): Promise<void> {
    const connection = this.#open.get(connectionId);
    if (!connection || !this.#options.reopen) return;
    const { state } = connection;
    try {
      const order = await this.#options.reopen(connection);
      // somebody may have given it up meanwhile
      const connecting = this.#returning.drop(connectionId) ? this.#call('connect', order) : null;
      // it was copied when it was posted
      order.identity.key.fill(0);
      if ((await connecting)?.phase !== 'connected') return;
      // those of now: one may have been given up while it was on its way
      for (const { filter, qos, options } of this.#open.get(connectionId)?.subscriptions ?? [])
        await this.#call('subscribe', { connectionId, filter, qos, ...(options && { options }) });
    } catch (error) {
      // one that crashed again comes back once more, and what was given up is nobody's business
      if (!(error instanceof ProcessGone) && this.#returning.drop(connectionId)) this.#tell(notBack(state, code, error));
    }
  }

  #exited(process: TesterProcess, code: number): void {
    if (this.#process !== process) return;
    this.#process = null;
    this.#held.clear();
    const pause = this.#returning.pauseAfterCrash();
    for (const connection of [...this.#open.values()]) {
      const { state, returns } = connection;
      if (this.#returning.has(state.connectionId) || this.#resting.has(state.connectionId)) continue;
      if (pause === undefined || !returns.wanted || !returns.accepted) this.#tell(crashed(state, code));
      else {
        this.#tell({ ...crashed(state, code), phase: 'waiting', retryAt: Date.now() + pause });
        this.#returning.later(state.connectionId, pause, () => void this.#comeBack(state.connectionId, code));
      }
    }
    const reason = `the tester's process ended with ${code}`;
    for (const state of this.#recorded.values()) this.#options.onRecording?.({ ...state, ended: 'failed', reason });
    this.#recorded.clear();
    const runs = this.timed;
    this.#timed.clear();
    this.#checked.clear();
    for (const run of runs) this.#options.onTimed?.({ ...run, ended: 'process' });
    for (const { reject } of this.#pending.values()) reject(new ProcessGone(code));
    this.#pending.clear();
  }
}

class ProcessGone extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`the tester's process ended with ${code}`);
    this.code = code;
  }
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof ProcessGone)) throw error;
}

function notOpen(): Error {
  return new FieldkeyError('CONNECTION_NOT_OPEN', {});
}
