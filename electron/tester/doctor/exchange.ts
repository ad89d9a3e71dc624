import { randomUUID } from 'node:crypto';
import type { DoctorEvidence, RoundTrip } from '../../../shared/model/doctor-evidence.ts';
import type { DoctorFinding } from '../../../shared/model/doctor-findings.ts';
import { proofPayload } from '../prove-subject.ts';
import { fix, remark } from './findings.ts';
import { type LinkedOrder, promised } from './order.ts';
import type { Participant } from './participant.ts';

/** ms that a message may take. */
const delivery = 4_000;
/** ms that are worth a word, on any network of a plant. */
const slow = 2_000;

interface Done<E> {
  readonly findings: DoctorFinding[];
  readonly evidence: E;
}

/** Asks for what this identity is to read. @throws ConnectionGone */
export async function subscribeAll(self: Participant, order: LinkedOrder): Promise<Done<DoctorEvidence['subscribe']>> {
  const filters: { who: string; filter: string; reasonCode: number | null }[] = [];
  const wanted = [...(order.connection?.subscriptions ?? []), ...order.filters.map((filter) => ({ filter, qos: 0 as const }))];
  for (const { filter, qos } of wanted) {
    filters.push({ who: self.who, filter, reasonCode: await self.subscribe(filter, qos) });
    if (filters.at(-1)?.reasonCode === null) break;
  }
  const findings = filters
    .filter(({ reasonCode }) => reasonCode === null || reasonCode >= 128)
    .map(({ filter: topic, reasonCode }) => ({
      // what a project promises has to be given; elsewhere nobody said that this topic is free. Silence is no MQTT at all
      ...remark(
        'subscription-refused',
        reasonCode === null || promised(order) ? 'error' : 'warning',
        { topic, reasonCode: reasonCode ?? 0 },
        kit(order),
      ),
      reasonCode,
    }));
  return { findings, evidence: { filters } };
}

/**
 * Sends each planned message and sees it arrive. `partner` is the observer beside a device; null = the identity is alone. Messages
 * are not retained, and say of themselves that they are none of a meter's. @throws ConnectionGone
 */
export async function sendAround(
  self: Participant,
  partner: Participant | null,
  order: LinkedOrder,
): Promise<Done<DoctorEvidence['loopback']>> {
  const run = randomUUID().slice(0, 8);
  const trips: RoundTrip[] = [];
  const findings: DoctorFinding[] = [];
  // what a project promises has to hold; elsewhere nobody said that this topic is free
  const weight = promised(order) ? 'error' : 'warning';
  for (const [number, { from, to, topic }] of order.trips.entries()) {
    const sender = from === 'self' ? self : partner;
    const receiver = to === 'self' ? self : partner;
    if (!sender || !receiver) continue;
    const asked = await receiver.subscribe(topic);
    const payload = proofPayload(run, number);
    const arrival = receiver.message((packet) => packet.topic === topic && packet.payload.toString() === payload, delivery);
    const begun = performance.now();
    const code = await sender.publish(topic, payload);
    const reasonCode = typeof code === 'number' ? code : null;
    const refused = (reasonCode ?? 0) >= 128 || (asked ?? 0) >= 128;
    const came = refused ? null : await arrival;
    const milliseconds = came === null ? null : performance.now() - begun;
    trips.push({ from: sender.who, to: receiver.who, topic, milliseconds, reasonCode });
    if ((reasonCode ?? 0) >= 128)
      findings.push({ ...remark('publish-refused', weight, { topic, reasonCode: reasonCode ?? 0 }, kit(order)), reasonCode });
    else if ((asked ?? 0) >= 128)
      findings.push({
        ...remark('subscription-refused', weight, { topic, reasonCode: asked ?? 0 }, kit(order)),
        reasonCode: asked,
      });
    else if (milliseconds === null) findings.push(remark('not-delivered', weight, { topic, milliseconds: delivery }, kit(order)));
    else if (milliseconds > slow) findings.push(remark('slow', 'warning', { milliseconds: Math.round(milliseconds) }));
  }
  if (promised(order) && !partner) findings.push(remark('one-identity-only', 'note', { tested: self.who }));
  return { findings, evidence: { trips, held: 0 } };
}

function kit(order: LinkedOrder) {
  return promised(order) ? [fix('export-kit')] : [];
}
