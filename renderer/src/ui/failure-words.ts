import type { ConnectionCause, ConnectionFailure } from '../../../shared/model/connection.ts';

/** Where the words of a failure stand in the locales: title, explanation, remedy. */
export type FailureWords = `connection.${ConnectionCause}` | `tester.failureOf.${'listEnded' | 'oldVault' | 'observerTwice'}`;

/**
 * The words that fit the identity and the dates; most causes have one set for all. `now`: ms since 1970.
 * - Alert 45 is also what a broker sends whose revocation list has ended: a certificate with time left did not expire.
 * - Alert 44 for the observer: this vault still uses the certificate, so the list comes from a newer copy of the vault.
 * - Nobody else has the observer's key: its twin is another Fieldkey.
 */
export function failureWords({ cause, params }: ConnectionFailure, device: boolean, now: number): FailureWords {
  if (cause === 'client-certificate-expired' && Number(params['notAfter'] ?? 0) > now) return 'tester.failureOf.listEnded';
  if (!device && cause === 'client-certificate-revoked') return 'tester.failureOf.oldVault';
  if (!device && cause === 'taken-over') return 'tester.failureOf.observerTwice';
  return `connection.${cause}`;
}
