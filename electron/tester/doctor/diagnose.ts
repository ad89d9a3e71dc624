import { isIP } from 'node:net';
import type { MqttOptions } from '../../../shared/model/connect-options.ts';
import type { ConnectionFailure } from '../../../shared/model/connection.ts';
import type { DoctorProgress, DoctorReport, DoctorStep, DoctorStepReport } from '../../../shared/model/doctor.ts';
import type { DoctorClocks } from '../../../shared/model/doctor-evidence.ts';
import type { DoctorFinding } from '../../../shared/model/doctor-findings.ts';
import { isEncrypted } from '../../../shared/model/own-connection.ts';
import type { ObservedRefusal } from '../../../shared/model/proof.ts';
import { explainFailure } from '../explain-failure.ts';
import { ConnectionGone } from '../mqtt-session.ts';
import { noSignals, type Signals } from '../signals.ts';
import type { Timing } from '../timing.ts';
import { tlsContext } from '../tls-context.ts';
import { capabilitiesOf, capabilityRemarks } from './capabilities.ts';
import { certificatesOf, doctorCertificate } from './certificates.ts';
import type { Connected } from './connect.ts';
import { tryAccess, tryRefusals } from './enforcement.ts';
import { sendAround, subscribeAll } from './exchange.ts';
import { failed, fix, remark } from './findings.ts';
import { alternativesOf, causeStep, fixesOf } from './fixes.ts';
import { type ReadyMaterial, readMaterial } from './material.ts';
import { resolveHost, tryAddresses } from './network.ts';
import { type DiagnoseOrder, type LinkedOrder, linked } from './order.ts';
import { Participant, whyNot } from './participant.ts';
import { predictProblems } from './predict.ts';
import { StepLog, type StepResult, verdictOf } from './steps.ts';
import { type SystemFacts, systemFacts } from './system-topics.ts';
import { closerCause, tlsEvidence, tlsRemarks } from './tls-step.ts';

/** ms that an accepted connection is watched: a twin that comes back takes it within that. */
const watch = 1_500;
/** Connections that are made again to see whether a twin takes them, too; never with a device's certificate. */
const again = 2;

export interface DiagnoseControl {
  readonly onProgress: (progress: DoctorProgress) => void;
  /** Aborted = the step at hand ends, nothing more is tried. */
  readonly signal: AbortSignal;
}

/**
 * Looks at every step towards a broker, from the files to the rules that it enforces, and names the one cause of what fails. Never
 * throws for what it finds; every connection is closed and every key wiped when it ends. `operator` is for whoever has a vault.
 */
export async function diagnose(order: DiagnoseOrder, timing: Timing, control: DiagnoseControl): Promise<DoctorReport> {
  return new Examination(order, timing, control).run();
}

class Examination {
  readonly #order: LinkedOrder;
  readonly #timing: Timing;
  readonly #signal: AbortSignal;
  readonly #log: StepLog;
  readonly #startedAt = Date.now();
  readonly #host: string;
  #ready: ReadyMaterial | null = null;
  #self: Participant | null = null;
  #partner: Participant | null = null;
  #chainShort = false;
  #system: SystemFacts = { software: null, clock: null };
  /** The certificate was taken, by a broker that says so. */
  #admitted = false;
  #refusals: readonly ObservedRefusal[] = [];

  constructor(order: DiagnoseOrder, timing: Timing, { onProgress, signal }: DiagnoseControl) {
    this.#order = linked(order);
    this.#host = this.#order.host;
    this.#timing = timing;
    this.#signal = signal;
    this.#log = new StepLog(order.runId, onProgress, signal);
  }

