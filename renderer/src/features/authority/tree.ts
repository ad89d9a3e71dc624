import type { CallOutput } from '../../../../shared/contract.ts';
import type { CertificateSummary } from '../../../../shared/model/certificate.ts';
import type { AuthorityView, ProjectOverview } from '../../../../shared/model/project.ts';

/** One authority with what it signs besides other authorities. */
export interface Branch {
  readonly authority: AuthorityView;
  /** 0 = root. */
  readonly depth: number;
  readonly signed: readonly { readonly role: 'broker' | 'observer'; readonly certificate: CertificateSummary }[];
  /** Devices hang on the authority that issues for them. */
  readonly issues: boolean;
  /** An authority below this one follows. */
  readonly continues: boolean;
}

/**
 * Authorities after those that signed them, each with its leaves: while a fleet moves, the broker still hangs on the old
 * one. `deviceIssuer`: who issues for devices, the last of the chain while that is not known.
 */
export function treeOf(overview: Pick<ProjectOverview, 'authorities' | 'broker' | 'observer'>, deviceIssuer?: number): Branch[] {
  const order: { readonly authority: AuthorityView; readonly depth: number }[] = [];
  const add = (parentId: number | null, depth: number) => {
    for (const authority of overview.authorities) {
      if (authority.parentId !== parentId) continue;
      order.push({ authority, depth });
      add(authority.authorityId, depth + 1);
    }
  };
  add(null, 0);
  const broker = overview.broker?.certificate;
  const leaves = [
    ...(broker ? [{ role: 'broker' as const, certificate: broker }] : []),
    ...(overview.observer ? [{ role: 'observer' as const, certificate: overview.observer }] : []),
  ];
  const ids = order.map(({ authority }) => authority.authorityId);
  const last = ids.at(-1);
  const homeOf = (id: number | null | undefined) => (id !== undefined && id !== null && ids.includes(id) ? id : last);
  return order.map(({ authority, depth }, index) => ({
    authority,
    depth,
    signed: leaves.filter(({ certificate }) => homeOf(certificate.issuerId) === authority.authorityId),
    issues: homeOf(deviceIssuer) === authority.authorityId,
    continues: (order[index + 1]?.depth ?? 0) > depth,
  }));
}

type AuthorityList = CallOutput<'authority.list'>;

/**
 * The authority whose fleet moves when another one takes over: the topmost of ours above whoever issues for devices. Null when it
 * is on the move already.
 */
export function fleetOf({
  authorities,
  moves,
}: Pick<AuthorityList, 'authorities' | 'moves'>): AuthorityList['authorities'][number] | null {
  let found = authorities.find(({ issuesDevices, state }) => issuesDevices && state === 'active') ?? null;
  for (let above = found; above; ) {
    const parentId: number | null = above.parentId;
    above = authorities.find(({ authorityId, outside }) => authorityId === parentId && !outside) ?? null;
    if (above) found = above;
  }
  return moves.some(({ finishedAt, oldAuthority }) => finishedAt === null && oldAuthority === found?.name) ? null : found;
}
