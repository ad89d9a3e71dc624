import type { DoctorStep } from '../../../shared/model/doctor.ts';
import type { DoctorFinding } from '../../../shared/model/doctor-findings.ts';
import { isEncrypted } from '../../../shared/model/own-connection.ts';
import { explainFailure } from '../explain-failure.ts';
import { capabilitiesOf, capabilityRemarks } from './capabilities.ts';
import type { Connected } from './connect.ts';
import type { Examination } from './examination.ts';
import { fix, remark } from './findings.ts';
import { causeStep } from './fixes.ts';
import type { StepResult } from './steps.ts';
import { systemFacts } from './system-topics.ts';
import { closerCause, tlsEvidence, tlsRemarks } from './tls-step.ts';

/** TLS, admission and CONNACK: one connection, three steps. */
export async function connectSteps(at: Examination): Promise<void> {
  const { log, order } = at;
  const encrypted = isEncrypted(order.link.transport);
  let connected: Connected | null = null;
  let failure: DoctorFinding | null = null;
  let failedAt: DoctorStep = 'connack';
  const connect = async () => {
    const ready = at.needed;
    at.self = at.participant(ready.identity, ready, order.connection?.mqtt);
    connected = await at.self.connect();
    at.webClock = connected.clock;
    if (connected.attempt.session) return;
    const found = explainFailure(connected.attempt.signals);
    const cause = closerCause(found.cause, order, ready, connected.peer);
    failure = at.finding({ ...found, cause }, connected.attempt.signals);
    const step = causeStep(cause);
    failedAt = encrypted ? reached(step) : 'connack';
  };
  const here = (): Connected => {
    if (!connected) throw new Error('not connected');
    return connected;
  };
  await log.run('tls', async () => {
    if (!encrypted) return { skipped: 'no-tls' };
    await connect();
    const { peer, opening } = here();
    const evidence = tlsEvidence(order, at.needed, peer, Date.now());
    const findings = failure && failedAt === 'tls' ? [failure] : tlsRemarks(order, peer, Date.now());
    return { findings, evidence, ...(opening === null ? {} : { milliseconds: opening }) };
  });
  await log.run('admission', () => {
    if (!encrypted) return { skipped: 'no-tls' };
    const sent = at.needed.chain.length > 0;
    if (failure && failedAt === 'admission') return { findings: [failure], evidence: { sent, provenBy: null } };
    const { peer, accepting } = here();
    const provenBy = peer?.protocol === 'TLSv1.3' ? ('connack' as const) : ('handshake' as const);
    // a refusal of MQTT comes from a broker that has taken the certificate
    if (!sent) return withoutCertificate(at, failure === null);
    at.admitted = true;
    return {
      findings: admittedAlthough(at),
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
    if (order.systemTopics === 'self' && at.self) at.system = await systemFacts(at.self);
    const capabilities = { ...capabilitiesOf(connack, protocolVersion), software: at.system.software };
    const mqtt = order.connection?.mqtt;
    const asked = { keepAlive: mqtt?.keepAlive ?? at.timing.keepAlive, sessionExpiry: mqtt?.sessionExpiry ?? 0 };
    return {
      findings: capabilityRemarks(capabilities, asked),
      evidence: { clientId: capabilities.assignedClientId ?? order.identity.clientId, capabilities },
      ...(accepting === null ? {} : { milliseconds: accepting }),
    };
  });
}

/** Nobody asked for a certificate: where a project wants one, that is worth a word. */
function withoutCertificate({ order }: Examination, accepted: boolean): StepResult<'admission'> {
  const wanted = accepted && order.refusals.some(({ test }) => test === 'no-certificate');
  if (!wanted) return { skipped: 'no-certificate' };
  return {
    findings: [remark('no-certificate-asked', 'warning', {}, [fix('export-kit')])],
    evidence: { sent: false, provenBy: null },
  };
}

/** It got in with a certificate that should have been refused. */
function admittedAlthough({ order, needed }: Examination): DoctorFinding[] {
  const [leaf] = needed.chain;
  const { project } = order;
  const kit = project ? [fix('publish-list'), fix('export-kit')] : [];
  if (project?.client && project.client.status !== 'valid') return [remark('let-in-revoked', 'warning', {}, kit)];
  if (leaf && Date.parse(leaf.validTo) <= Date.now())
    return [remark('let-in-expired', 'warning', {}, project ? [fix('compare-log')] : [])];
  return [];
}

/** A step that is over cannot fail any more: what the library left out is told where it is missed. */
function reached(step: DoctorStep): DoctorStep {
  if (step === 'admission' || step === 'connack') return step;
  return step === 'files' ? 'admission' : 'tls';
}
