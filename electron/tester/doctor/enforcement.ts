import { type DoctorFinding, letIn } from '../../../shared/model/doctor-findings.ts';
import { isEncrypted } from '../../../shared/model/own-connection.ts';
import type { ObservedRefusal } from '../../../shared/model/proof.ts';
import { checksOf, differs } from '../../../shared/rules/proof-judgement.ts';
import type { ProveOrder } from '../channel.ts';
import { proveAccess } from '../prove.ts';
import { tryRefusal, worstOfEach } from '../prove-refusals.ts';
import type { Timing } from '../timing.ts';
import { fix, remark } from './findings.ts';
import type { ReadyMaterial } from './material.ts';
import { type LinkedOrder, promised } from './order.ts';
import type { StepResult } from './steps.ts';

/** What the project promises this identity, compared with what the broker does. Messages are not retained. */
export async function tryAccess(
  order: LinkedOrder,
  ready: ReadyMaterial,
  timing: Timing,
  signal: AbortSignal,
): Promise<StepResult<'access'>> {
  const { access, quick, host, port } = order;
  if (quick) return { skipped: 'not-asked' };
  if (!access) return { skipped: promised(order) ? 'not-possible' : 'no-project' };
  if (!usualWay(order)) return { skipped: 'not-possible' };
  const ca = ready.identity.ca;
  const prove = {
    proofId: '',
    host,
    port,
    ca,
    subjects: access.subjects,
    refusals: [],
    denialDisconnects: access.denialDisconnects,
  };
  const seen = await proveAccess(prove, timing, { onProgress: () => undefined, signal: signal });
  const checks = checksOf(access.expected, seen.topics);
  const wrong = checks.filter(differs).length;
  const untried = checks.filter((check) => check.seen === 'untried').length;
  const raw = seen.connections
    .flatMap(({ who, failure }) => (failure ? [`${who}: ${failure.cause} ${failure.raw}`] : []))
    .join('; ');
  const findings = [
    ...(wrong > 0 ? [remark('access-differs', 'error', { count: wrong, total: checks.length }, [fix('export-kit')])] : []),
    ...(untried > 0 ? [{ ...remark('access-untried', 'warning', { count: untried }), raw }] : []),
  ];
  return { findings, evidence: { checks } };
}

/** Connections that have to fail; none of them uses the identity of a real device. */
export async function tryRefusals(
  order: LinkedOrder,
  ready: ReadyMaterial,
  timing: Timing,
  signal: AbortSignal,
): Promise<StepResult<'negative'>> {
  const { refusals, quick, host, port, link, project } = order;
  if (quick) return { skipped: 'not-asked' };
  if (!isEncrypted(link.transport)) return { skipped: 'no-tls' };
  if (refusals.length === 0 || !usualWay(order)) return { skipped: 'not-possible' };
  const attempts: ProveOrder = {
    proofId: '',
    host,
    port,
    ca: ready.identity.ca,
    subjects: [],
    refusals,
    denialDisconnects: false,
  };
  const all: ObservedRefusal[] = [];
  for (const refusal of refusals) {
    if (signal.aborted) break;
    // whoever it is, the broker is checked against those whom this run trusts
    const identity = refusal.identity && { ...refusal.identity, ca: attempts.ca };
    all.push(await tryRefusal(attempts, { ...refusal, identity }, timing, signal));
  }
  const seen = worstOfEach(all);
  // only a project has promised that these fail
  const weight = project ? 'error' : 'warning';
  const findings = seen.flatMap(({ test, seen: outcome }): DoctorFinding[] => {
    if (outcome === 'accepted')
      return [
        remark(letIn[test], weight, { port: test === 'plain-1883' ? 1883 : port, test }, project ? [fix('export-kit')] : []),
      ];
    return outcome === 'untried' ? [remark('refusal-untried', 'warning', { test })] : [];
  });
  return { findings, evidence: { refusals: seen } };
}

/** Proofs know MQTT over TLS under the broker's own name, verified, and nothing else. */
function usualWay({ link }: LinkedOrder): boolean {
  return link.transport === 'mqtts' && link.serverName === '' && link.verify && link.alpn.length === 0;
}
