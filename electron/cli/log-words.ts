import type { LogFinding, RefusalCause } from '../../shared/model/broker-log.ts';
import { utc } from './output.ts';

const causes: Readonly<Record<RefusalCause, string>> = {
  certificate: 'the certificate was not accepted (revoked, expired, another authority, or the revocation list has expired)',
  'no-certificate': 'no certificate was sent',
  'broker-untrusted': 'the client does not trust the broker',
  'not-tls': 'something else than TLS on the TLS port',
  'tls-version': 'no version or cipher of TLS in common',
  cut: 'the connection ended during the handshake',
  credentials: 'user name or password, or not authorised',
  protocol: 'what came was not valid MQTT',
  full: 'max_connections',
  other: 'unknown',
};

export function causeWords(cause: RefusalCause): string {
  return causes[cause];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** A finding in one sentence, without when it was. */
export function logFindingSentence(finding: LogFinding): string {
  const { kind, count, address = '', client = '', peak = 0, detail = [], cause = 'other' } = finding;
  const guess = finding.guessed ? ` (of ${finding.guessed} the address is a guess)` : '';
  const list = detail.join(', ');
  switch (kind) {
    case 'everyone-refused':
      return `the broker ${finding.ongoing ? 'refuses' : 'refused'} everybody's certificate: ${times(count)}, and let nobody in. Has the revocation list expired? Publish a new one and copy it to the broker`;
    case 'address-failures':
      return `${address}: ${count} failures, up to ${peak} a minute: ${causes[cause]}${guess}`;
    case 'address-refused':
      return `${address}: refused ${times(count)} and not let in since: ${causes[cause]}${guess}`;
    case 'unexpected-address':
      return `${address} is in none of the networks: ${times(count)}${finding.ongoing ? `, and was let in as ${list}` : ''}`;
    case 'same-identity':
      return `${client}: two use the same identity and throw each other out, ${times(count)}, up to ${peak} a minute; from ${list}`;
    case 'spike':
      return `${count} new connections in a minute, usual are ${peak}${detail.length > 0 ? ', after a start of the broker' : ''}`;
    case 'reconnecting':
      return `${client}: connects again and again, up to ${peak} times a minute`;
    case 'probe':
      return `${address}: ${count} connections that said nothing; a port scan or a health check`;
    case 'client-refused':
      return `${client}: refused ${times(count)}: ${causes[cause]}`;
    case 'denied':
      return `${client}: ${count} messages denied by the access list: ${list}`;
    case 'dangerous-name':
      return `a name with + # or /, which is denied everything, ${times(count)}: ${list}`;
    case 'dropped':
      return `${client}: messages for it were dropped; it is too slow, or away for too long`;
    case 'oversize':
      return `${client}: sent packets larger than max_packet_size, ${times(count)}`;
    case 'timeouts':
      return `${client}: fell silent ${times(count)}; a weak network?`;
    case 'max-connections':
      return `${count} connections refused because of max_connections`;
    case 'sockets':
      return `${count} connections refused because the system gives the broker no more files (LimitNOFILE)`;
    case 'crash':
      return `the broker was started ${times(count)} without having ended before`;
    case 'restarts':
      return `the broker was started ${times(count)}`;
    case 'broker-error':
    case 'broker-warning':
      return `${list}${count > 1 ? ` (${times(count)})` : ''}`;
  }
}

/** When it was: `2026-11-22 08:22 UTC`, or from when to when. */
export function whenWords({ first, last }: Pick<LogFinding, 'first' | 'last'>): string {
  if (first === null || last === null) return '';
  return utc(first) === utc(last) ? utc(first) : `${utc(first)} to ${utc(last)}`;
}
