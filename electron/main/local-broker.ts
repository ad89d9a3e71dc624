import type { CallInput, CallOutput } from '../../shared/contract.ts';
import { FieldkeyError } from '../../shared/errors.ts';
import type { BrokerPurpose } from '../../shared/model/local-broker.ts';
import type { MeterOrder } from '../broker/practice/channel.ts';
import type { BrokerMarks } from '../jobs/practice.ts';
import { BrokerActivity } from './broker-activity.ts';
import { BrokerCaller, type BrokerProcess } from './broker-process.ts';
import type { VaultHost } from './vault-host.ts';

type View = NonNullable<CallOutput<'localBroker.state'>>;
type Attempted = CallOutput<'practice.attempt'>;

export interface BrokerWish {
  readonly purpose: BrokerPurpose;
  readonly projectId: number;
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
}

interface Running extends BrokerWish {
  readonly caller: BrokerCaller;
  readonly activity: BrokerActivity;
  readonly project: string;
  readonly since: number;
  marks: BrokerMarks;
  phase: View['phase'];
  applied: View['applied'];
}

export interface LocalBrokerOptions {
  readonly start: () => BrokerProcess;
  readonly host: Pick<VaultHost, 'call'>;
  readonly tell: (view: View | null) => void;
  /** The vault of the running broker is open: names and topics may be shown. */
  readonly unlocked: () => boolean;
  /** The vault's file. */
  readonly file: () => string;
  readonly now?: () => number;
}

interface BrokerEnd {
  readonly projectId: number;
  readonly host: string;
  readonly port: number;
  /** ms since 1970 UTC */
  readonly endedAt: number;
}

/** ms in which the broker's own word about an attempt has to come. */
const wordPatience = 3_000;

/**
 * The one broker on this computer: for practice, or a temporary one with a real project's certificates and rules. Whatever
 * changes in the project reaches it while it runs. It goes on while the vault is locked: devices that are being put into
 * service must not lose their broker because somebody had a coffee. Starting it and exchanging what it has needs the vault.
 */
