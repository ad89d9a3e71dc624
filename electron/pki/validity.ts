import type { Profile, Span } from './profiles.ts';
import { refuse } from './refusal.ts';

/** Seconds are all that a certificate can say. */
const second = 1000;
const day = 86_400 * second;

/** Devices without a set clock, and brokers in the wrong time zone, are at most a day off. */
export const backdating = day;

/** Takes and gives UTC. 29 February plus a year is 1 March. */
export function addSpan(from: Date, span: Span): Date {
  if ('days' in span) return new Date(from.getTime() + span.days * day);
  const result = new Date(from);
  result.setUTCFullYear(result.getUTCFullYear() + span.years);
  return result;
}

/** Cuts milliseconds off. */
export function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / second) * second);
}

export interface Period {
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The issuer ends earlier than what was asked for, and so does this certificate. */
  readonly capped: boolean;
}

/**
 * When a new certificate is valid.
 *
 * notBefore = max(now − 24 h, issuer.notBefore), for clocks that are wrong. The span counts from `now`, because "one
 * year" means a year of use; the whole period, which is what validators limit, stays within the profile's maximum.
 * Both ends belong to the period (RFC 5280 §4.1.2.5), so it ends one second before the span is over.
 * notAfter never exceeds the issuer's: no validator notices a leaf that outlives its CA, until the CA ends.
 *
 * Takes the issuer's own period, or undefined for a self-signed certificate; `span` is the profile's standard unless
 * given. Throws PROFILE_REFUSED: validity-too-long, validity-too-short, issuer-not-yet-valid, issuer-expired.
 */
export function validityPeriod(
  profile: Profile,
  now: Date,
  issuer: { readonly notBefore: Date; readonly notAfter: Date } | undefined,
  span: Span = profile.validity.standard,
): Period {
  const start = wholeSeconds(now);
  const end = addSpan(start, span);
  // written this way round so that NaN is refused as well
  if (!(end <= addSpan(start, profile.validity.maximum))) refuse('validity-too-long');
  if (!(end >= addSpan(start, profile.validity.minimum))) refuse('validity-too-short');
  if (issuer !== undefined && issuer.notBefore > start) refuse('issuer-not-yet-valid');

  const notBefore = new Date(Math.max(start.getTime() - backdating, issuer?.notBefore.getTime() ?? 0));
  const longest = addSpan(notBefore, profile.validity.maximum);
  const wanted = new Date(Math.min(end.getTime(), longest.getTime()) - second);
  const capped = issuer !== undefined && issuer.notAfter < wanted;
  const notAfter = capped ? issuer.notAfter : wanted;
  if (notAfter <= start) refuse('issuer-expired');
  return { notBefore, notAfter, capped };
}
