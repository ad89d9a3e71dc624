import type { LogFinding, LogLimits, LogSeverity, RefusalCause } from '../../../shared/model/broker-log.ts';
import { refusalCauses } from '../../../shared/model/broker-log.ts';
import { networkMatcher } from '../../../shared/rules/network-match.ts';
import type { LogAnalysis } from './analysis.ts';
import type { AddressEntry, ClientEntry } from './entries.ts';
import type { Notice, Notices } from './notices.ts';

/** Of one kind, how many are told. */
const mostOfKind = 100;
/** What is a spike: so many times as many new connections in a minute as usual, and at least so many. */
const spikeFactor = 10;
const spikeLeast = 60;
/** Within a minute: two that throw each other out do it at least this often; one that comes back too often. */
const takeoversAMinute = 3;
const connectsAMinute = 10;
/** Silent connections of one address that are worth a word. */
const probes = 5;
const timeoutsOfOne = 3;

/** What a person should look at, the most serious first; and how many findings there are beyond those that are told. */
export function findingsOf(analysis: LogAnalysis, limits: LogLimits): { findings: LogFinding[]; more: number } {
  const kinds = [
    everyoneRefused(analysis),
    ...ofAddresses(analysis, limits),
    ...ofClients(analysis),
    spikes(analysis),
    ...ofBroker(analysis),
  ];
  const told = kinds.flatMap((found) => found.sort(byWeight).slice(0, mostOfKind));
  const all = kinds.reduce((sum, { length }) => sum + length, 0);
  return { findings: told.sort(byWeight), more: all - told.length };
}

const weight: Readonly<Record<LogSeverity, number>> = { alarm: 0, warning: 1, note: 2 };

function byWeight(a: LogFinding, b: LogFinding): number {
  return weight[a.severity] - weight[b.severity] || b.count - a.count || (b.last ?? 0) - (a.last ?? 0);
}

/** ms or, of a log without times, null. */
export function timeOf(at: number): number | null {
  return Number.isNaN(at) ? null : at;
}

/** The text as people wrote it: the log was read byte by byte, names are UTF-8. */
export function written(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}

function everyoneRefused({ lockout }: LogAnalysis): LogFinding[] {
  return lockout.episodes().map(({ count, first, last, ongoing, after, afterAt, addresses }) => ({
    kind: 'everyone-refused',
    severity: ongoing ? 'alarm' : 'warning',
    cause: 'certificate',
    count,
    first: timeOf(first),
    last: timeOf(last),
    ongoing,
    detail: [after === null || !(first - afterAt < 3_600_000) ? '' : after, ...addresses],
  }));
}

function ofAddresses(analysis: LogAnalysis, { failuresPerMinute, networks }: LogLimits): LogFinding[][] {
  const isExpected = networks.length === 0 ? () => true : networkMatcher(networks);
  const failures: LogFinding[] = [];
  const refused: LogFinding[] = [];
  const unexpected: LogFinding[] = [];
  const probing: LogFinding[] = [];
  for (const entry of analysis.addresses.values()) {
    const address = entry.key;
    const told = { address, first: timeOf(entry.firstRefused), last: timeOf(entry.lastRefused), guessed: entry.guessed };
    const cause = mainCause(entry);
    const most = entry.peak?.most ?? 0;
    if (most > failuresPerMinute)
      failures.push({ ...told, kind: 'address-failures', severity: 'alarm', count: entry.refused, peak: most, cause });
    else if (entry.refusedSince > 0 && cause !== 'cut' && cause !== 'full')
      refused.push({
        ...told,
        kind: 'address-refused',
        severity: 'warning',
        count: entry.refused,
        cause,
        ongoing: true,
        detail: entry.clients.map(written),
      });
    if (entry.silent >= probes && entry.connected === 0)
      probing.push({ ...span(entry), address, kind: 'probe', severity: 'note', count: entry.silent });
    if (!isExpected(address) && entry.connected + entry.refused + entry.silent > 0)
      unexpected.push({
        ...span(entry),
        address,
        kind: 'unexpected-address',
        severity: 'alarm',
        count: entry.connected + entry.refused + entry.silent,
        ongoing: entry.connected > 0,
        detail: entry.clients.map(written),
      });
  }
  return [failures, refused, unexpected, probing];
}

