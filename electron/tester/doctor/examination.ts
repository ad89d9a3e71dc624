import type { MqttOptions } from '../../../shared/model/connect-options.ts';
import type { ConnectionFailure } from '../../../shared/model/connection.ts';
import type { DoctorFinding } from '../../../shared/model/doctor-findings.ts';
import type { ObservedRefusal } from '../../../shared/model/proof.ts';
import { explainFailure } from '../explain-failure.ts';
import type { Signals } from '../signals.ts';
import type { Timing } from '../timing.ts';
import type { Connected } from './connect.ts';
import { failed } from './findings.ts';
import { alternativesOf, fixesOf } from './fixes.ts';
import type { ReadyMaterial } from './material.ts';
import type { LinkedOrder } from './order.ts';
import { Participant } from './participant.ts';
import type { StepLog } from './steps.ts';
import type { SystemFacts } from './system-topics.ts';

/** What an examination knows so far, from one step to the next, and whom it has connected. */
export class Examination {
  readonly order: LinkedOrder;
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly log: StepLog;
  readonly startedAt = Date.now();
  /** Null before the files were read, and when they cannot be. */
  ready: ReadyMaterial | null = null;
  /** The client's chain ends below an authority that should have come along. */
  chainShort = false;
  /** Whose connection is examined, and the observer beside it; null = not connected. */
  self: Participant | null = null;
  partner: Participant | null = null;
  system: SystemFacts = { software: null, clock: null };
  /** Of a web server in front of the broker. */
  webClock: Connected['clock'] = null;
  /** The certificate was taken, by a broker that says so. */
  admitted = false;
  refusals: readonly ObservedRefusal[] = [];

  constructor(order: LinkedOrder, timing: Timing, log: StepLog, signal: AbortSignal) {
    this.order = order;
    this.timing = timing;
    this.log = log;
    this.signal = signal;
  }

  /** After the first step there is nothing without it: what cannot be read ends the run. */
  get needed(): ReadyMaterial {
    if (!this.ready) throw new Error('the files come first');
    return this.ready;
  }

  participant(
    identity: ReadyMaterial['identity'],
    { context, authorities }: ReadyMaterial,
    mqtt: MqttOptions | undefined = undefined,
  ): Participant {
    const { order, timing, signal } = this;
    const { host, port, link } = order;
    return new Participant({ host, port, link, mqtt, timing, signal, context, identity, trusted: authorities });
  }

  failure(signals: Signals): DoctorFinding {
    return this.finding(explainFailure(signals), signals);
  }

  finding(failure: ConnectionFailure, { protocolVersion, disconnect }: Signals): DoctorFinding {
    const seen = { protocolVersion, disconnect, chainShort: this.chainShort };
    return failed(failure, fixesOf(failure.cause, this.order), alternativesOf(failure.cause, this.order, seen));
  }

  /** Ends the connections. In a session that goes on nothing is left but what a connection of one's own asks for itself. */
  async leave(): Promise<void> {
    const { self, partner } = this;
    const { connection } = this.order;
    if (connection) await self?.forget(connection.subscriptions.map(({ filter }) => filter));
    this.self = null;
    this.partner = null;
    await Promise.all([self, partner].map((one) => one?.end()));
  }

  wipe(): void {
    const { identity, observer, refusals, access } = this.order;
    identity.key?.fill(0);
    this.ready?.identity.key.fill(0);
    observer?.key.fill(0);
    for (const each of [...refusals, ...(access?.subjects ?? [])]) each.identity?.key.fill(0);
  }
}
