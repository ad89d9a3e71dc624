import type { ConnectionCause, ConnectionFailure } from '../../../shared/model/connection.ts';

/** Where the words of a failure stand in the locales: title, explanation, remedy. */
export type FailureWords = `connection.${ConnectionCause}` | `tester.failureOf.${'oldVault' | 'observerTwice'}`;

/**
 * The words that fit the identity; most causes have one set for all.
 * - Alert 44 for the observer: this vault still uses the certificate, so the list comes from a newer copy of the vault.
 * - Nobody else has the observer's key: its twin is another Fieldkey.
 */
export function failureWords({ cause }: ConnectionFailure, device: boolean): FailureWords {
  if (!device && cause === 'client-certificate-revoked') return 'tester.failureOf.oldVault';
  if (!device && cause === 'taken-over') return 'tester.failureOf.observerTwice';
  return `connection.${cause}`;
}
