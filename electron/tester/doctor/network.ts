import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import type { AddressTried } from '../../../shared/model/doctor-evidence.ts';
import { noSignals, type Signals } from '../signals.ts';

/** One of a name. */
export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

export interface Resolved {
  readonly addresses: readonly Address[];
  /** Null = found. */
  readonly failure: Signals | null;
}

/** All addresses of a name, in the order in which the system would use them. `limit` in milliseconds. */
export async function resolveHost(host: string, port: number, limit: number, signal: AbortSignal): Promise<Resolved> {
  const signals = { ...noSignals(host, port, Date.now()), stage: 'lookup' as const };
  try {
    const found = await within(lookup(host, { all: true, order: 'verbatim' }), limit, signal);
    if (found === null) return { addresses: [], failure: { ...signals, timedOut: true } };
    const addresses = found.map(({ address, family }) => ({ address, family: family === 6 ? (6 as const) : (4 as const) }));
    return { addresses, failure: null };
  } catch (error) {
    const { code = null, message } = error as NodeJS.ErrnoException;
    return { addresses: [], failure: { ...signals, code, text: message } };
  }
}

/** Knocks at every address at once; nothing is sent. `failure` is that of the first one when none answers. */
export async function tryAddresses(
  addresses: readonly Address[],
  place: { readonly host: string; readonly port: number },
  limit: number,
  signal: AbortSignal,
): Promise<{ tried: AddressTried[]; failure: Signals | null }> {
  const tried = await Promise.all(addresses.slice(0, 8).map((each) => knock(each, place.port, limit, signal)));
  if (tried.some(({ error }) => error === null)) return { tried, failure: null };
  const error = tried[0]?.error ?? null;
  const failure = { ...noSignals(place.host, place.port, Date.now()), stage: 'tcp' as const };
  return { tried, failure: error === timedOut ? { ...failure, timedOut: true } : { ...failure, code: error, text: '' } };
}

/** Ours, for an address that lets us wait. */
const timedOut = 'ETIMEDOUT';

function knock({ address, family }: Address, port: number, limit: number, signal: AbortSignal): Promise<AddressTried> {
  const begun = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (error: string | null) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve({ address, family, milliseconds: performance.now() - begun, error });
    };
    const abort = () => end('ECANCELED');
    const timer = setTimeout(() => end(timedOut), limit);
    signal.addEventListener('abort', abort);
    socket.once('connect', () => end(null));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'UNKNOWN'));
  });
}

/** The answer, or null when time is over or nobody wants it any more. */
export function within<T>(answer: Promise<T>, limit: number, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve(null);
    };
    const timer = setTimeout(end, limit);
    signal.addEventListener('abort', end);
    answer.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    });
  });
}
