import type { ConnectionCause } from '../../shared/model/connection.ts';

/**
 * The tables behind `explainFailure`. Sources: Node's `errors` and `tls` documentation (codes), RFC 8446 §6.2 and
 * RFC 5246 §7.2 (alerts), MQTT 3.1.1 §3.2.2.3 and MQTT 5 §2.4 (reason codes); which peer sends which was tried out with
 * Mosquitto and both TLS libraries (OpenSSL in Node, BoringSSL in Electron).
 */

/** Error codes before TLS begins (getaddrinfo and connect). */
export const networkCauses: Readonly<Record<string, ConnectionCause>> = {
  // name typo, or no DNS
  ENOTFOUND: 'name-not-found',
  // the name server did not answer, or not now
  EAI_AGAIN: 'name-server-silent',
  EAI_FAIL: 'name-not-found',
  EAI_NODATA: 'name-not-found',
  EAI_NONAME: 'name-not-found',
  // nothing listens there
  ECONNREFUSED: 'refused',
  // a firewall, another subnet, no network
  ETIMEDOUT: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
};

/** Our own refusal of the broker's certificate. Node names OpenSSL's and BoringSSL's verification results alike. */
export const brokerCertificateCauses: Readonly<Record<string, ConnectionCause>> = {
  // another CA, a re-created CA of the same name, or a missing intermediate
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'broker-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'broker-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'broker-untrusted',
  // the root came along and is not ours
  SELF_SIGNED_CERT_IN_CHAIN: 'broker-other-root',
  // the same name and key identifier, another key
  CERT_SIGNATURE_FAILURE: 'broker-untrusted',
  INVALID_CA: 'broker-untrusted',
  PATH_LENGTH_EXCEEDED: 'broker-untrusted',
  CERT_UNTRUSTED: 'broker-untrusted',
  CERT_REJECTED: 'broker-untrusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'broker-self-signed',
  CERT_HAS_EXPIRED: 'broker-expired',
  CERT_NOT_YET_VALID: 'broker-not-yet-valid',
  // no subject alternative name for the host; a CN never counts for an address
  ERR_TLS_CERT_ALTNAME_INVALID: 'broker-name-mismatch',
  HOSTNAME_MISMATCH: 'broker-name-mismatch',
  // no serverAuth
  INVALID_PURPOSE: 'broker-purpose',
  // BoringSSL only: keyUsage lacks digitalSignature
  ERR_SSL_KEY_USAGE_BIT_INCORRECT: 'broker-key-usage',
};

/** The other side's refusal, by TLS alert. All of 42–48 are about the certificate that *we* sent. */
export const alertCauses: Readonly<Record<number, ConnectionCause>> = {
  // TLS 1.2: no client certificate, or no common cipher; told apart in explain-failure.ts
  40: 'handshake-failure',
  // Mosquitto: not yet valid (its clock is behind), RSA-1024, SHA-1
  42: 'client-certificate-rejected',
  // lacks clientAuth
  43: 'client-certificate-unsupported',
  44: 'client-certificate-revoked',
  // also when the broker's revocation list has expired: OpenSSL sends the same alert for both
  45: 'client-certificate-expired',
  46: 'client-certificate-rejected',
  47: 'handshake-failure',
  // of another CA, or its chain was not sent
  48: 'client-certificate-unknown-authority',
  49: 'client-certificate-rejected',
  50: 'handshake-failure',
  51: 'handshake-failure',
  70: 'protocol-version',
  // insufficient security: none of the ciphers is good enough for the broker
  71: 'no-common-cipher',
  80: 'handshake-failure',
  // unrecognized name: what SNI asks for is served nowhere there
  112: 'server-name-refused',
  116: 'client-certificate-required',
  120: 'alpn',
};

/** Making a TLS context: key and certificate do not belong together. */
export const keyMismatchCodes: readonly string[] = [
  'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
  'ERR_OSSL_X509_KEY_TYPE_MISMATCH',
  'ERR_OSSL_KEY_VALUES_MISMATCH',
  'ERR_OSSL_KEY_TYPE_MISMATCH',
];

/** Files: the passphrase is missing or wrong, there is no PEM in it, a kind of key that the library does not know. */
export const fileCauses: Readonly<Record<string, ConnectionCause>> = {
  ERR_MISSING_PASSPHRASE: 'passphrase-missing',
  // OpenSSL, when there was nobody whom it could ask
  ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED: 'passphrase-missing',
  ERR_OSSL_BAD_DECRYPT: 'passphrase-wrong',
  ERR_OSSL_EVP_BAD_DECRYPT: 'passphrase-wrong',
  ERR_OSSL_PEM_NO_START_LINE: 'file-unreadable',
  ERR_OSSL_PEM_BAD_BASE64_DECODE: 'file-unreadable',
  ERR_OSSL_UNSUPPORTED: 'file-unreadable',
  ERR_OSSL_ASN1_WRONG_TAG: 'file-unreadable',
  // BoringSSL: secp256k1 and the like; OpenSSL takes them
  ERR_OSSL_EC_UNKNOWN_GROUP: 'key-unsupported',
  ERR_OSSL_X509_PUBLIC_KEY_DECODE_ERROR: 'key-unsupported',
  ERR_CRYPTO_UNSUPPORTED_OPERATION: 'key-unsupported',
  // OpenSSL's security level, before anything is sent
  ERR_SSL_EE_KEY_TOO_SMALL: 'client-certificate-weak',
  ERR_SSL_CA_KEY_TOO_SMALL: 'client-certificate-weak',
  ERR_SSL_CA_MD_TOO_WEAK: 'client-certificate-weak',
};

/** No common version of TLS, as our own library finds it. */
export const versionCodes: readonly string[] = ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'ERR_SSL_NO_PROTOCOLS_AVAILABLE'];

/** CONNACK and DISCONNECT. 1–5 are those of MQTT 3.1.1. */
export const reasonCauses: Readonly<Record<number, ConnectionCause>> = {
  1: 'mqtt-version',
  2: 'client-id-rejected',
  3: 'server-busy',
  4: 'credentials',
  // Mosquitto answers 5 for everything when asked with 3.1.1
  5: 'not-authorized',
  129: 'protocol-error',
  130: 'protocol-error',
  131: 'closed-by-broker',
  132: 'mqtt-version',
  133: 'client-id-rejected',
  134: 'credentials',
  135: 'not-authorized',
  136: 'server-busy',
  137: 'server-busy',
  138: 'banned',
  139: 'shutting-down',
  140: 'authentication-method',
  141: 'keep-alive-timeout',
  142: 'taken-over',
  143: 'protocol-error',
  144: 'protocol-error',
  147: 'quota-exceeded',
  148: 'protocol-error',
  149: 'packet-too-large',
  150: 'rate-limited',
  151: 'quota-exceeded',
  152: 'closed-by-broker',
  156: 'server-moved',
  157: 'server-moved',
  159: 'rate-limited',
  160: 'closed-by-broker',
};
