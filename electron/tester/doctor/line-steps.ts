import type { DoctorFinding } from '../../../shared/model/doctor-findings.ts';
import { isEncrypted } from '../../../shared/model/own-connection.ts';
import { ConnectionGone } from '../mqtt-session.ts';
import { noSignals, type Signals } from '../signals.ts';
import { tlsContext } from '../tls-context.ts';
import type { Examination } from './examination.ts';
import { sendAround, subscribeAll } from './exchange.ts';
import { remark } from './findings.ts';
import { type Participant, whyNot } from './participant.ts';
import type { StepResult } from './steps.ts';
import { systemFacts } from './system-topics.ts';

/** ms that an accepted connection is watched: a twin that comes back takes it within that. */
const watch = 1_500;
/** Connections that are made again to see whether a twin takes them, too; never with a device's certificate. */
const again = 2;

/** Subscribing, and messages there and back, on the accepted connection. */
export async function lineSteps(at: Examination): Promise<void> {
  await at.log.run('subscribe', () => onLine(at, (self) => subscribeAll(self, at.order)));
  await at.log.run('loopback', () => onLine(at, (self) => loopback(at, self)));
}

/** Work on the accepted connection. When it is lost meanwhile, that is what the step failed of. */
async function onLine<S extends 'subscribe' | 'loopback'>(
  at: Examination,
  work: (self: Participant) => Promise<StepResult<S>>,
): Promise<StepResult<S>> {
  const { self } = at;
  if (!self) return { skipped: 'not-possible' };
  try {
    return await work(self);
  } catch (error) {
    if (!(error instanceof ConnectionGone)) throw error;
    return { findings: [await lossOf(at, self)], evidence: null };
  }
}

async function loopback(at: Examination, self: Participant): Promise<StepResult<'loopback'>> {
  const { order, signal } = at;
  const { observer } = order;
  const extra: DoctorFinding[] = [];
  if (observer && order.trips.some(({ from, to }) => from === 'observer' || to === 'observer')) {
    const context = isEncrypted(order.link.transport) ? tlsContext({ ...observer, key: observer.key.slice() }) : null;
    const partner = at.participant(observer, { ...at.needed, context, identity: observer });
    const connected = await partner.connect();
    if (connected.attempt.session) {
      at.partner = partner;
      if (order.systemTopics === 'observer') at.system = await systemFacts(partner);
    } else
      extra.push({
        ...remark('one-identity-only', 'warning', { tested: self.who }),
        raw: `${observer.id}: ${whyNot(connected)}`,
      });
  }
  if (order.trips.length === 0) return { skipped: 'not-possible' };
  const { findings, evidence } = await sendAround(self, at.partner, order);
  const begun = performance.now();
  if (!order.quick && !(await self.hold(watch)) && !signal.aborted) throw new ConnectionGone();
  const known = extra.length > 0 ? findings.filter(({ code }) => code !== 'one-identity-only') : findings;
  return { findings: [...known, ...extra], evidence: { ...evidence, held: order.quick ? 0 : performance.now() - begun } };
}

/** Told by the broker (142), or by a connection that is taken each time it is made: somebody else has the same name. */
async function lossOf(at: Examination, self: Participant): Promise<DoctorFinding> {
  const { order, signal, partner } = at;
  const lost = partner?.lost && !self.lost ? partner.lost : self.lost;
  // a connection that was gone before anything was seen of its end
  const signals: Signals = lost ?? { ...noSignals(order.host, order.port, Date.now()), stage: 'connected' };
  const silent = signals.disconnect === null && signals.code === null && !signals.malformed && !signals.keepAliveTimeout;
  if (!silent || signal.aborted) return at.failure(signals);
  if (order.identity.deviceId !== null) {
    // the real one came back, most likely; it is not pushed out once more to be sure
    return at.failure({ ...signals, quickLosses: 3 });
  }
  let losses = 1;
  for (let i = 0; i < again && !signal.aborted; i++) {
    const connected = await self.connect();
    if (connected.attempt.session && !(await self.hold(watch))) losses++;
  }
  return at.failure({ ...signals, quickLosses: losses >= 3 ? 3 : 0 });
}
