import type { CertificateSummary } from '../../../../shared/model/certificate.ts';
import type { AuthorityView } from '../../../../shared/model/project.ts';

export interface Link {
  readonly role: 'root' | 'site' | 'broker';
  readonly name: string;
  readonly certificate: CertificateSummary;
  readonly crl: AuthorityView['crl'];
}

/** The links from the root down: authorities after those that signed them, then the broker. */
export function chainOf(authorities: readonly AuthorityView[], broker: CertificateSummary | null): Link[] {
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
