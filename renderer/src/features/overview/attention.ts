import type { CertificateState, CertificateSummary } from '../../../../shared/model/certificate.ts';
import type { ProjectOverview } from '../../../../shared/model/project.ts';
import { isRefused } from '../../../../shared/rules/certificate-state.ts';

const day = 86_400_000;

/** Before its end a revocation list is first a task, then an emergency: afterwards the broker refuses everyone. */
export const crlWarningDays = 60;
export const crlUrgentDays = 14;

/** One thing that needs somebody. `bad` = something is refused now or will be within days. */
export type Attention =
  | { readonly kind: 'expired' | 'awaiting'; readonly tone: 'bad' | 'wait'; readonly count: number }
  | { readonly kind: 'due'; readonly tone: 'due'; readonly count: number; readonly firstWeek: number | null }
  | { readonly kind: 'crlNone' | 'crlWaiting'; readonly tone: 'bad'; readonly name: string; readonly authorityId: number }
  | { readonly kind: 'backupNever'; readonly tone: 'due' }
  | { readonly kind: 'backupOld'; readonly tone: 'due'; readonly at: number }
  | { readonly kind: 'brokerNone' | 'brokerRevoked'; readonly tone: 'bad' }
  | { readonly kind: 'brokerAwaited'; readonly tone: 'wait' }
  | { readonly kind: 'authorityRevoked'; readonly tone: 'bad'; readonly name: string; readonly authorityId: number }
  | {
      readonly kind: 'authorityDue' | 'authorityOver' | 'crlSoon' | 'crlOver';
      readonly tone: 'due' | 'bad';
      readonly at: number;
      readonly name: string;
      readonly authorityId: number;
    }
  | {
      readonly kind: 'brokerDue' | 'brokerOver' | 'observerOver';
      readonly tone: 'due' | 'bad';
      readonly at: number;
    };

/** Certificates carry their state as main saw it; a window that stays open over night must not. */
function stateNow(certificate: CertificateSummary, now: number): CertificateState {
  if (isRefused(certificate.state)) return certificate.state;
  if (now > certificate.notAfter) return 'expired';
  return now >= certificate.renewFrom ? 'due' : 'valid';
}

function ofBroker(overview: ProjectOverview, now: number): Attention[] {
  if (!overview.broker) return [];
  const certificate = overview.broker.certificate;
  if (!certificate && overview.broker.origin.awaits) return [{ kind: 'brokerAwaited', tone: 'wait' }];
  if (!certificate) return [{ kind: 'brokerNone', tone: 'bad' }];
  const state = stateNow(certificate, now);
  if (isRefused(state)) return [{ kind: 'brokerRevoked', tone: 'bad' }];
  if (state === 'expired') return [{ kind: 'brokerOver', tone: 'bad', at: certificate.notAfter }];
  return state === 'due' ? [{ kind: 'brokerDue', tone: 'due', at: certificate.notAfter }] : [];
}

function ofAuthorities(overview: ProjectOverview, now: number): Attention[] {
  return overview.authorities.flatMap(({ authorityId, name, certificate, crl, outside }): Attention[] => {
    const state = stateNow(certificate, now);
    if (isRefused(state)) return [{ kind: 'authorityRevoked', tone: 'bad', name, authorityId }];
    // its list is pointless once the authority itself is over
    if (state === 'expired') return [{ kind: 'authorityOver', tone: 'bad', at: certificate.notAfter, name, authorityId }];
    const found: Attention[] = [];
    if (state === 'due') found.push({ kind: 'authorityDue', tone: 'due', at: certificate.notAfter, name, authorityId });
    // those above ours publish lists of their own
    if (outside) return found;
    if (crl && crl.pending > 0) found.push({ kind: 'crlWaiting', tone: 'bad', name, authorityId });
    if (!crl) found.push({ kind: 'crlNone', tone: 'bad', name, authorityId });
    else if (now > crl.nextUpdate) found.push({ kind: 'crlOver', tone: 'bad', at: crl.nextUpdate, name, authorityId });
    else if (crl.nextUpdate - now <= crlWarningDays * day) {
      const tone = crl.nextUpdate - now <= crlUrgentDays * day ? 'bad' : 'due';
      found.push({ kind: 'crlSoon', tone, at: crl.nextUpdate, name, authorityId });
    }
    return found;
  });
}

function ofFleet(overview: ProjectOverview): Attention[] {
  const { expired, due, awaiting } = overview.fleet;
  const found: Attention[] = [];
  if (expired > 0) found.push({ kind: 'expired', tone: 'bad', count: expired });
  if (due > 0) {
    const first = overview.expiryWeeks.find((week) => week.count > 0);
    found.push({ kind: 'due', tone: 'due', count: due, firstWeek: first?.weekStart ?? null });
  }
  if (awaiting > 0) found.push({ kind: 'awaiting', tone: 'wait', count: awaiting });
  return found;
}

/** While it is only due it needs nobody: the program renews it when it is used. Over, its key or its authority may be elsewhere. */
function ofObserver({ observer }: ProjectOverview, now: number): Attention[] {
  if (!observer || stateNow(observer, now) !== 'expired') return [];
  return [{ kind: 'observerOver', tone: 'due', at: observer.notAfter }];
}

/** A backup is to be at most so old. A project of today has not been given the time to make one. */
export const backupDays = 30;

function ofBackup({ lastBackup, createdAt }: ProjectOverview, now: number): Attention[] {
  if (lastBackup === null) return now - createdAt > day ? [{ kind: 'backupNever', tone: 'due' }] : [];
  return now - lastBackup > backupDays * day ? [{ kind: 'backupOld', tone: 'due', at: lastBackup }] : [];
}

const urgency = { bad: 0, due: 1, wait: 2 } as const;

/** Everything in a project that needs somebody, the most urgent first. Empty = all is well. */
export function attentionOf(overview: ProjectOverview, now: number): readonly Attention[] {
  const all = [
    ...ofBroker(overview, now),
    ...ofAuthorities(overview, now),
    ...ofFleet(overview),
    ...ofObserver(overview, now),
    ...ofBackup(overview, now),
  ];
  return all.sort((a, b) => urgency[a.tone] - urgency[b.tone]);
}
