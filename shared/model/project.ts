import type { AccessException, AccessRule } from './access.ts';
import type { BrokerCertificateSource, BrokerSettings } from './broker.ts';
import type { CertificateState, CertificateSummary } from './certificate.ts';
import type { ProjectSubject } from './subject.ts';

export interface ProjectSummary {
  readonly projectId: number;
  readonly name: string;
  readonly createdAt: number;
  readonly devices: number;
}

/** Number of devices in each state. */
export type FleetByState = Readonly<Record<CertificateState, number>>;

/** One issuing CA with its chain position and the revocation list that is in force. */
export interface AuthorityView {
  readonly authorityId: number;
  readonly name: string;
  readonly parentId: number | null;
  /** Of somebody else, above ours. */
  readonly outside: boolean;
  readonly certificate: CertificateSummary;
  readonly crl: {
    readonly number: number;
    readonly thisUpdate: number;
    readonly nextUpdate: number;
    readonly entries: number;
    /** Certificates that the list does not tell the truth about yet. */
    readonly pending: number;
  } | null;
}

export interface ProjectOverview extends ProjectSummary {
  readonly subject: ProjectSubject;
  readonly fleet: FleetByState;
  readonly authorities: readonly AuthorityView[];
  readonly broker:
    | (BrokerSettings & {
        readonly certificate: CertificateSummary | null;
        /** `awaits`: there is no certificate yet, and whoever runs the broker still has to send a request or a certificate. */
        readonly origin: { readonly awaits: Exclude<BrokerCertificateSource, 'own'> | null };
      })
    | null;
  readonly access: readonly AccessRule[];
  readonly exceptions: readonly AccessException[];
  /** Devices in use by role. */
  readonly roleCounts: Readonly<Record<string, number>>;
  readonly observer: CertificateSummary | null;
  /** When the last backup of the vault was written; null = never. */
  readonly lastBackup: number | null;
  /** How many days before its end a certificate counts as due. */
  readonly warnDays: number;
  /** Device certificates by the week in which they end, from this week on: start of week (ms, Monday UTC) and count. */
  readonly expiryWeeks: readonly { readonly weekStart: number; readonly count: number }[];
}
