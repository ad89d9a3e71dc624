import type { CertificateSummary } from '../../../../shared/model/certificate.ts';
import type { AuthorityView } from '../../../../shared/model/project.ts';

export interface Link {
  readonly role: 'root' | 'site' | 'broker';
  readonly name: string;
  readonly certificate: CertificateSummary;
  readonly crl: AuthorityView['crl'];
}

/**
 * The links from the root down: authorities after those that signed them, then the broker. Of several roots, while a fleet moves,
 * only those above the broker: an arrow says who signed what follows it.
 */
export function chainOf(all: readonly AuthorityView[], broker: CertificateSummary | null): Link[] {
  const above = new Set<number>();
  for (let id = broker?.issuerId ?? null; id !== null && !above.has(id); ) {
    const authority = all.find(({ authorityId }) => authorityId === id);
    if (!authority) break;
    above.add(authority.authorityId);
    id = authority.parentId;
  }
  const authorities = above.size === 0 ? all : all.filter(({ authorityId }) => above.has(authorityId));
  const links: Link[] = [];
  const add = (parentId: number | null) => {
    for (const authority of authorities) {
      if (authority.parentId !== parentId) continue;
      links.push({
        role: parentId === null ? 'root' : 'site',
        name: authority.name,
        certificate: authority.certificate,
        crl: authority.crl,
      });
      add(authority.authorityId);
    }
  };
  add(null);
  if (broker) links.push({ role: 'broker', name: broker.commonName, certificate: broker, crl: null });
  return links;
}