export class LocalBroker {
  readonly #options: LocalBrokerOptions;
  readonly #now: () => number;
  #running: Running | null = null;
  /** Acts one after the other: a change must not meet a broker that is just being stopped. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Ends of brokers that the audit log has not heard of, because the vault was locked; with the file of that vault. */
  #unsaid: (BrokerEnd & { readonly file: string })[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(options: LocalBrokerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  get purpose(): BrokerPurpose | null {
    return this.#running?.purpose ?? null;
  }

  /** What the page may know now. */
  get view(): View | null {
    const running = this.#running;
    if (!running) return null;
    const { phase, purpose, projectId, project, host, port, since, applied, activity } = running;
    const { lists } = activity;
    const said = { phase, purpose, projectId, project, host, port, since, applied, ...lists };
    if (this.#options.unlocked()) return said;
    return { ...said, project: '', connections: [], refused: [], denied: [], meters: [], applied: null };
  }

  /** Starts it; one that runs is stopped first. @throws BROKER_*, KEY_UNAVAILABLE, VAULT_LOCKED */
  start(wish: BrokerWish): Promise<void> {
    return this.#inTurn(() => this.#begin(wish));
  }

  async #begin(wish: BrokerWish): Promise<void> {
    await this.#end();
    const { host: vault, start } = this.#options;
    const opened = await vault.call('localBroker.open', { projectId: wish.projectId, host: wish.host, port: wish.port });
    const activity = new BrokerActivity();
    const caller: BrokerCaller = new BrokerCaller(start(), {
      onActivity: (batch) => {
        activity.add(batch);
        for (const look of this.#waiting) look();
        this.tell();
      },
      onCrash: () => this.#crashed(caller),
    });
    try {
      const listening = caller.call('startBroker', opened.order);
      // it was copied when it was posted
      opened.order.identity.key.fill(0);
      const { port } = await listening;
      const { project, marks } = opened;
      this.#running = { ...wish, port, project, marks, caller, activity, since: this.#now(), phase: 'running', applied: null };
    } catch (error) {
      await caller.end();
      await this.#noteClosed({ ...wish, endedAt: this.#now() });
      throw error;
    }
    this.tell();
  }

  /** Lets the project's meters publish: the first three, or these. @throws KEY_UNAVAILABLE, VAULT_LOCKED */
  startMeters(deviceIds?: readonly number[]): Promise<void> {
    return this.#inTurn(() => this.#meters(deviceIds));
  }

  async #meters(deviceIds?: readonly number[]): Promise<void> {
    const { caller, activity, projectId, host, port } = this.#alive();
    const meters = await this.#options.host.call('localBroker.meters', { projectId, host, port, deviceIds });
    await caller.call('stopMeters', { ids: meters.map(({ identity }) => identity.id) });
    for (const { identity, seed } of meters) activity.meterIs(identity.id, seed);
    const started = caller.call('startMeters', { meters });
    wipe(meters);
    await started;
  }

  /** Something of a project was changed: if it is the broker's, it is given what is new. */
  projectChanged(projectId: number): void {
    if (this.#running?.projectId === projectId) void this.#inTurn(() => this.#exchange()).catch(() => undefined);
  }

  /** As its start: certificates, lists and rules anew, and then the meters. */
  async restart(): Promise<void> {
    const running = this.#running;
    if (!running) throw new FieldkeyError('BROKER_NOT_RUNNING', {});
    const { purpose, projectId, host, port } = running;
    await this.start({ purpose, projectId, host, port });
  }

  async attempt({ kind }: CallInput<'practice.attempt'>): Promise<Attempted> {
    const running = this.#alive();
    const { caller, activity, projectId, host, port } = running;
    const { order, name } = await this.#options.host.call('localBroker.attempt', { projectId, host, port, kind });
    const countOf = (list: readonly { readonly count: number }[]) => list.reduce((sum, each) => sum + each.count, 0);
    const refusedNow = () => activity.lists.refused.filter((each) => each.name === name && each.reason !== 'mqtt-version');
    const deniedNow = () => activity.lists.denied.filter((each) => each.name === name && each.topic === order.publish?.topic);
    const before = countOf(refusedNow()) + countOf(deniedNow());
    const trying = caller.call('attempt', order);
    order.identity?.key.fill(0);
    const result = await trying;
    await this.#until(() => countOf(refusedNow()) + countOf(deniedNow()) > before);
    const spoke = countOf(refusedNow()) + countOf(deniedNow()) > before;
    return {
      kind,
      name,
      topic: order.publish?.topic ?? '',
      ...result,
      refused: spoke ? (refusedNow()[0] ?? null) : null,
      denied: spoke ? (deniedNow()[0] ?? null) : null,
    };
  }

  /** Ends meters, connections and process; fine when nothing runs. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#end());
  }

  tell(): void {
    this.#options.tell(this.view);
  }

  /** The vault was unlocked: what could not be noted is noted, what changed meanwhile is taken over. */
  async vaultOpened(): Promise<void> {
    const file = this.#options.file();
    const unsaid = this.#unsaid.filter((end) => end.file === file);
    this.#unsaid = this.#unsaid.filter((end) => end.file !== file);
    for (const end of unsaid) await this.#noteClosed(end);
    if (this.#running) this.projectChanged(this.#running.projectId);
  }

  async #noteClosed({ projectId, host, port, endedAt }: BrokerEnd): Promise<void> {
    const end = { projectId, host, port, endedAt };
    const file = this.#options.file();
    await this.#options.host.call('localBroker.closed', end).catch(() => this.#unsaid.push({ ...end, file }));
  }

  async #end(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#running = null;
    await running.caller.end();
    if (running.phase === 'running') await this.#noteClosed({ ...running, endedAt: this.#now() });
    this.tell();
  }

  async #exchange(): Promise<void> {
    const running = this.#running;
    if (running?.phase !== 'running') return;
    const { host: vault } = this.#options;
    const { projectId, host, port, marks: had } = running;
    const wanted = await vault.call('localBroker.marks', { projectId });
    const certificate = wanted.certificate !== had.certificate;
    const list = wanted.list !== had.list;
    const access = wanted.access !== had.access;
    const clients = wanted.clients !== had.clients;
    if (!certificate && !list && !access && !clients) return;
    if (wanted.identity !== had.identity) return this.#beginAnew(running);
    const ended = list ? running.activity.lists.connected : 0;
    const opened = certificate || list ? await vault.call('localBroker.open', { projectId, host, port }) : null;
    const rules = access || clients ? (opened ?? (await vault.call('localBroker.open', { projectId, host, port }))) : null;
    const exchanged = running.caller.call('exchange', {
      identity: opened?.order.identity,
      access: rules?.order.access,
      clients: rules?.order.clients,
      // a list is looked at when somebody connects: who is in already would stay in, which is why the kit asks for a restart
      endConnections: list,
    });
    opened?.order.identity.key.fill(0);
    rules?.order.identity.key.fill(0);
    await exchanged;
    running.marks = wanted;
    running.applied = { at: this.#now(), certificate, list, access, clients, ended };
    this.tell();
  }

  /** Whether clients show certificates is decided when a listener opens: the broker ends and starts at its place, with its meters. */
  async #beginAnew({ activity, ...wish }: Running): Promise<void> {
    const { connected, meters } = activity.lists;
    const { purpose, projectId, host, port } = wish;
    await this.#begin({ purpose, projectId, host, port });
    if (meters.length > 0) await this.#meters();
    const at = this.#now();
    this.#alive().applied = { at, certificate: false, list: false, access: false, clients: true, ended: connected };
    this.tell();
  }

  #crashed(caller: BrokerCaller): void {
    const running = this.#running;
    if (running?.caller !== caller) return;
    running.phase = 'crashed';
    running.activity.ended();
    void this.#noteClosed({ ...running, endedAt: this.#now() });
    this.tell();
  }

  #alive(): Running {
    if (this.#running?.phase !== 'running') throw new FieldkeyError('BROKER_NOT_RUNNING', {});
    return this.#running;
  }

  /** Waits for the activity to say it, or for the patience to end. */
  #until(said: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(late);
        this.#waiting.delete(look);
        resolve();
      };
      const look = () => void (said() && done());
      const late = setTimeout(done, wordPatience);
      this.#waiting.add(look);
      look();
    });
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(act, act);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}

function wipe(meters: readonly MeterOrder[]): void {
  for (const { identity } of meters) identity.key.fill(0);
}
