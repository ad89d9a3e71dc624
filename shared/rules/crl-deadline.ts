import type { CrlDeadline } from '../model/authority.ts';

const day = 86_400_000;

/** Two warnings before a revocation list ends: 60 and 14 days (x509.md). Takes milliseconds since 1970. */
export function crlDeadline(nextUpdate: number, now: number): CrlDeadline {
  if (nextUpdate <= now) return 'ended';
  if (nextUpdate - now <= 14 * day) return 'urgent';
  return nextUpdate - now <= 60 * day ? 'soon' : 'fine';
}
