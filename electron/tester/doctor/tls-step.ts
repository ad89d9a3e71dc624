import { X509Certificate } from 'node:crypto';
import type { ConnectionCause } from '../../../shared/model/connection.ts';
import type { DoctorEvidence } from '../../../shared/model/doctor-evidence.ts';
import type { DoctorFinding } from '../../../shared/model/doctor-findings.ts';
import { certificateShape } from '../certificate-der.ts';
import { certificatesOf, doctorCertificate, signedBy } from './certificates.ts';
import type { Peer } from './connect.ts';
import { editConnection, fix, remark } from './findings.ts';
import type { ReadyMaterial } from './material.ts';
import type { LinkedOrder } from './order.ts';

const day = 86_400_000;
const standardWarnDays = 30;

/** Both chains side by side. */
export function tlsEvidence(order: LinkedOrder, ready: ReadyMaterial, peer: Peer | null, now: number): DoctorEvidence['tls'] {
  const own = ownBroker(order);
  return {
    protocol: peer?.protocol ?? null,
    cipher: peer?.cipher ?? null,
    presented: (peer?.chain ?? []).map(doctorCertificate),
    expected: [...(own ? [own] : []), ...ready.authorities].map(doctorCertificate),
    name: order.link.serverName || order.host,
    nameMatches: peer?.nameMatches ?? null,
    recreated: peer !== null && recreated(peer, ready),
    clocks: { own: now, broker: null, source: null, after: null, before: null },
  };
}

/** A certificate in the chain names one of our authorities as its issuer, and was signed by another key. */
function recreated({ chain }: Peer, { authorities }: ReadyMaterial): boolean {
  return chain.some((one) => {
    const named = authorities.filter((authority) => authority.subject === one.issuer);
    return named.length > 0 && !named.some((authority) => signedBy(one, authority));
  });
}

/**
 * Looks closer at a chain that is not trusted: an authority made anew under the same name; a link of ours that is missing; only what
 * is left belongs to somebody else.
 */
export function closerCause(
  cause: ConnectionCause,
  order: LinkedOrder,
  ready: ReadyMaterial,
  peer: Peer | null,
): ConnectionCause {
  const untrusted = cause === 'broker-untrusted' || cause === 'broker-other-root' || cause === 'broker-authority-recreated';
  const last = peer?.chain.at(-1);
  if (!untrusted || !peer || !last) return cause;
  if (recreated(peer, ready)) return 'broker-authority-recreated';
  const links = certificatesOf(order.project?.authorities ?? '').filter((one) => one.subject !== one.issuer);
  if (links.some((link) => signedBy(last, link))) return 'broker-chain-incomplete';
  return cause === 'broker-authority-recreated' ? 'broker-untrusted' : cause;
}

/** What should be looked at although TLS came about. */
export function tlsRemarks(order: LinkedOrder, peer: Peer | null, now: number): DoctorFinding[] {
  const [leaf] = peer?.chain ?? [];
  if (!leaf) return [];
  const findings: DoctorFinding[] = [];
  const broker = doctorCertificate(leaf);
  const days = Math.ceil((broker.notAfter - now) / day);
  const renew = order.project === null ? [] : [fix('renew-broker')];
  if (days <= (order.project?.warnDays ?? standardWarnDays))
    findings.push(remark('broker-ends-soon', 'warning', { broker: broker.subject, notAfter: broker.notAfter, days }, renew));
  const own = ownBroker(order);
  if (own && own.fingerprint256 !== leaf.fingerprint256)
    findings.push(
      remark(
        'broker-other-certificate',
        'warning',
        { fingerprint: broker.fingerprint, own: doctorCertificate(own).fingerprint },
        [fix('export-kit')],
      ),
    );
  if (certificateShape(leaf.raw)?.digitalSignature === false)
    findings.push(remark('broker-key-usage-lax', 'warning', { broker: broker.subject }, renew));
  if (!order.link.verify) findings.push(remark('not-verified', 'warning', {}, editConnection(order)));
  if (order.link.serverName !== '' && order.link.serverName !== order.host)
    findings.push(remark('server-name-overridden', 'warning', { host: order.host, name: order.link.serverName }));
  return findings;
}

function ownBroker({ project }: LinkedOrder): X509Certificate | null {
  return project?.broker ? new X509Certificate(project.broker) : null;
}
