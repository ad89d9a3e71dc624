import { isIP } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import { certificateFacts } from './certificate-facts.ts';
import type { Signals } from './signals.ts';

/** The fields of Signals that fill up while a connection is made and used. */
export type Observed = { -readonly [K in keyof Signals]: Signals[K] };

/** A socket over which the broker is known, and over which it has accepted us as far as TLS can tell. */
export interface OpenTls {
  readonly socket: TLSSocket;
  readonly facts: { protocol: string; cipher: string; brokerFingerprint: string };
}

export interface TlsSocketOptions {
  readonly context: SecureContext;
  /** ms, see Timing. */
  readonly acceptance: number;
  readonly signal: AbortSignal;
  /** Sent as SNI and looked for in the certificate in place of the host; empty = the host. */
  readonly serverName?: string;
  /** RFC 7301. */
  readonly alpn?: readonly string[];
  /** False: any certificate is taken. */
  readonly verify?: boolean;
  /** The broker has shown its certificate, or the handshake has failed: what it showed can be read now. */
  readonly onPeer?: ((socket: TLSSocket) => void) | undefined;
}

/**
 * Opens a TLS connection to a broker and verifies it fully, unless told otherwise: chain, dates, purpose, name. Gives null
 * when that failed; `observed` then says how.
 */
export function openTls(observed: Observed, options: TlsSocketOptions): Promise<OpenTls | null> {
  const { host, port } = observed;
  const { serverName = '', alpn = [], verify = true } = options;
  return new Promise((resolve) => {
    observed.stage = isIP(host) ? 'tcp' : 'lookup';
    const socket = connect({
      host,
      port,
      secureContext: options.context,
      // RFC 6066 §3: no addresses in SNI. Verified is `host` either way, unless another name was asked for
      ...(serverName !== '' ? { servername: serverName } : isIP(host) ? {} : { servername: host }),
      ...(alpn.length > 0 ? { ALPNProtocols: [...alpn] } : {}),
      rejectUnauthorized: verify,
    });
    let grace: NodeJS.Timeout | undefined;
    let settled = false;
    const settle = (result: OpenTls | null) => {
      if (settled) return;
      settled = true;
      clearTimeout(grace);
      socket.removeListener('close', closed);
      options.signal.removeEventListener('abort', abort);
      if (!result) socket.destroy();
      resolve(result);
    };
    const closed = () => settle(null);
    const abort = () => settle(null);
    const accepted = () => {
      if (!socket.destroyed) settle({ socket, facts: factsOf(socket, observed) });
    };

    options.signal.addEventListener('abort', abort);
    const notePeer = () => {
      const certificate = socket.getPeerCertificate();
      if (certificate?.raw) observed.broker ??= certificateFacts(certificate.raw);
      options.onPeer?.(socket);
    };
    socket.on('error', (error: NodeJS.ErrnoException) => {
      noteError(observed, error);
      // a handshake that the broker ended in the middle: whether it had shown its certificate tells reasons apart
      if (observed.stage === 'tls' && !settled) notePeer();
    });
    socket.once('close', closed);
    socket.once('lookup', (error: Error | null) => {
      if (!error) observed.stage = 'tcp';
    });
    socket.once('connect', () => {
      observed.stage = 'tls';
      socket.setNoDelay(true);
    });
    // before Node's own listener, which destroys the socket when the certificate does not verify
    socket.prependOnceListener('secure', notePeer);
    let ticket = false;
    let secure = false;
    socket.once('session', () => {
      ticket = true;
      // told from inside the TLS library's reading; what is written there gets stuck (Node 24), so it is left first
      if (secure) setImmediate(accepted);
    });
    socket.once('secureConnect', () => {
      secure = true;
      // TLS 1.2 ends with the broker's word, and sends its ticket before
      if (ticket || socket.getProtocol() !== 'TLSv1.3') setImmediate(accepted);
      else grace = setTimeout(accepted, options.acceptance);
    });
  });
}

/** The first error says why; those after it are its consequences. */
export function noteError(observed: Observed, error: NodeJS.ErrnoException): void {
  if (observed.code !== null || observed.text !== '') return;
  observed.code = error.code ?? null;
  observed.text = error.message;
}

function factsOf(socket: TLSSocket, observed: Observed): OpenTls['facts'] {
  return {
    protocol: socket.getProtocol() ?? '',
    // `version` of getCipher is wrong in Electron; the name is right in both
    cipher: socket.getCipher()?.standardName ?? '',
    brokerFingerprint: observed.broker?.fingerprint ?? '',
  };
}
