import type { AuditEntry } from '../../shared/model/audit.ts';

/** What the audit log says that there is: the state that the tables must show when nobody changed them behind our back. */
export class ToldByChain {
  /** Fingerprints, hexadecimal. */
  readonly issued = new Set<string>();
  /** What is not valid, by fingerprint. */
  readonly revoked = new Map<string, 'revoked' | 'hold'>();
  /** State by authority id, and the authorities whose private key was taken out of the vault. */
  readonly authorities = new Map<number, string>();
  readonly offline = new Set<number>();
  /** Authority → revocations that were imported without their certificates. */
  readonly listed = new Map<number, number>();
  /** `authority:number` of every revocation list. */
  readonly crls = new Set<string>();
  /** Role by `project:device`. */
  readonly roles = new Map<string, string>();
  /** Project → name, and its last access rules, broker settings and trust as JSON (absent where the log does not tell). */
  readonly projects = new Map<
    number,
    { name: string; access?: string; broker?: string; trust?: string; settings?: string; moves?: string }
  >();
  /** Exports with the number of bundles that they left in their folder, or meant to. */
  readonly exports = new Map<number, number>();
  /** The set of recovery shares that is in force, hexadecimal; empty = none was made. */
  shares = '';
  /** What became of the exports whose beginning was recorded. */
  readonly outcomes = new Map<number, 'begun' | 'finished' | 'failed'>();

  /** Takes the entries in their order. */
  add({ action, projectId, subject, detail }: AuditEntry): void {
    const text = (name: string) => (typeof detail[name] === 'string' ? detail[name] : undefined);
    switch (action) {
      case 'authority.import':
        this.listed.set(Number(detail['authority']), Number(detail['listed']));
        break;
      case 'certificate.import':
      case 'certificate.issue':
        this.issued.add(text('fingerprint') ?? '');
        break;
      case 'certificate.revoke':
        this.revoked.set(text('fingerprint') ?? '', 'revoked');
        break;
      case 'certificate.hold':
        this.revoked.set(text('fingerprint') ?? '', 'hold');
        break;
      case 'certificate.release':
        this.revoked.delete(text('fingerprint') ?? '');
        break;
      case 'authority.change':
        this.authorities.set(Number(detail['authority']), text('state') ?? '');
        break;
      case 'authority.offline':
        if (detail['offline'] === true) this.offline.add(Number(detail['authority']));
        else this.offline.delete(Number(detail['authority']));
        break;
      case 'shares.make':
        this.shares = text('set') ?? '';
        break;
      case 'crl.publish':
        this.crls.add(`${detail['authority']}:${detail['number']}`);
        break;
      case 'device.add':
      case 'device.change':
        this.roles.set(`${projectId}:${subject}`, text('role') ?? '');
        break;
      case 'project.create':
      case 'project.change': {
        const known = this.projects.get(projectId ?? 0) ?? { name: subject };
        for (const part of ['access', 'broker', 'trust', 'settings', 'moves'] as const) {
          const value = text(part);
          if (value !== undefined) known[part] = value;
        }
        this.projects.set(projectId ?? 0, known);
        break;
      }
      case 'export.write':
        // exports of programs before migration 2 have no row
        if (typeof detail['export'] === 'number') {
          this.exports.set(detail['export'], Number(detail['bundles']));
          // one that wrote nothing has no beginning, and needs no outcome
          if (this.outcomes.has(detail['export'])) this.outcomes.set(detail['export'], 'finished');
        }
        break;
      case 'export.begin':
        this.exports.set(Number(detail['export']), Number(detail['bundles']));
        this.outcomes.set(Number(detail['export']), 'begun');
        break;
      case 'export.fail':
        this.outcomes.set(Number(detail['export']), 'failed');
        break;
      default:
        break;
    }
  }
}
