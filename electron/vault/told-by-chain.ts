import type { AuditEntry } from '../../shared/model/audit.ts';

/** What the audit log says that there is: the state that the tables must show when nobody changed them behind our back. */
export class ToldByChain {
  /** Fingerprints, hexadecimal. */
  readonly issued = new Set<string>();
  /** Those among them that are for tests as a device; fingerprint and `project:device`. */
  readonly tests = new Set<string>();
  /** What is not valid, by fingerprint. */
  readonly revoked = new Map<string, 'revoked' | 'hold'>();
  /** State by authority id, and the authorities whose private key was taken out of the vault. */
  readonly authorities = new Map<number, string>();
  readonly offline = new Set<number>();
  /** Authority → revocations that came without their certificates: with an import, or with a list that a broker had. */
  readonly listed = new Map<number, number>();
  /** `authority:number` of every revocation list. */
  readonly crls = new Set<string>();
  /** Role by `project:device`. */
  readonly roles = new Map<string, string>();
  /** Project → name, and its last access rules, broker settings and trust as JSON (absent where the log does not tell). */
  readonly projects = new Map<
    number,
    { name: string; access?: string; exceptions?: string; broker?: string; trust?: string; settings?: string; moves?: string }
  >();
  /** Exports with the number of bundles that they left in their folder, or meant to. */
  readonly exports = new Map<number, number>();
  /** `id:outcome` of every proof on a live broker. */
  readonly proofs = new Set<string>();
  /** Hash of its report by the id of each diagnosis that is kept. */
  readonly diagnoses = new Map<number, string>();
  /** Hash of its text by the id of each message that a project keeps. */
  readonly payloads = new Map<number, string>();
  /** Hash of its definition by the id of each check that a project keeps; and of the report of its last run, by the run's id. */
  readonly checks = new Map<number, string>();
  readonly checkRuns = new Map<number, string>();
  /** State by credential id: of user names and passwords on a broker. */
  readonly credentials = new Map<number, 'current' | 'leaving' | 'ended'>();
  /** Digest by id of the tester's own connections, as they were stored last. */
  readonly connections = new Map<number, string>();
  /** Whose certificate a device uses, by `project:device`; absent = its own. */
  readonly shared = new Map<string, string>();
  /** The set of recovery shares that is in force, hexadecimal; empty = none was made. */
  shares = '';
  /** When the vault was made (ms), and who unlocked it last. */
  createdAt: number | null = null;
  lastOperator = '';
  /** The keychain slots that were added and not removed, hexadecimal. */
  readonly keychains = new Set<string>();
  /** What became of the exports whose beginning was recorded. */
  readonly outcomes = new Map<number, 'begun' | 'finished' | 'failed'>();

  /** Takes the entries in their order. */
  add(entry: AuditEntry): void {
    const { action, projectId, subject } = entry;
    // only where it is told: reading a detail costs more than everything else here
    const told = (name: string) => entry.detail[name];
    const text = (name: string) => {
      const value = told(name);
      return typeof value === 'string' ? value : undefined;
    };
    switch (action) {
      case 'authority.import':
        this.listed.set(Number(told('authority')), Number(told('listed')));
        break;
      case 'certificate.import':
      case 'certificate.issue':
        this.issued.add(text('fingerprint') ?? '');
        if (text('kind') === 'test') this.tests.add(`${text('fingerprint')} ${projectId}:${subject}`);
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
        this.authorities.set(Number(told('authority')), text('state') ?? '');
        break;
      case 'authority.offline':
        if (told('offline') === true) this.offline.add(Number(told('authority')));
        else this.offline.delete(Number(told('authority')));
        break;
      case 'shares.make':
        this.shares = text('set') ?? '';
        break;
      case 'vault.create':
        this.createdAt = entry.at;
        this.lastOperator = entry.operator;
        break;
      case 'vault.unlock':
        this.lastOperator = entry.operator;
        break;
      case 'keychain.add':
        this.keychains.add(text('slot') ?? '');
        break;
      case 'keychain.remove':
        this.keychains.delete(text('slot') ?? '');
        break;
      case 'crl.publish':
        this.crls.add(`${told('authority')}:${told('number')}`);
        break;
      case 'crl.import': {
        const authority = Number(told('authority'));
        this.listed.set(authority, (this.listed.get(authority) ?? 0) + Number(told('listed')));
        if (told('kept') === true) this.crls.add(`${authority}:${told('number')}`);
        break;
      }
      case 'device.add':
      case 'device.change':
        this.roles.set(`${projectId}:${subject}`, text('role') ?? '');
        break;
      case 'project.create':
      case 'project.change': {
        const known = this.projects.get(projectId ?? 0) ?? { name: subject };
        for (const part of ['access', 'exceptions', 'broker', 'trust', 'settings', 'moves'] as const) {
          const value = text(part);
          if (value !== undefined) known[part] = value;
        }
        this.projects.set(projectId ?? 0, known);
        break;
      }
      case 'password.make': {
        const leaving = told('leaving');
        if (typeof leaving === 'number') this.credentials.set(leaving, 'leaving');
        this.credentials.set(Number(told('credential')), 'current');
        break;
      }
      case 'password.end': {
        const current = told('current');
        this.credentials.set(Number(told('credential')), 'ended');
        if (typeof current === 'number') this.credentials.set(current, 'current');
        break;
      }
      case 'connection.add':
      case 'connection.change':
        this.connections.set(Number(told('connection')), text('digest') ?? '');
        break;
      case 'connection.remove':
        this.connections.delete(Number(told('connection')));
        this.diagnoses.delete(Number(told('diagnosis')));
        break;
      case 'certificate.share': {
        const holder = text('holder');
        if (holder === undefined) this.shared.delete(`${projectId}:${subject}`);
        else this.shared.set(`${projectId}:${subject}`, holder);
        break;
      }
      case 'payload.save':
        this.payloads.set(Number(told('payload')), text('hash') ?? '');
        break;
      case 'payload.remove':
        this.payloads.delete(Number(told('payload')));
        break;
      case 'check.save':
        this.checks.set(Number(told('check')), text('hash') ?? '');
        break;
      case 'check.remove':
        this.checks.delete(Number(told('check')));
        break;
      case 'check.finish':
        this.checkRuns.set(Number(told('run')), text('hash') ?? '');
        break;
      case 'proof.finish':
        this.proofs.add(`${told('proof')}:${text('outcome')}`);
        break;
      case 'doctor.finish': {
        // what was broken off is not kept, and before migration 17 nothing was
        const id = told('diagnosis');
        if (typeof id === 'number') this.diagnoses.set(id, text('hash') ?? '');
        break;
      }
      case 'export.write':
        // exports of programs before migration 2 have no row
        {
          const id = told('export');
          if (typeof id !== 'number') break;
          this.exports.set(id, Number(told('bundles')));
          // one that wrote nothing has no beginning, and needs no outcome
          if (this.outcomes.has(id)) this.outcomes.set(id, 'finished');
        }
        break;
      case 'export.begin':
        this.exports.set(Number(told('export')), Number(told('bundles')));
        this.outcomes.set(Number(told('export')), 'begun');
        break;
      case 'export.fail':
        this.outcomes.set(Number(told('export')), 'failed');
        break;
      default:
        break;
    }
  }
}
