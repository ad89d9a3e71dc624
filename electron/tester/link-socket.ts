import { connect, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { LinkOptions } from '../../shared/model/connect-options.ts';
import { isEncrypted, isWebSocket } from '../../shared/model/own-connection.ts';
import { noteError, type Observed, type OpenTls, openTls } from './tls-socket.ts';
import { openWebSocket, type TellDate } from './websocket.ts';

/** What MQTT is spoken over. */
export interface OpenLink {
  readonly stream: Duplex;
  /** Null in the clear. */
  readonly facts: OpenTls['facts'] | null;
}

/** MQTT over TLS, with everything verified: what the vault's own identities use. */
export const strictLink: LinkOptions = {
  transport: 'mqtts',
  path: '',
  minVersion: 'TLSv1.2',
  serverName: '',
  alpn: [],
  verify: true,
  systemAuthorities: false,
};

interface Options {
  /** Null for a transport in the clear. */
  readonly context: SecureContext | null;
  readonly link: LinkOptions;
  /** ms, see Timing. */
  readonly acceptance: number;
  readonly signal: AbortSignal;
  /** See tls-socket.ts. */
  readonly onPeer?: ((socket: TLSSocket) => void) | undefined;
  /** See websocket.ts. */
  readonly onDate?: TellDate | undefined;
}

/** Opens the way to a broker, layer by layer. Gives null when one of them failed; `observed` then says how. */
export async function openLink(
  observed: Observed,
  { context, link, acceptance, signal, onPeer, onDate }: Options,
): Promise<OpenLink | null> {
  observed.transport = link.transport;
  const { serverName, alpn, verify } = link;
  const open =
    isEncrypted(link.transport) && context
      ? await openTls(observed, { context, acceptance, signal, serverName, alpn, verify, onPeer })
      : await openPlain(observed, signal);
  if (!open) return null;
  if (!isWebSocket(link.transport)) return { stream: open.socket, facts: open.facts };
  const stream = await openWebSocket(observed, open.socket, { path: link.path, signal, onDate });
  return stream && { stream, facts: open.facts };
}

/** TCP and nothing else. */
function openPlain(observed: Observed, signal: AbortSignal): Promise<{ socket: Duplex; facts: null } | null> {
  const { host, port } = observed;
  return new Promise((resolve) => {
    observed.stage = isIP(host) ? 'tcp' : 'lookup';
    const socket = connect({ host, port, noDelay: true });
    const settle = (open: boolean) => {
      signal.removeEventListener('abort', abort);
      socket.removeListener('close', abort);
      if (!open) socket.destroy();
      resolve(open ? { socket, facts: null } : null);
    };
    const abort = () => settle(false);
    signal.addEventListener('abort', abort);
    socket.on('error', (error: NodeJS.ErrnoException) => noteError(observed, error));
    socket.once('close', abort);
    socket.once('lookup', (error: Error | null) => {
      if (!error) observed.stage = 'tcp';
    });
    socket.once('connect', () => settle(true));
  });
}
