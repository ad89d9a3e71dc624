import type { SecureContext, TLSSocket } from 'node:tls';
import type { IPublishPacket } from 'mqtt';
import { isEncrypted } from '../../shared/model/own-connection.ts';
import type { ConnectOrder } from './channel.ts';
import { openLink, strictLink } from './link-socket.ts';
import { MqttSession } from './mqtt-session.ts';
import { probePlaintext, probeTls } from './probe.ts';
import type { CertificateFacts } from './signals.ts';
import { noSignals, type Signals } from './signals.ts';
import type { Timing } from './timing.ts';
import type { Observed, OpenTls } from './tls-socket.ts';

export interface AttemptOptions {
  readonly order: ConnectOrder;
  /** Null for a transport in the clear. */
  readonly context: SecureContext | null;
  readonly facts: { readonly client: CertificateFacts | null; readonly authority: CertificateFacts | null };
  readonly protocolVersion: 4 | 5;
  readonly timing: Timing;
  readonly onMessage: (packet: IPublishPacket) => void;
  /** An accepted connection ended. */
  readonly onLost: (signals: Signals) => void;
  /** Aborted = the person does not want it any more. */
  readonly signal: AbortSignal;
  /** What stands below MQTT, for whoever looks closer: the broker's certificate can be read; the way is open. */
  readonly onPeer?: ((socket: TLSSocket) => void) | undefined;
  readonly onOpen?: (() => void) | undefined;
  /** What time the web server in front of a WebSocket says that it is, ms since 1970. */
  readonly onDate?: ((at: number) => void) | undefined;
}

export type Attempt =
  | { readonly session: MqttSession; readonly tls: OpenTls['facts'] | null }
  | { readonly session: null; readonly signals: Signals };

/** One try, from the first packet to CONNACK, within `timing.connect`; after a failed handshake one look at what is there. */
export async function attemptConnection(options: AttemptOptions): Promise<Attempt> {
  const { order, timing } = options;
  const observed: Observed = {
    ...noSignals(order.host, order.port, Date.now()),
    ...options.facts,
    protocolVersion: options.protocolVersion,
  };
  const limit = new AbortController();
  const abort = () => limit.abort();
  options.signal.addEventListener('abort', abort);
  let session: MqttSession | null = null;
  const timer = setTimeout(() => {
    observed.timedOut = true;
    limit.abort();
    session?.destroy();
  }, timing.connect);
  try {
    const link = order.link ?? strictLink;
    const open = await openLink(observed, {
      context: options.context,
      link,
      acceptance: timing.acceptance,
      signal: limit.signal,
      onPeer: options.onPeer,
      onDate: options.onDate,
    });
    if (open) {
      options.onOpen?.();
      let accepted = false;
      session = new MqttSession(open.stream, observed, {
        clientId: order.identity.id,
        login: order.identity.login,
        protocolVersion: options.protocolVersion,
        keepAlive: order.mqtt?.keepAlive ?? timing.keepAlive,
        mqtt: order.mqtt,
        onMessage: options.onMessage,
        onEnd: () => {
          if (accepted) options.onLost(observed);
        },
      });
      const opening = session;
      limit.signal.addEventListener('abort', () => {
        if (!accepted) opening.destroy();
      });
      if (limit.signal.aborted) opening.destroy();
      accepted = await opening.accepted;
      // accepted and closed in one breath: nobody was told that it was lost
      if (accepted && opening.ended) return { session: null, signals: observed };
      if (accepted) return { session: opening, tls: open.facts };
    }
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', abort);
  }
  if (options.signal.aborted) return { session: null, signals: observed };
  if (worthAsking(observed)) observed.peer = await probePlaintext(order.host, order.port, timing.probe);
  else if (silentInTheClear(observed) && (await probeTls(order.host, order.port, timing.probe)))
    observed.peer = { speaks: 'tls', line: '' };
  return { session: null, signals: observed };
}

/** The handshake ended without any of its own words: what is it that listens there? */
function worthAsking(observed: Signals): boolean {
  if (observed.stage !== 'tls' || observed.broker !== null) return false;
  return !/alert number/.test(observed.text);
}

/** In the clear nobody answered in the words that were expected: is it an encrypted port? */
function silentInTheClear({ transport, stage, connack, exchange, peer, httpStatus }: Signals): boolean {
  if (isEncrypted(transport) || connack !== null || exchange !== null || peer !== null || (httpStatus ?? 0) > 0) return false;
  return stage === 'connack' || stage === 'websocket';
}

/** A broker that speaks 3.1.1 only says so (MQTT 5 §3.2.2.2: 0x84, MQTT 3.1.1 §3.2.2.3: 1), or closes without a word (§3.1.2.2). */
export function speaksOnlyOlder(signals: Signals): boolean {
  if (signals.protocolVersion !== 5 || signals.stage !== 'connack' || signals.timedOut) return false;
  // AUTH is of MQTT 5
  if (signals.exchange !== null) return false;
  if (signals.connack !== null) return signals.connack === 132 || signals.connack === 1;
  const silent = signals.code === null || signals.code === 'ECONNRESET' || signals.code === 'EPIPE';
  return silent && signals.peer === null && !/alert number/.test(signals.text);
}
