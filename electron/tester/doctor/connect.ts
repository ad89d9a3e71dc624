import type { X509Certificate } from 'node:crypto';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { IPublishPacket } from 'mqtt';
import type { LinkOptions, MqttOptions } from '../../../shared/model/connect-options.ts';
import { type Attempt, attemptConnection, speaksOnlyOlder } from '../attempt.ts';
import { certificateFacts } from '../certificate-facts.ts';
import type { TestCertificate } from '../channel.ts';
import type { Signals } from '../signals.ts';
import type { Timing } from '../timing.ts';
import { madeFor, presentedChain } from './certificates.ts';

/** Whom to connect as, and to whom. */
export interface ConnectPlan {
  readonly host: string;
  readonly port: number;
  readonly link: LinkOptions;
  /** What CONNECT says; absent = the usual. */
  readonly mqtt: MqttOptions | undefined;
  readonly context: SecureContext | null;
  readonly identity: TestCertificate;
  readonly trusted: readonly X509Certificate[];
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly onMessage: (packet: IPublishPacket) => void;
  readonly onLost: (signals: Signals) => void;
}

/** What the broker showed of itself, as far as the handshake came. */
export interface Peer {
  readonly protocol: string | null;
  readonly cipher: string | null;
  readonly chain: readonly X509Certificate[];
  readonly nameMatches: boolean | null;
}

export interface Connected {
  readonly attempt: Attempt;
  readonly protocolVersion: 4 | 5;
  /** Null in the clear, and where no certificate came. */
  readonly peer: Peer | null;
  /** ms from the first packet until the way below MQTT was open, and from there to CONNACK; null = it did not come so far. */
  readonly opening: number | null;
  readonly accepting: number | null;
  /** The clock of the web server in front of a WebSocket, and ours when it was told (ms); null = there is none. */
  readonly clock: { readonly broker: number; readonly own: number } | null;
}

/**
 * Connects with the version that the plan wants, otherwise with MQTT 5, or 3.1.1 where the broker speaks only that; notes what is
 * seen on the way.
 */
export async function connectOnce(plan: ConnectPlan): Promise<Connected> {
  const wanted = plan.mqtt?.protocol ?? 'auto';
  const first = await attempt(plan, wanted === 4 ? 4 : 5);
  if (wanted !== 'auto' || first.attempt.session || !speaksOnlyOlder(first.attempt.signals) || plan.signal.aborted) return first;
  const older = await attempt(plan, 4);
  // when that fails as well, the version was not the reason
  return older.attempt.session ? older : first;
}

async function attempt(plan: ConnectPlan, protocolVersion: 4 | 5): Promise<Connected> {
  const { identity, link, timing, signal, context } = plan;
  let peer: Peer | null = null;
  let openedAt: number | null = null;
  let clock: Connected['clock'] = null;
  const begun = performance.now();
  const made = await attemptConnection({
    order: { connectionId: '', host: plan.host, port: plan.port, identity, reconnects: false, link, mqtt: plan.mqtt },
    context,
    facts: { client: certificateFacts(identity.certificateChain), authority: certificateFacts(identity.ca) },
    protocolVersion,
    timing,
    onMessage: plan.onMessage,
    onLost: plan.onLost,
    signal,
    onPeer: (socket) => {
      // the first look is the best one: after an error little is left
      peer ??= peerOf(socket, plan);
    },
    onDate: (broker) => {
      clock = { broker, own: Date.now() };
    },
    onOpen: () => {
      openedAt = performance.now();
    },
  });
  const now = performance.now();
  const opening = openedAt === null ? null : openedAt - begun;
  return { attempt: made, protocolVersion, peer, opening, accepting: openedAt === null ? null : now - openedAt, clock };
}

function peerOf(socket: TLSSocket, { trusted, link, host }: ConnectPlan): Peer | null {
  const chain = presentedChain(socket, trusted);
  if (chain.length === 0) return null;
  return {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher()?.standardName ?? null,
    chain,
    nameMatches: madeFor(socket, link.serverName || host),
  };
}
