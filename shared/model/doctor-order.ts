import type { LinkOptions, MqttOptions } from './connect-options.ts';
import type { DoctorIdentityKind } from './doctor.ts';
import type { VaultSpeaker } from './own-connection.ts';

/** What the doctor is given of an identity and of a project; see electron/tester/doctor. */

export interface PlannedTrip {
  readonly from: 'self' | 'observer';
  readonly to: 'self' | 'observer';
  readonly topic: string;
}

/** What an identity consists of, as it was given: bytes of files, PEM or DER. */
export interface DoctorMaterial {
  readonly kind: DoctorIdentityKind;
  /** Client id. */
  readonly clientId: string;
  readonly deviceId: number | null;
  /** Certificate, then its issuers; or a PKCS#12 file with the key in it. Null = none. */
  readonly certificate: Uint8Array | null;
  readonly key: Uint8Array | null;
  readonly passphrase: string | null;
  /** Whom the broker is checked against; null = the public authorities. */
  readonly authorities: Uint8Array | null;
  readonly login: { readonly username: string; readonly password: string } | null;
}

/** What a connection of one's own says besides place, identity, and the name that the certificate is checked for. */
export interface DoctorConnection {
  readonly connectionId: number;
  readonly name: string;
  /** Whom of the vault it speaks as; null = it brings its own certificate, or none. */
  readonly speaksAs: VaultSpeaker | null;
  readonly link: Omit<LinkOptions, 'transport' | 'serverName'>;
  readonly mqtt: MqttOptions;
  /** Asked for in the step `subscribe`, as the connection itself would. */
  readonly subscriptions: readonly { readonly filter: string; readonly qos: 0 | 1 | 2 }[];
}

/** What a vault knows, to judge by. */
export interface ProjectKnowledge {
  readonly name: string;
  /** The state of the client certificate; null = it is not one of the project. */
  readonly client: { readonly status: 'valid' | 'revoked' | 'hold'; readonly revokedAt: number } | null;
  /** End of the newest revocation list; null = none is published. */
  readonly nextUpdate: number | null;
  /** PEM of the certificate that the project has for its broker; null = none. */
  readonly broker: string | null;
  /** PEM of all authorities of the project, those in between as well. */
  readonly authorities: string;
  /** Names and addresses under which the broker is to be reached, and its port. */
  readonly places: readonly string[];
  readonly port: number;
  readonly warnDays: number;
  /** This computer's clock contradicts the vault's log, which knows of this time (ms); null = it does not. */
  readonly knownTime: number | null;
}
