import { setMaxListeners } from 'node:events';
import { type Check, type CheckParty, type CheckResult, checkLimits } from '../../../shared/model/check.ts';
import { concernsDevice, takesOver } from '../../../shared/rules/check-scope.ts';
import type { TestCertificate } from '../channel.ts';
import type { Timing } from '../timing.ts';
import { CheckConnection, type CheckPlace } from './connection.ts';
import { type Execution, executeCheck, executionOf } from './execution.ts';
import { topicsOf } from './filled-check.ts';
import { TurnByTurn } from './turn-by-turn.ts';

/** What is run, and where. The observer's key is wiped when this ends. */
export interface ChecksOrder {
  readonly runId: string;
  readonly host: string;
  readonly port: number;
  /** Name of the project. */
  readonly project: string;
  readonly checks: readonly Check[];
  /** Null where no check needs it. */
  readonly observer: TestCertificate | null;
}

/** A device that checks are run for. `identity` null: none takes its place; `hindrance`: why none can. Its key is wiped. */
export interface CheckedMember {
  readonly device: string;
  readonly identity: TestCertificate | null;
  readonly hindrance: 'no-certificate' | 'no-key' | null;
}

/**
 * One run of checks on a live broker. The observer is connected once, each device as long as its checks last, `checkLimits.parallel`
 * of them at a time; the checks of a device run one after the other. Who is refused is not tried again.
 */
export class CheckRun {
  readonly #order: ChecksOrder;
  readonly #place: CheckPlace;
  readonly #onResult: (result: CheckResult) => void;
  readonly #stop = new AbortController();
  readonly #observer: CheckConnection | null;
  readonly #open = new Set<CheckConnection>();
  readonly #sent = new Set<string>();
  readonly #turns = new TurnByTurn();

  constructor(order: ChecksOrder, timing: Timing, onResult: (result: CheckResult) => void) {
    this.#order = order;
    this.#onResult = onResult;
    const { signal } = this.#stop;
    // each connection and each check in hand listens to it
    setMaxListeners(0, signal);
    this.#place = { host: order.host.replace(/^\[(.*)\]$/, '$1'), port: order.port, timing, version: 5, signal };
    this.#observer = order.observer && new CheckConnection(order.observer, this.#place);
  }

  /** Runs what concerns no device. */
  async alone(): Promise<void> {
    for (const [at, check] of this.#order.checks.entries())
      if (!concernsDevice(check)) this.#tell(at, null, await this.#execute(check, null, null));
  }

  /** Runs the others for these devices. */
  async devices(members: readonly CheckedMember[]): Promise<void> {
    const waiting = [...members];
    const work = async () => {
      // several devices with one certificate are one client to the broker: one throws out the other
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const member = next;
        await this.#turns.take([`client ${member.identity?.id ?? member.device}`], () => this.#device(member));
      }
    };
    await Promise.all(Array.from({ length: Math.min(checkLimits.parallel, members.length) }, work));
  }

  /** Everybody leaves; what was not done is `cancelled`, at once. */
  async cancel(): Promise<void> {
    this.#stop.abort();
    await this.end();
  }

  /** Ends when all connections are closed. */
  async end(): Promise<void> {
    await Promise.all([...this.#open, ...(this.#observer ? [this.#observer] : [])].map((connection) => connection.end()));
  }

  async #device(member: CheckedMember): Promise<void> {
    const connection = member.identity && new CheckConnection(member.identity, this.#place);
    if (connection) this.#open.add(connection);
    try {
      for (const [at, check] of this.#order.checks.entries()) {
        if (!concernsDevice(check)) continue;
        const hindered = member.hindrance !== null && takesOver(check);
        const execution = hindered
          ? executionOf({ reason: member.hindrance, who: 'device' })
          : await this.#execute(check, member.device, connection);
        this.#tell(at, member.device, execution);
      }
    } finally {
      await connection?.end();
      if (connection) this.#open.delete(connection);
    }
  }

  async #execute(check: Check, device: string | null, connection: CheckConnection | null): Promise<Execution> {
    const { signal } = this.#stop;
    const { project } = this.#order;
    const of = (party: CheckParty) => (party === 'observer' ? this.#observer : connection);
    // the observer first: a device is not thrown out for nothing where that one is not let in
    const parties = (['observer', 'device'] as const).filter((each) => check.publish.by === each || check.expect.at === each);
    for (const party of parties) {
      if (signal.aborted) return executionOf({ reason: 'cancelled' });
      const failure = (await of(party)?.open()) ?? null;
      if (failure) return executionOf({ reason: 'connection', who: party, failure });
    }
    if (signal.aborted) return executionOf({ reason: 'cancelled' });
    return this.#turns.take(this.#contested(check, device), () =>
      executeCheck(check, { project, device, connection: of, signal, sent: this.#sent }),
    );
  }

  /** Where two executions could take each other's messages for their own: those go one after the other. */
  #contested(check: Check, device: string | null): string[] {
    const { topic, filter, own } = topicsOf(check, { project: this.#order.project, device });
    if (own) return this.#place.version === 4 ? [`topic ${topic}`] : [];
    // of an answer nobody can tell to which message it is one
    return [`filter ${filter}`];
  }

  #tell(check: number, device: string | null, execution: Execution): void {
    this.#onResult({ check, device, ...execution });
  }
}
