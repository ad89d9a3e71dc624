import type { CertificateSummary } from '../../../../shared/model/certificate.ts';
import type { AuthorityView, ProjectOverview } from '../../../../shared/model/project.ts';

/** One authority with what it signs besides other authorities. */
export interface Branch {
  readonly authority: AuthorityView;
  /** 0 = root. */
  readonly depth: number;
  readonly signed: readonly { readonly role: 'broker' | 'observer'; readonly certificate: CertificateSummary }[];
  /** Devices hang on the authority that issues now: the last one of the chain. */
  readonly issues: boolean;
}

/** Authorities after those that signed them, each with its leaves. */
export function treeOf(overview: Pick<ProjectOverview, 'authorities' | 'broker' | 'observer'>): Branch[] {
  const branches: Branch[] = [];
  const add = (parentId: number | null, depth: number) => {
    for (const authority of overview.authorities) {
      if (authority.parentId !== parentId) continue;
      branches.push({ authority, depth, signed: [], issues: false });
      add(authority.authorityId, depth + 1);
    }
  };
  add(null, 0);
  const broker = overview.broker?.certificate;
  const leaves = [
    ...(broker ? [{ role: 'broker' as const, certificate: broker }] : []),
    ...(overview.observer ? [{ role: 'observer' as const, certificate: overview.observer }] : []),
  ];
  return branches.map((branch, index) => (index === branches.length - 1 ? { ...branch, signed: leaves, issues: true } : branch));
}
