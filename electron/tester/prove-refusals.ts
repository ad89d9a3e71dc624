import { createSecureContext, type SecureContext } from 'node:tls';
import type { ConnectionCause } from '../../shared/model/connection.ts';
import type { ObservedRefusal } from '../../shared/model/proof.ts';
import { attemptConnection, speaksOnlyOlder } from './attempt.ts';
import { certificateFacts } from './certificate-facts.ts';
import type { ProveOrder, RefusalOrder } from './channel.ts';
import { explainFailure } from './explain-failure.ts';
import { probePlaintext } from './probe.ts';
import type { Timing } from './timing.ts';
import { tlsContext } from './tls-context.ts';

/** These say nothing about whom the broker lets in: it was not reached, or we did not accept it. */
const inconclusive: readonly ConnectionCause[] = [
  'name-not-found',
  'name-server-silent',
  'refused',
  'unreachable',
  'no-answer',
  'no-connack',
  'plain-port',
  'tls-port',
  'not-tls',
  'not-mqtt',
  'websocket-refused',
  'broker-untrusted',
  'broker-other-root',
  'broker-authority-recreated',
  'broker-chain-incomplete',
  'broker-self-signed',
  'broker-expired',
  'broker-not-yet-valid',
  'broker-name-mismatch',
  'broker-purpose',
  'broker-key-usage',
  'file-unreadable',
  'key-unsupported',
  'key-mismatch',
  'unknown',
];

/** The port of MQTT without TLS (IANA). */
const plainPort = 1883;

/** Of the same test that was tried with several identities, what is worst: one that is let in is enough. */
export function worstOfEach(seen: readonly ObservedRefusal[]): ObservedRefusal[] {
  const order = ['accepted', 'untried', 'refused'] as const;
  const byTest = new Map<ObservedRefusal['test'], ObservedRefusal>();
  for (const each of seen) {
    const known = byTest.get(each.test);
    if (!known || order.indexOf(each.seen) < order.indexOf(known.seen)) byTest.set(each.test, each);
  }
  return [...byTest.values()];
}

/** Tries one connection that must not come about. Whatever it uses is nobody's in the field. */
export async function tryRefusal(
  order: ProveOrder,
  { test, identity, login, files }: RefusalOrder,
  timing: Timing,
  signal: AbortSignal,
): Promise<ObservedRefusal> {
  if (test === 'plain') return inTheClear(test, order.host, order.port, timing);
  if (test === 'plain-1883') return inTheClear(test, order.host, plainPort, timing);
  if (identity === null && test !== 'no-certificate') return { test, seen: 'untried', cause: null, alert: null };
  const context: SecureContext = identity ? tlsContext(identity) : createSecureContext({ ca: order.ca, minVersion: 'TLSv1.2' });
  const client = { order, identity, context, timing, signal };
  if (!files) return { test, ...(await tryAs(client, login)) };
  const now = await tryAs(client, files.now);
  // it has the file of now: one of the others is tried all the same, for it may take any password
  const others = now.seen === 'accepted' ? files.earlier.slice(0, 1) : files.earlier;
  let last: Omit<ObservedRefusal, 'test'> = now;
  for (const earlier of now.seen === 'untried' ? [] : others) {
    if (signal.aborted) break;
    last = await tryAs(client, earlier);
    if (last.seen === 'accepted') return { test, ...last };
  }
  // of a file that is neither that of now nor one that we know, nothing can be said
  return { test, ...last, seen: now.seen === 'accepted' ? last.seen : 'untried' };
}

interface Client {
  readonly order: ProveOrder;
  readonly identity: RefusalOrder['identity'];
  readonly context: SecureContext;
  readonly timing: Timing;
  readonly signal: AbortSignal;
}

async function tryAs(
  { order, identity, context, timing, signal }: Client,
  login: RefusalOrder['login'],
): Promise<Omit<ObservedRefusal, 'test'>> {
  for (const protocolVersion of [5, 4] as const) {
    const attempt = await attemptConnection({
      order: {
        connectionId: '',
        host: order.host,
        port: order.port,
        identity: {
          ...(identity ?? { certificateChain: '', key: new Uint8Array(), ca: order.ca }),
          // nobody's, so that nobody is thrown out where the broker takes it
          id: `fieldkey-proof-${Date.now().toString(36)}`,
          login,
        },
        reconnects: false,
      },
      context,
      facts: { client: identity && certificateFacts(identity.certificateChain), authority: certificateFacts(order.ca) },
      protocolVersion,
      timing,
      onMessage: () => undefined,
      onLost: () => undefined,
      signal,
    });
    if (attempt.session) {
      await attempt.session.end(timing.farewell);
      return { seen: 'accepted', cause: null, alert: null };
    }
    if (protocolVersion === 5 && speaksOnlyOlder(attempt.signals)) continue;
    const { cause, alert } = explainFailure(attempt.signals);
    return { seen: inconclusive.includes(cause) ? 'untried' : 'refused', cause, alert };
  }
  return { seen: 'refused', cause: 'closed-by-broker', alert: null };
}

/** A port that answers an unencrypted CONNECT speaks MQTT in the clear, whomever it lets in. */
async function inTheClear(test: 'plain' | 'plain-1883', host: string, port: number, timing: Timing): Promise<ObservedRefusal> {
  const { speaks } = await probePlaintext(host.replace(/^\[(.*)\]$/, '$1'), port, timing.probe);
  if (speaks === 'mqtt') return { test, seen: 'accepted', cause: null, alert: null };
  // at the broker's own port somebody listens: no answer is no proof
  if (test === 'plain' && speaks === 'unreachable') return { test, seen: 'untried', cause: 'unreachable', alert: null };
  return { test, seen: 'refused', cause: speaks === 'unreachable' ? 'unreachable' : 'closed-by-broker', alert: null };
}
