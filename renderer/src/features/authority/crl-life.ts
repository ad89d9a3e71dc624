import type { Lifetime } from '../../ui/life.ts';

const day = 86_400_000;
/** As on the overview, where the warning begins: early enough for a technician to come by. */
const renewalDays = 60;

/** A revocation list seen as something that lives: from its publication to its deadline. Times in ms. */
export function crlLife(crl: { readonly thisUpdate: number; readonly nextUpdate: number }, now: number): Lifetime {
  const renewFrom = Math.max(crl.thisUpdate, crl.nextUpdate - renewalDays * day);
  const state = now > crl.nextUpdate ? 'expired' : now >= renewFrom ? 'due' : 'valid';
  return { state, notBefore: crl.thisUpdate, notAfter: crl.nextUpdate, renewFrom };
}