function span(entry: AddressEntry | ClientEntry): { first: number | null; last: number | null } {
  return { first: timeOf(entry.first), last: timeOf(entry.last) };
}

function mainCause(entry: AddressEntry): RefusalCause {
  let best = 0;
  entry.causes.forEach((count, index) => {
    if (count > (entry.causes[best] as number)) best = index;
  });
  return refusalCauses[best] as RefusalCause;
}

function ofClients(analysis: LogAnalysis): LogFinding[][] {
  const same: LogFinding[] = [];
  const coming: LogFinding[] = [];
  const refused: LogFinding[] = [];
  const denied: LogFinding[] = [];
  const dropped: LogFinding[] = [];
  const oversize: LogFinding[] = [];
  const timeouts: LogFinding[] = [];
  for (const entry of analysis.clients.values()) {
    const who = { client: written(entry.key), user: written(entry.user), ...span(entry) };
    const taken = entry.taken?.most ?? 0;
    if (taken >= takeoversAMinute)
      same.push({
        ...who,
        kind: 'same-identity',
        severity: 'alarm',
        count: entry.takeovers,
        peak: taken,
        detail: [...entry.addresses],
      });
    else if ((entry.connects?.most ?? 0) >= connectsAMinute)
      coming.push({ ...who, kind: 'reconnecting', severity: 'warning', count: entry.connected, peak: entry.connects?.most ?? 0 });
    // NaN: it was never let in
    if (entry.refused > 0 && !(entry.lastConnected > entry.lastRefused))
      refused.push({
        ...who,
        kind: 'client-refused',
        severity: 'warning',
        count: entry.refused,
        cause: 'credentials',
        last: timeOf(entry.lastRefused),
      });
    if (entry.denied > 0)
      denied.push({
        ...who,
        kind: 'denied',
        severity: 'warning',
        count: entry.denied,
        first: timeOf(entry.firstDenied),
        last: timeOf(entry.lastDenied),
        detail: entry.topics.map(written),
      });
    if (entry.dropped > 0) dropped.push({ ...who, kind: 'dropped', severity: 'warning', count: entry.dropped });
    if (entry.oversize > 0) oversize.push({ ...who, kind: 'oversize', severity: 'warning', count: entry.oversize });
    if (entry.timeouts >= timeoutsOfOne) timeouts.push({ ...who, kind: 'timeouts', severity: 'note', count: entry.timeouts });
  }
  return [same, coming, refused, denied, dropped, oversize, timeouts];
}

function spikes({ minutes }: LogAnalysis): LogFinding[] {
  const least = Math.max(spikeLeast, minutes.usual() * spikeFactor);
  return minutes
    .busiest()
    .filter(({ count }) => count >= least)
    .map(({ at, count, afterStart }) => ({
      kind: 'spike',
      severity: afterStart ? 'note' : 'alarm',
      count,
      peak: minutes.usual(),
      first: at,
      last: at + 60_000,
      detail: afterStart ? ['start'] : [],
    }));
}

function ofBroker(analysis: LogAnalysis): LogFinding[][] {
  const { full, sockets, crashes, starts, dangerous, errors, warnings } = analysis;
  const one = (notices: Notices, kind: LogFinding['kind'], severity: LogSeverity, least = 1): LogFinding[] =>
    notices.count < least
      ? []
      : [
          {
            kind,
            severity,
            count: notices.count,
            first: timeOf(notices.first),
            last: timeOf(notices.last),
            detail: notices
              .list()
              .map(({ text }) => written(text))
              .filter((text) => text !== '')
              .slice(0, 8),
          },
        ];
  const each = (notices: Notices, kind: LogFinding['kind'], severity: LogSeverity): LogFinding[] =>
    notices.list().map((notice: Notice) => ({
      kind,
      severity,
      count: notice.count,
      first: timeOf(notice.first),
      last: timeOf(notice.last),
      detail: [written(notice.text)],
    }));
  return [
    one(full, 'max-connections', 'alarm'),
    one(sockets, 'sockets', 'alarm'),
    one(crashes, 'crash', 'alarm'),
    one(starts, 'restarts', 'note', 2),
    one(dangerous, 'dangerous-name', 'warning'),
    each(errors, 'broker-error', 'warning'),
    each(warnings, 'broker-warning', 'note'),
  ];
}
