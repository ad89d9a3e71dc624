import type { AccessException, AccessRule } from './access.ts';
import type { BrokerCertificateSource, BrokerSettings } from './broker.ts';
import type { DeviceRequest } from './device.ts';
import type { KeyAlgorithm } from './key.ts';
import type { ProjectSubject } from './subject.ts';

/** What a project shall look like: a checked plan with every default filled in and every pattern expanded. */
export interface ProvisionPlan {
  readonly project: string;
  readonly subject: ProjectSubject;
  readonly authority: { readonly key: KeyAlgorithm; readonly years: number };
  readonly broker: BrokerSettings;
  /** Where the broker's certificate comes from when the project is made; undefined = `own`. */
  readonly brokerCertificate?: BrokerCertificateSource | undefined;
  readonly devices: readonly DeviceRequest[];
  /** Validity of device certificates in days. */
  readonly deviceDays: number;
  readonly access: readonly AccessRule[];
  /** What single devices may do besides their role, or may not; undefined = the plan says nothing of it. */
  readonly exceptions?: readonly AccessException[] | undefined;
}
