import type { ObservedRefusal, ProofCheck } from './proof.ts';

/** What the connection doctor saw in each of its steps. */

/** A certificate as the doctor shows it beside others. */
export interface DoctorCertificate {
  /** CN, or the whole name where there is none. */
  readonly subject: string;
  readonly issuer: string;
  /** Lower-case hexadecimal. */
  readonly serial: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** SHA-256 of the DER. */
  readonly fingerprint: string;
  /** SHA-256 of the public key (SubjectPublicKeyInfo): differs when an authority was made anew under the same name. */
  readonly keyFingerprint: string;
  /** Names and addresses (SAN). */
  readonly names: readonly string[];
  /** Such as `EC P-256`, `RSA 2048`, `Ed25519`. */
  readonly key: string;
  /** Such as `ecdsa-with-SHA256`; the object identifier when it has no name here. */
  readonly signature: string;
  /** Extended key usage: `serverAuth`, `clientAuth` or object identifiers; empty = not restricted. */
  readonly purposes: readonly string[];
  readonly isAuthority: boolean;
  readonly selfSigned: boolean;
}

export interface AddressTried {
  readonly address: string;
  readonly family: 4 | 6;
  readonly milliseconds: number;
  /** Code of the system; null = it answered. */
  readonly error: string | null;
}

/** A message that went out and came back. */
export interface RoundTrip {
  readonly from: string;
  readonly to: string;
  readonly topic: string;
  /** Null = it did not arrive. */
  readonly milliseconds: number | null;
  /** Of the acknowledgement; null where the protocol has none. */
  readonly reasonCode: number | null;
}

/** What the broker says of itself in CONNACK (MQTT 5 §3.2.2.3), with the standard's defaults where it is silent. */
export interface BrokerCapabilities {
  readonly protocolVersion: 4 | 5;
  /** Bytes; null = no limit told. */
  readonly maximumPacketSize: number | null;
  readonly maximumQos: 0 | 1 | 2;
  readonly retained: boolean;
  readonly wildcardSubscriptions: boolean;
  readonly sharedSubscriptions: boolean;
  readonly subscriptionIdentifiers: boolean;
  readonly topicAliasMaximum: number;
  readonly receiveMaximum: number;
  /** Seconds; null = as asked. */
  readonly serverKeepAlive: number | null;
  /** Seconds; null = as asked. */
  readonly sessionExpiry: number | null;
  readonly assignedClientId: string | null;
  /** `$SYS/broker/version`; null = not told, or this identity may not read it. */
  readonly software: string | null;
}

/** What was seen in each step. */
export interface DoctorEvidence {
  readonly files: {
    /** The client's chain, its own certificate first; empty = none. */
    readonly chain: readonly DoctorCertificate[];
    readonly authorities: readonly DoctorCertificate[];
    /** Null = there is no certificate, so no key is needed. */
    readonly keyMatches: boolean | null;
    readonly login: boolean;
  };
  readonly predicted: {
    /** End of the newest revocation list of the project; null = there is none, or no project. */
    readonly nextUpdate: number | null;
    /** The certificate that the project has for its broker. */
    readonly ownBroker: DoctorCertificate | null;
  };
  readonly dns: { readonly addresses: readonly { readonly address: string; readonly family: 4 | 6 }[] };
  readonly tcp: { readonly tried: readonly AddressTried[]; readonly used: string | null };
  readonly tls: {
    readonly protocol: string | null;
    readonly cipher: string | null;
    /** As the broker presented it, its own certificate first. */
    readonly presented: readonly DoctorCertificate[];
    /** What would be right: the project's certificate of the broker where there is one, then whom we trust. */
    readonly expected: readonly DoctorCertificate[];
    /** The name or address that the certificate was checked for, and whether it has it; null = no certificate was seen. */
    readonly name: string;
    readonly nameMatches: boolean | null;
    /** Where the broker presents an authority of the same name and another key than ours. */
    readonly recreated: boolean;
    readonly clocks: DoctorClocks;
  };
  readonly admission: {
    readonly sent: boolean;
    /** What proves it: CONNACK in TLS 1.3, the handshake in TLS 1.2. */
    readonly provenBy: 'connack' | 'handshake' | null;
  };
  readonly connack: { readonly clientId: string; readonly capabilities: BrokerCapabilities };
  readonly subscribe: {
    readonly filters: readonly { readonly who: string; readonly filter: string; readonly reasonCode: number | null }[];
  };
  readonly loopback: {
    readonly trips: readonly RoundTrip[] /** ms that the connection was watched for */;
    readonly held: number;
  };
  readonly access: { readonly checks: readonly ProofCheck[] };
  readonly negative: { readonly refusals: readonly ObservedRefusal[] };
}

/** Both clocks. What is not known is said to be not known. */
export interface DoctorClocks {
  /** This computer's, ms since 1970 UTC, when the broker's was read (or the step ran). */
  readonly own: number;
  readonly broker: number | null;
  readonly source: 'sys-topic' | 'http-date' | null;
  /**
   * Between these the broker's clock has to be, since it accepted a certificate with these dates (only where it is known to look
   * at them: the ended canary was refused); null = not known.
   */
  readonly after: number | null;
  readonly before: number | null;
}
