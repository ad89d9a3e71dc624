import type { Role } from './access.ts';
import type { CertificateState } from './certificate.ts';

/** A device as asked for: its id is also CN, MQTT user name and folder name. */
export interface DeviceRequest {
  readonly id: string;
  readonly role: Role;
}

/** One row of the device table. */
export interface DeviceRow {
  readonly deviceId: number;
  readonly id: string;
  readonly role: Role;
  readonly state: CertificateState;
  readonly certificateId: number | null;
  readonly serial: string | null;
  readonly notBefore: number | null;
  readonly notAfter: number | null;
  readonly renewFrom: number | null;
  readonly revokedAt: number | null;
  /** How many other devices work with the same certificate. */
  readonly shared: number;
  /** False in a damaged vault for an entry whose seal is wrong: what it says may not be what was stored. */
  readonly trusted: boolean;
}
