import { X509Certificate } from 'node:crypto';
import type { DoctorEvidence } from '../../../shared/model/doctor-evidence.ts';
import type { DoctorFinding } from '../../../shared/model/doctor-findings.ts';
import { certificateShape } from '../certificate-der.ts';
import { certificatesOf, doctorCertificate, signedBy } from './certificates.ts';
import { fix, remark, renewalOf } from './findings.ts';
import { ownHas } from './fixes.ts';
import type { ReadyMaterial } from './material.ts';
import type { LinkedOrder } from './order.ts';

const day = 86_400_000;
const standardWarnDays = 30;

/**
 * What is going to fail, told before any packet. Nothing here ends the run: the broker has the last word, and that a revoked
 * certificate is refused is worth seeing.
 */
export function predictProblems(
  order: LinkedOrder,
  ready: ReadyMaterial,
  now: number,
): { findings: DoctorFinding[]; evidence: DoctorEvidence['predicted'] } {
  const { project, identity } = order;
  const findings: DoctorFinding[] = [];
  const warnDays = project?.warnDays ?? standardWarnDays;
  const daysTo = (end: number) => Math.ceil((end - now) / day);
  const [leaf] = ready.chain;
  if (leaf) {
    const own = doctorCertificate(leaf);
    const client = own.subject;
    const renew = renewalOf(order, 'renew-device');
    const rekey = renewalOf(order, 'rekey-device');
    const replace = [...renewalOf(order, 'replace-device'), ...(identity.kind === 'device' ? [fix('other-device')] : [])];
    if (own.notAfter <= now) findings.push(remark('client-ended', 'warning', { client, notAfter: own.notAfter }, renew));
    else if (own.notBefore > now)
      findings.push(remark('client-not-begun', 'warning', { client, notBefore: own.notBefore }, renew));
    else if (daysTo(own.notAfter) <= warnDays)
      findings.push(remark('client-ends-soon', 'warning', { client, notAfter: own.notAfter, days: daysTo(own.notAfter) }, renew));
    if (own.purposes.length > 0 && !own.purposes.includes('clientAuth'))
      findings.push(remark('client-purpose', 'warning', { client }, rekey));
    if (certificateShape(leaf.raw)?.weak)
      findings.push(remark('client-weak', 'warning', { client, key: own.key, signature: own.signature }, rekey));
    if (project?.client && project.client.status !== 'valid') {
      const { status, revokedAt } = project.client;
      findings.push(
        remark('client-revoked', 'warning', { client, serial: own.serial, revokedAt, hold: status === 'hold' ? 1 : 0 }, replace),
      );
    }
    const known = [...ready.authorities, ...ready.chain.slice(1), ...certificatesOf(project?.authorities ?? '')];
    const anchored = known.some((authority) => signedBy(leaf, authority));
    if (!anchored && ready.authorities.length > 0)
      findings.push(
        remark('client-other-authority', 'note', {
          client,
          issuer: own.issuer,
          authority: doctorCertificate(ready.authorities[0] as X509Certificate).subject,
        }),
      );
  }
  for (const authority of ready.authorities.map(doctorCertificate))
    if (authority.notAfter <= now)
      findings.push(remark('authority-ended', 'warning', { authority: authority.subject, notAfter: authority.notAfter }));
  const nextUpdate = project?.nextUpdate ?? null;
  if (nextUpdate !== null && nextUpdate <= now)
    findings.push(remark('list-ended', 'warning', { nextUpdate }, [fix('publish-list'), fix('export-kit')]));
  else if (nextUpdate !== null && daysTo(nextUpdate) <= 7)
    findings.push(
      remark('list-ends-soon', 'warning', { nextUpdate, days: daysTo(nextUpdate) }, [fix('publish-list'), fix('export-kit')]),
    );
  const ownBroker = project?.broker ? doctorCertificate(new X509Certificate(project.broker)) : null;
  if (ownBroker && ownBroker.notAfter <= now)
    findings.push(
      remark('own-broker-ended', 'warning', { broker: ownBroker.subject, notAfter: ownBroker.notAfter }, [fix('renew-broker')]),
    );
  const name = order.link.serverName || order.host;
  if (project && ownBroker && !ownHas(project.broker, name))
    findings.push(
      remark('own-broker-lacks-name', 'warning', { host: name, names: ownBroker.names.join(', ') }, [
        fix('reissue-broker', { name }),
      ]),
    );
  const known = project?.knownTime ?? null;
  if (known !== null) findings.push(remark('clock-wrong', 'warning', { now, known }, [fix('set-clock')]));
  return { findings, evidence: { nextUpdate, ownBroker } };
}
