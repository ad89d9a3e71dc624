import type { DoctorReport, DoctorStepReport } from '../../../shared/model/doctor.ts';
import type { DoctorClocks } from '../../../shared/model/doctor-evidence.ts';
import { certificatesOf, doctorCertificate } from './certificates.ts';
import type { Examination } from './examination.ts';
import { verdictOf } from './steps.ts';

/** Everything that was seen, and what it means. `operator` is for whoever has a vault. */
export function reportOf(at: Examination): DoctorReport {
  const { order, ready, startedAt } = at;
  const { identity, connection, host, port, link, quick, project } = order;
  const clocks = clocksOf(at);
  const leaf = ready?.chain[0] ?? certificatesOf(Buffer.from(identity.certificate ?? []).toString('latin1'))[0];
  const shown = leaf ? doctorCertificate(leaf) : null;
  const steps = at.log.reports.map((step) => completed(step, clocks, at.system.software));
  return {
    version: 1,
    project: project?.name ?? null,
    operator: null,
    startedAt,
    finishedAt: Date.now(),
    place: { host, port, transport: link.transport },
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

/** The broker's clock as far as it is known. It looks at dates when it has refused a certificate for them. */
function clocksOf({ ready, refusals, admitted, system, webClock, startedAt }: Examination): DoctorClocks {
  const [leaf] = ready?.chain ?? [];
  const looks = refusals.some(({ test, seen, alert }) => test === 'expired' && seen === 'refused' && alert === 45);
  const bounded = leaf !== undefined && admitted && looks;
  const clock = system.clock ?? webClock;
  return {
    own: clock?.own ?? startedAt,
    broker: clock?.broker ?? null,
    source: system.clock ? 'sys-topic' : webClock ? 'http-date' : null,
    after: bounded ? Date.parse(leaf.validFrom) : null,
    before: bounded ? Date.parse(leaf.validTo) : null,
  };
}

/** What became known only later belongs to earlier steps as well. */
function completed(step: DoctorStepReport, clocks: DoctorClocks, software: string | null): DoctorStepReport {
  if (step.step === 'tls' && step.evidence) return { ...step, evidence: { ...step.evidence, clocks } };
  if (step.step !== 'connack' || !step.evidence) return step;
  const { capabilities } = step.evidence;
  return { ...step, evidence: { ...step.evidence, capabilities: { ...capabilities, software } } };
}
