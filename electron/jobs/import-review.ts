import type { ImportReview } from '../../shared/model/import.ts';
import { readHash } from '../broker/mosquitto/password-hash.ts';
import type { ImportPlan, PlannedCertificate } from '../import/plan-import.ts';
import { describeKey, keyText, tryDescribeKey } from '../pki/key-description.ts';

/** The order in which people count: meter-2 before meter-10. */
const order = new Intl.Collator('en', { numeric: true });

/** What the plan would do, for people. */
export function reviewOf(plan: ImportPlan): ImportReview {
  return {
    source: plan.imported.source,
    digest: plan.digest,
    project: projectNameFor(plan),
    authorities: plan.authorities.map((authority) => ({
      place: authority.entry.place,
      name: authority.info.commonName,
      key: keyText(describeKey(authority.info.spki)),
      notAfter: authority.info.notAfter.getTime(),
      keyHere: authority.key !== undefined,
      issues: authority === plan.main,
      revoked: authority.revocations.size,
      state: authority.state,
      withdrawn: authority.revoked ? { at: authority.revoked.revokedAt, reason: authority.revoked.reason } : null,
      listEnds: authority.list?.nextUpdate?.getTime() ?? null,
      findings: [...authority.findings],
    })),
    broker: {
      places: plan.broker.certificates.map(({ entry }) => entry.place),
      names: [...plan.broker.names],
      addresses: [...plan.broker.addresses],
      findings: plan.broker.certificates.flatMap(({ findings }) => findings),
    },
    devices: plan.devices
      .toSorted((a, b) => order.compare(a.id, b.id))
      .map(({ id, role, certificates, passwordHash }) => {
        const newest = certificates.at(-1) as PlannedCertificate;
        const key = tryDescribeKey(newest.info.spki);
        return {
          id,
          role,
          places: certificates.map(({ entry }) => entry.place),
          key: key ? keyText(key) : '',
          keyHere: newest.key !== undefined,
          notAfter: newest.info.notAfter.getTime(),
          revoked: newest.revoked !== undefined,
          password: passwordHash !== undefined && readHash(passwordHash) !== undefined,
          findings: [...newest.findings],
        };
      }),
    leftOut: [...plan.leftOut, ...unknownHashes(plan)],
  };
}

/** Hashes that no Mosquitto would take. */
function unknownHashes({ devices, imported }: ImportPlan): ImportReview['leftOut'] {
  const unknown = devices.filter(({ passwordHash }) => passwordHash !== undefined && !readHash(passwordHash));
  return unknown.map(({ id }) => ({
    place: imported.credentials.findLast(({ user }) => user === id)?.place ?? '',
    name: id,
    why: 'password' as const,
  }));
}

function projectNameFor({ main, authorities }: ImportPlan): string {
  const info = (main ?? authorities[0])?.info;
  const text = info?.subject.findLast(({ type }) => type === 'O')?.value ?? info?.commonName ?? '';
  const name = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 40)
    .toLowerCase();
  return name === '' ? 'imported' : name;
}
