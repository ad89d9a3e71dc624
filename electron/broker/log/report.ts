import {
  type CauseCounts,
  type LogAddress,
  type LogClient,
  type LogLimits,
  type LogReport,
  refusalCauses,
} from '../../../shared/model/broker-log.ts';
import type { LogAnalysis } from './analysis.ts';
import type { AddressEntry, ClientEntry } from './entries.ts';
import { findingsOf, timeOf, written } from './findings.ts';

/** Rows of a table that are told; those that did most. */
const rows = 10_000;
const bars = 180;

/** What an analysis has found so far, judged by these limits. Changes nothing: it may be asked again and again. */
export function reportOf(
  analysis: LogAnalysis,
  limits: LogLimits,
  source: { readonly files: readonly string[]; readonly bytes: number },
): LogReport {
  const { findings, more } = findingsOf(analysis, limits);
  return {
    files: source.files,
    bytes: source.bytes,
    lines: analysis.lines,
    foreign: analysis.foreign,
    overlong: analysis.overlong,
    from: timeOf(analysis.from),
    to: timeOf(analysis.to),
    zoneUnknown: analysis.hasUnknownZone,
    versions: analysis.versions.map(written),
    debug: analysis.debug,
    totals: { ...analysis.totals, starts: analysis.starts.count },
    causes: causesOf(analysis.causes),
    timeLine: analysis.cells.merged(bars),
    findings,
    moreFindings: more,
    addresses: analysis.addresses.heaviest(rows).map(addressOf),
    moreAddresses: Math.max(0, analysis.addresses.size - rows) + analysis.addresses.forgotten,
    clients: analysis.clients.heaviest(rows).map((entry) => clientOf(entry, analysis.generation)),
    moreClients: Math.max(0, analysis.clients.size - rows) + analysis.clients.forgotten,
  };
}

function causesOf(counts: Uint32Array): CauseCounts {
  return Object.fromEntries(refusalCauses.map((cause, index) => [cause, counts[index] ?? 0]).filter(([, count]) => count !== 0));
}

function addressOf(entry: AddressEntry): LogAddress {
  return {
    address: written(entry.key),
    connected: entry.connected,
    refused: entry.refused,
    guessed: entry.guessed,
    silent: entry.silent,
    causes: causesOf(entry.causes),
    peak: entry.peak?.most ?? 0,
    peakAt: timeOf(entry.peak?.mostAt ?? Number.NaN),
    first: timeOf(entry.first),
    last: timeOf(entry.last),
    lastConnected: timeOf(entry.lastConnected),
    firstRefused: timeOf(entry.firstRefused),
    lastRefused: timeOf(entry.lastRefused),
    clients: entry.clients.map(written),
    moreClients: entry.moreClients,
  };
}

function clientOf(entry: ClientEntry, generation: number): LogClient {
  return {
    client: written(entry.key),
    user: written(entry.user),
    connected: entry.connected,
    takeovers: entry.takeovers,
    refused: entry.refused,
    denied: entry.denied,
    dropped: entry.dropped,
    timeouts: entry.timeouts,
    oversize: entry.oversize,
    connectPeak: entry.connects?.most ?? 0,
    takeoverPeak: entry.taken?.most ?? 0,
    takeoverPeakAt: timeOf(entry.taken?.mostAt ?? Number.NaN),
    first: timeOf(entry.first),
    last: timeOf(entry.last),
    level: entry.level,
    online: entry.onlineSince === generation,
    addresses: entry.addresses.map(written),
    topics: entry.topics.map(written),
  };
}