  async run(): Promise<DoctorReport> {
    const log = this.#log;
    const order = this.#order;
    try {
      await log.run('files', () => this.#files());
      await log.run('predicted', () => this.#predicted());
      let addresses: readonly { readonly address: string; readonly family: 4 | 6 }[] = [];
      await log.run('dns', async () => {
        const family = isIP(this.#host);
        if (family !== 0) addresses = [{ address: this.#host, family: family === 6 ? 6 : 4 }];
        if (family !== 0) return { skipped: 'address-given' };
        const found = await resolveHost(this.#host, order.port, this.#timing.connect, this.#signal);
        addresses = found.addresses;
        return { findings: found.failure ? [this.#failure(found.failure)] : [], evidence: { addresses } };
      });
      await log.run('tcp', () => this.#tcp(addresses));
      await this.#connect();
      await log.run('subscribe', () => this.#onLine(async (self) => subscribeAll(self, order)));
      await log.run('loopback', () => this.#onLine((self) => this.#loopback(self)));
      await this.#leave();
      await log.run('access', () => tryAccess(order, this.#needed(), this.#timing, this.#signal));
      await log.run('negative', async () => {
        const done = await tryRefusals(order, this.#needed(), this.#timing, this.#signal);
        if ('evidence' in done) this.#refusals = done.evidence?.refusals ?? [];
        return done;
      });
    } finally {
      await this.#leave();
      this.#wipe();
    }
    return this.#report();
  }

  #files(): StepResult<'files'> {
    const { ready, findings, evidence } = readMaterial(this.#order, isEncrypted(this.#order.link.transport));
    this.#ready = ready;
    this.#chainShort = findings.some(({ code }) => code === 'chain-short');
    return { findings, evidence };
  }

  #predicted(): StepResult<'predicted'> {
    const { findings, evidence } = predictProblems(this.#order, this.#needed(), Date.now());
    const plain = isEncrypted(this.#order.link.transport) ? [] : [remark('unencrypted', 'warning', { port: this.#order.port })];
    return { findings: [...findings, ...plain], evidence };
  }

  async #tcp(addresses: readonly { readonly address: string; readonly family: 4 | 6 }[]): Promise<StepResult<'tcp'>> {
    const place = { host: this.#host, port: this.#order.port };
    const { tried, failure } = await tryAddresses(addresses, place, this.#timing.connect, this.#signal);
    const used = tried.find(({ error }) => error === null)?.address ?? null;
    if (failure) return { findings: [this.#failure(failure)], evidence: { tried, used } };
    const findings = tried.flatMap(({ address, error }) =>
      // one that refuses at once costs no client anything
      error === null ? [] : [remark('address-dead', error === 'ECONNREFUSED' ? 'note' : 'warning', { address, error })],
    );
    return { findings, evidence: { tried, used } };
  }

  /** TLS, admission and CONNACK: one connection, three steps. */
  async #connect(): Promise<void> {
    const log = this.#log;
    const order = this.#order;
    const encrypted = isEncrypted(order.link.transport);
    let connected: Connected | null = null;
    let failure: DoctorFinding | null = null;
    let at: DoctorStep = 'connack';
    const connect = async () => {
      const ready = this.#needed();
      this.#self = this.#participant(ready.identity, ready, order.connection?.mqtt);
      connected = await this.#self.connect();
      if (connected.attempt.session) return;
      const found = explainFailure(connected.attempt.signals);
      const cause = closerCause(found.cause, order, ready, connected.peer);
      failure = this.#finding({ ...found, cause }, connected.attempt.signals);
      const step = causeStep(cause);
      at = encrypted ? reached(step) : 'connack';
    };
    const here = (): Connected => {
      if (!connected) throw new Error('not connected');
      return connected;
    };
    await log.run('tls', async () => {
      if (!encrypted) return { skipped: 'no-tls' };
      await connect();
      const { peer, opening } = here();
      const evidence = tlsEvidence(order, this.#needed(), peer, Date.now());
      const findings = failure && at === 'tls' ? [failure] : tlsRemarks(order, peer, Date.now());
      return { findings, evidence, ...(opening === null ? {} : { milliseconds: opening }) };
    });
    await log.run('admission', () => {
      if (!encrypted) return { skipped: 'no-tls' };
      const sent = this.#needed().chain.length > 0;
      if (failure && at === 'admission') return { findings: [failure], evidence: { sent, provenBy: null } };
      const { peer, accepting } = here();
      const provenBy = peer?.protocol === 'TLSv1.3' ? ('connack' as const) : ('handshake' as const);
      // a refusal of MQTT comes from a broker that has taken the certificate
      if (!sent) return this.#without(failure === null);
      this.#admitted = true;
      return {
        findings: this.#admittedAlthough(),
        evidence: { sent, provenBy },
        milliseconds: provenBy === 'connack' ? (accepting ?? 0) : 0,
      };
    });
    await log.run('connack', async () => {
      if (!encrypted) await connect();
      if (failure) return { findings: [failure], evidence: null };
      const { attempt, protocolVersion, accepting } = here();
      const connack = attempt.session?.connack;
      if (!connack) return { findings: [], evidence: null };
      if (order.systemTopics === 'self' && this.#self) this.#system = await systemFacts(this.#self);
      const capabilities = { ...capabilitiesOf(connack, protocolVersion), software: this.#system.software };
      const clientId = capabilities.assignedClientId ?? order.identity.clientId;
      return {
        findings: capabilityRemarks(capabilities, {
          keepAlive: order.connection?.mqtt.keepAlive ?? this.#timing.keepAlive,
          sessionExpiry: order.connection?.mqtt.sessionExpiry ?? 0,
        }),
        evidence: { clientId, capabilities },
        ...(accepting === null ? {} : { milliseconds: accepting }),
      };
    });
  }

  /** Nobody asked for a certificate: where a project wants one, that is worth a word. */
  #without(accepted: boolean): StepResult<'admission'> {
    const wanted = accepted && this.#order.refusals.some(({ test }) => test === 'no-certificate');
    if (!wanted) return { skipped: 'no-certificate' };
    return {
      findings: [remark('no-certificate-asked', 'warning', {}, [fix('export-kit')])],
      evidence: { sent: false, provenBy: null },
    };
  }

  /** It got in with a certificate that should have been refused. */
  #admittedAlthough(): DoctorFinding[] {
    const [leaf] = this.#needed().chain;
    const { project } = this.#order;
    const kit = project ? [fix('publish-list'), fix('export-kit')] : [];
    if (project?.client && project.client.status !== 'valid') return [remark('let-in-revoked', 'warning', {}, kit)];
    if (leaf && Date.parse(leaf.validTo) <= Date.now())
      return [remark('let-in-expired', 'warning', {}, project ? [fix('compare-log')] : [])];
    return [];
  }

  async #loopback(self: Participant): Promise<StepResult<'loopback'>> {
    const order = this.#order;
    const { observer } = order;
    const extra: DoctorFinding[] = [];
    if (observer && order.trips.some(({ from, to }) => from === 'observer' || to === 'observer')) {
      const context = isEncrypted(order.link.transport) ? tlsContext({ ...observer, key: observer.key.slice() }) : null;
      const partner = this.#participant(observer, { ...this.#needed(), context, identity: observer });
      const connected = await partner.connect();
      if (connected.attempt.session) {
        this.#partner = partner;
        if (order.systemTopics === 'observer') this.#system = await systemFacts(partner);
      } else
        extra.push({
          ...remark('one-identity-only', 'warning', { tested: self.who }),
          raw: `${observer.id}: ${whyNot(connected)}`,
        });
    }
    if (order.trips.length === 0) return { skipped: 'not-possible' };
    const { findings, evidence } = await sendAround(self, this.#partner, order);
    const begun = performance.now();
    if (!order.quick && !(await self.hold(watch)) && !this.#signal.aborted) throw new ConnectionGone();
    const known = extra.length > 0 ? findings.filter(({ code }) => code !== 'one-identity-only') : findings;
    return { findings: [...known, ...extra], evidence: { ...evidence, held: order.quick ? 0 : performance.now() - begun } };
  }

  /** Work on the accepted connection. When it is lost meanwhile, that is what the step failed of. */
  async #onLine<S extends 'subscribe' | 'loopback'>(work: (self: Participant) => Promise<StepResult<S>>): Promise<StepResult<S>> {
    const self = this.#self;
    if (!self) return { skipped: 'not-possible' };
    try {
      return await work(self);
    } catch (error) {
      if (!(error instanceof ConnectionGone)) throw error;
      return { findings: [await this.#lossOf(self)], evidence: null };
    }
  }

  /** Told by the broker (142), or by a connection that is taken each time it is made: somebody else has the same name. */
  async #lossOf(self: Participant): Promise<DoctorFinding> {
    const lost = this.#partner?.lost && !self.lost ? this.#partner.lost : self.lost;
    const signals: Signals = lost ?? { ...explainable(this.#host, this.#order.port) };
    const silent = signals.disconnect === null && signals.code === null && !signals.malformed && !signals.keepAliveTimeout;
    if (!silent || this.#signal.aborted) return this.#failure(signals);
    if (this.#order.identity.deviceId !== null) {
      // the real one came back, most likely; it is not pushed out once more to be sure
      return this.#failure({ ...signals, quickLosses: 3 });
    }
    let losses = 1;
    for (let i = 0; i < again && !this.#signal.aborted; i++) {
      const connected = await self.connect();
      if (connected.attempt.session && !(await self.hold(watch))) losses++;
    }
    return this.#failure({ ...signals, quickLosses: losses >= 3 ? 3 : 0 });
  }

  #participant(
    identity: ReadyMaterial['identity'],
    { context, authorities }: ReadyMaterial,
    mqtt: MqttOptions | undefined = undefined,
  ): Participant {
    const { host, port, link } = this.#order;
    const common = { host, port, timing: this.#timing, signal: this.#signal, context, identity, trusted: authorities };
    return new Participant({ ...common, link, mqtt });
  }

  #failure(signals: Signals): DoctorFinding {
    return this.#finding(explainFailure(signals), signals);
  }

  #finding(failure: ConnectionFailure, { protocolVersion, disconnect }: Signals): DoctorFinding {
    const seen = { protocolVersion, disconnect, chainShort: this.#chainShort };
    return failed(failure, fixesOf(failure.cause, this.#order), alternativesOf(failure.cause, this.#order, seen));
  }

  #needed(): ReadyMaterial {
    if (!this.#ready) throw new Error('the files come first');
    return this.#ready;
  }

  async #leave(): Promise<void> {
    const everybody = [this.#self, this.#partner];
    const { connection } = this.#order;
    if (connection) await this.#self?.forget(connection.subscriptions.map(({ filter }) => filter));
    this.#self = null;
    this.#partner = null;
    await Promise.all(everybody.map((one) => one?.end()));
  }

  #wipe(): void {
    const { identity, observer, refusals, access } = this.#order;
    identity.key?.fill(0);
    this.#ready?.identity.key.fill(0);
    observer?.key.fill(0);
    for (const each of [...refusals, ...(access?.subjects ?? [])]) each.identity?.key.fill(0);
  }

  /** The broker's clock as far as it is known. It looks at dates when it has refused a certificate for them. */
  #clocks(): DoctorClocks {
    const [leaf] = this.#ready?.chain ?? [];
    const looks = this.#refusals.some(({ test, seen, alert }) => test === 'expired' && seen === 'refused' && alert === 45);
    const bounded = leaf !== undefined && this.#admitted && looks;
    const { clock } = this.#system;
    return {
      own: clock?.own ?? this.#startedAt,
      broker: clock?.broker ?? null,
      source: clock ? 'sys-topic' : null,
      after: bounded ? Date.parse(leaf.validFrom) : null,
      before: bounded ? Date.parse(leaf.validTo) : null,
    };
  }

  /** What became known only later belongs to earlier steps as well. */
  #completed(step: DoctorStepReport, clocks: DoctorClocks): DoctorStepReport {
    if (step.step === 'tls' && step.evidence) return { ...step, evidence: { ...step.evidence, clocks } };
    if (step.step !== 'connack' || !step.evidence) return step;
    const { capabilities } = step.evidence;
    return { ...step, evidence: { ...step.evidence, capabilities: { ...capabilities, software: this.#system.software } } };
  }

  #report(): DoctorReport {
    const { identity, connection, port, link, quick, project } = this.#order;
    const clocks = this.#clocks();
    const leaf = this.#ready?.chain[0] ?? certificatesOf(Buffer.from(identity.certificate ?? []).toString('latin1'))[0];
    const shown = leaf ? doctorCertificate(leaf) : null;
    const steps = this.#log.reports.map((step) => this.#completed(step, clocks));
    return {
      version: 1,
      project: project?.name ?? null,
      operator: null,
      startedAt: this.#startedAt,
      finishedAt: Date.now(),
      place: { host: this.#host, port, transport: link.transport },
      identity: {
        kind: identity.kind,
        id: shown?.subject ?? identity.login?.username ?? '',
        deviceId: identity.deviceId,
        connection: connection && { connectionId: connection.connectionId, name: connection.name },
        serial: shown?.serial ?? null,
        fingerprint: shown?.fingerprint ?? null,
      },
      quick,
      clocks,
      steps,
      verdict: verdictOf(steps),
    };
  }
}

/** A step that is over cannot fail any more: what the library left out is told where it is missed. */
function reached(step: DoctorStep): DoctorStep {
  if (step === 'admission' || step === 'connack') return step;
  return step === 'files' ? 'admission' : 'tls';
}

/** A connection that was gone before anything was seen of its end. */
function explainable(host: string, port: number): Signals {
  return { ...noSignals(host, port, Date.now()), stage: 'connected' };
}
