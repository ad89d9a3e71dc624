import type { RefusalReason } from './channel.ts';

/** Node's names for what X.509 verification found (X509_V_ERR_*), the same with OpenSSL and BoringSSL. */
const byVerification: Readonly<Record<string, RefusalReason>> = {
  CERT_REVOKED: 'revoked',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  INVALID_PURPOSE: 'purpose',
  CRL_HAS_EXPIRED: 'revocation-list',
  CRL_NOT_YET_VALID: 'revocation-list',
  UNABLE_TO_GET_CRL: 'revocation-list',
  CRL_SIGNATURE_FAILURE: 'revocation-list',
};

/** What ended the handshake itself, by `code`; texts differ between the libraries. */
const byHandshake: Readonly<Record<string, RefusalReason>> = {
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'no-certificate',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tls-version',
  ERR_SSL_VERSION_TOO_LOW: 'tls-version',
  ERR_SSL_HTTP_REQUEST: 'not-tls',
  ERR_SSL_HTTPS_PROXY_REQUEST: 'not-tls',
  ERR_SSL_WRONG_VERSION_NUMBER: 'not-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'not-tls',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'broker-not-trusted',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'broker-not-trusted',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'broker-not-trusted',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'broker-not-trusted',
  ECONNRESET: 'gave-up',
  EPIPE: 'gave-up',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'gave-up',
};

/** Why a handshake did not end in a connection. `verification` is the socket's authorizationError, if it came so far. */
export function refusalReason(verification: string | null, code: string | undefined): RefusalReason {
  if (verification) return byVerification[verification] ?? 'unknown-authority';
  return byHandshake[code ?? ''] ?? 'handshake';
}
