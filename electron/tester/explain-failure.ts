import type { ConnectionCause, ConnectionFailure } from '../../shared/model/connection.ts';
import {
  alertCauses,
  brokerCertificateCauses,
  fileCauses,
  keyMismatchCodes,
  networkCauses,
  reasonCauses,
  versionCodes,
} from './causes.ts';
import type { Signals } from './signals.ts';

/**
 * Says why a connection is not there, from codes, alerts, reason codes and timing alone: texts differ between OpenSSL
 * and BoringSSL and are read for the number of the alert only.
 */
export function explainFailure(signals: Signals): ConnectionFailure {
  const alert = alertNumber(signals.text);
  const reasonCode = signals.connack ?? signals.disconnect;
  const cause = causeOf(signals, alert, reasonCode);
  return { cause, params: paramsOf(cause, signals), raw: rawText(signals), alert, reasonCode };
}

/** For "details": code and text as the library gave them, or the packet that said it. */
function rawText({ code, text, connack, disconnect }: Signals): string {
  if (connack !== null) return `CONNACK ${connack}`;
  if (disconnect !== null) return `DISCONNECT ${disconnect}`;
  return [code, text.trim()].filter((part) => part !== null && part !== '').join(': ');
}

/** The alert that the peer sent, from an error text of OpenSSL or BoringSSL (both end in `SSL alert number N`). */
export function alertNumber(text: string): number | null {
  const found = /alert number (\d+)/.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

function causeOf(s: Signals, alert: number | null, reasonCode: number | null): ConnectionCause {
  if (s.code !== null && keyMismatchCodes.includes(s.code)) return 'key-mismatch';
  if (reasonCode !== null) return reasonCauses[reasonCode] ?? (s.connack === null ? 'closed-by-broker' : 'protocol-error');
  if (alert !== null) return refusedByAlert(alert, s);
  if (s.code !== null && s.code in brokerCertificateCauses) return distrusted(brokerCertificateCauses[s.code] ?? 'unknown', s);
  switch (s.stage) {
    case 'prepare':
      return fileCauses[s.code ?? ''] ?? 'unknown';
    case 'lookup':
    case 'tcp':
      // a firewall that drops packets looks like time running out; a name server that does not answer, too
      if (s.timedOut) return s.stage === 'lookup' ? 'name-server-silent' : 'unreachable';
      return networkCauses[s.code ?? ''] ?? (s.code === 'ECONNRESET' ? 'closed-by-broker' : 'unknown');
    case 'tls':
      return causeDuringTls(s);
    case 'websocket':
      if (s.peer?.speaks === 'tls') return 'tls-port';
      if (s.httpStatus !== null) return 'websocket-refused';
      return s.timedOut ? 'no-answer' : 'closed-by-broker';
    case 'connack':
      if (s.peer?.speaks === 'tls') return 'tls-port';
      if (s.exchange?.unanswered) return 'authentication-unanswered';
      // whoever sends AUTH speaks MQTT; one that was not asked for, or of another method, is against its rules (MQTT 5 §4.12)
      if (s.malformed) return s.exchange ? 'protocol-error' : 'not-mqtt';
      return s.timedOut ? 'no-connack' : 'closed-before-connack';
    case 'connected':
      if (s.malformed) return 'protocol-error';
      if (s.keepAliveTimeout) return 'keep-alive-timeout';
      // made and lost again and again without a word: another program holds the same certificate (brokers.md, takeover)
      return s.quickLosses >= 3 ? 'taken-over' : (networkLoss(s.code) ?? 'closed-by-broker');
  }
}

/**
 * The same alert for different reasons, told apart by what we know of our own side.
 * - 40 before the broker has shown its certificate: no cipher in common. After that, in TLS 1.2: it wanted a certificate, RFC 5246 §7.4.4.
 * - 45 for a certificate that has time left: the broker's revocation list has ended, or its clock is ahead.
 * - 116 although there is a certificate: OpenSSL leaves out one whose kind of key the broker did not offer to check.
 * - 42: our certificate has not begun, or is made in a way that OpenSSL's security level refuses; else the broker's clock is behind.
 */
function refusedByAlert(alert: number, s: Signals): ConnectionCause {
  if (alert === 40 && s.broker === null) return 'no-common-cipher';
  if (alert === 40 && s.client === null) return 'client-certificate-required';
  if (alert === 116 && s.client !== null) return 'key-unsupported';
  if (alert === 45 && s.client !== null && s.client.notAfter > s.now) return 'broker-list-ended';
  if (alert === 42 && s.client !== null && s.client.notBefore > s.now) return 'client-certificate-not-yet-valid';
  if (alert === 42 && s.client !== null && s.client.weak !== '') return 'client-certificate-weak';
  return alertCauses[alert] ?? 'handshake-failure';
}

/** An issuer with the name of our authority that does not verify is another key under the same name. */
function distrusted(cause: ConnectionCause, { broker, authority }: Signals): ConnectionCause {
  const unknown = cause === 'broker-untrusted' || cause === 'broker-other-root';
  const sameName = broker !== null && authority !== null && broker.issuer === authority.commonName;
  return unknown && sameName ? 'broker-authority-recreated' : cause;
}

function causeDuringTls(s: Signals): ConnectionCause {
  if (s.peer?.speaks === 'mqtt') return 'plain-port';
  if (s.peer?.speaks === 'http' || s.peer?.speaks === 'other') return 'not-tls';
  // the peer speaks no TLS at all: its first bytes were no TLS record
  if (s.code === 'ERR_SSL_WRONG_VERSION_NUMBER') return 'not-tls';
  if (s.code !== null && versionCodes.includes(s.code)) return 'protocol-version';
  if (s.timedOut) return 'no-answer';
  const quiet = s.code === null || s.code === 'ECONNRESET' || s.code === 'EPIPE';
  // who has shown a certificate speaks TLS, and hangs up because of us
  if (quiet) return s.broker === null ? 'closed-during-tls' : 'closed-before-connack';
  return s.code.startsWith('ERR_SSL_') || s.code === 'EPROTO' ? 'handshake-failure' : 'unknown';
}

/** Losing the network while connected; the cable is no act of the broker. */
function networkLoss(code: string | null): ConnectionCause | undefined {
  const cause = networkCauses[code ?? ''];
  return cause === 'unreachable' ? cause : undefined;
}

/** What a sentence about the cause needs; listed for each cause in shared/model/connection.ts. */
function paramsOf(cause: ConnectionCause, s: Signals): Record<string, string | number> {
  const place = { host: s.host, port: s.port };
  switch (cause) {
    case 'unreachable':
    case 'no-answer':
    case 'no-connack':
    case 'closed-during-tls':
    case 'closed-before-connack':
    case 'closed-by-broker':
      return { ...place, stage: s.stage };
    case 'not-tls':
    case 'not-mqtt':
      return { ...place, answer: s.peer?.line ?? '' };
    case 'websocket-refused':
      return { ...place, status: s.httpStatus ?? 0, answer: s.peer?.line ?? '' };
    case 'broker-untrusted':
    case 'broker-other-root':
    case 'broker-authority-recreated':
    case 'broker-chain-incomplete':
    case 'broker-self-signed':
      return {
        ...place,
        ...brokerParams(s),
        issuer: s.broker?.issuer ?? '',
        authority: s.authority?.commonName ?? '',
        authorityFingerprint: s.authority?.fingerprint ?? '',
      };
    case 'broker-expired':
    case 'broker-not-yet-valid':
      return { ...place, ...brokerParams(s), now: s.now };
    case 'broker-name-mismatch':
      return { ...place, ...brokerParams(s), names: s.broker?.names ?? '' };
    case 'broker-purpose':
    case 'broker-key-usage':
      return { ...place, ...brokerParams(s) };
    case 'client-certificate-unknown-authority':
    case 'client-certificate-expired':
    case 'client-certificate-not-yet-valid':
    case 'client-certificate-weak':
    case 'broker-list-ended':
    case 'client-certificate-revoked':
    case 'client-certificate-unsupported':
    case 'client-certificate-rejected':
    case 'client-certificate-required':
    case 'key-mismatch':
      return {
        ...place,
        client: s.client?.commonName ?? '',
        issuer: s.client?.issuer ?? '',
        notBefore: s.client?.notBefore ?? 0,
        notAfter: s.client?.notAfter ?? 0,
        now: s.now,
        ...(cause === 'client-certificate-weak' ? { weak: s.client?.weak ?? '' } : {}),
      };
    case 'authentication-unanswered':
      return { ...place, method: s.exchange?.method ?? '', step: s.exchange?.step ?? 0, said: s.exchange?.said ?? '' };
    case 'credentials':
    case 'authentication-method':
    case 'not-authorized':
    case 'banned':
    case 'client-id-rejected':
    case 'taken-over':
      return { ...place, client: s.client?.commonName ?? '' };
    default:
      return place;
  }
}

function brokerParams(s: Signals): Record<string, string | number> {
  return {
    broker: s.broker?.commonName ?? '',
    fingerprint: s.broker?.fingerprint ?? '',
    notBefore: s.broker?.notBefore ?? 0,
    notAfter: s.broker?.notAfter ?? 0,
  };
}
