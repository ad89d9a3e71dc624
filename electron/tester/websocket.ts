import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocket } from 'ws';
import { firstLine } from './probe.ts';
import { noteError, type Observed } from './tls-socket.ts';

export type TellDate = (at: number) => void;

/**
 * Speaks WebSocket over an open socket (RFC 6455), with the subprotocol of MQTT (MQTT 5 §6). Gives null when the other side
 * does not; `observed.httpStatus` is what it answered instead, 0 for something that is no HTTP. `onDate` is told the time (ms since
 * 1970) that the other side sends along, where it has a clock (RFC 9110 §6.6.1).
 */
export function openWebSocket(
  observed: Observed,
  socket: Duplex,
  { path, signal, onDate }: { readonly path: string; readonly signal: AbortSignal; readonly onDate?: TellDate | undefined },
): Promise<Duplex | null> {
  observed.stage = 'websocket';
  const host = observed.host.includes(':') ? `[${observed.host}]` : observed.host;
  return new Promise((resolve) => {
    // the way below is open, encrypted or not: for this library it is a plain one
    const client = new WebSocket(`ws://${host}:${observed.port}${path.startsWith('/') ? path : `/${path}`}`, ['mqtt'], {
      createConnection: () => socket as never,
      perMessageDeflate: false,
      followRedirects: false,
    });
    const settle = (stream: Duplex | null) => {
      signal.removeEventListener('abort', abort);
      resolve(stream);
    };
    const abort = () => {
      client.terminate();
      settle(null);
    };
    signal.addEventListener('abort', abort);
    const date = ({ headers }: IncomingMessage) => {
      const at = Date.parse(headers.date ?? '');
      if (!Number.isNaN(at)) onDate?.(at);
    };
    client.once('upgrade', date);
    client.once('unexpected-response', (request, response) => {
      date(response);
      observed.httpStatus = response.statusCode ?? 0;
      request.destroy();
      settle(null);
    });
    client.on('error', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }) => {
      if (client.readyState !== WebSocket.OPEN && observed.httpStatus === null) {
        const { rawPacket } = error;
        // of HTTP's parser: what came is no HTTP
        if (rawPacket) observed.peer = { speaks: rawPacket[0] === 21 ? 'tls' : 'other', line: firstLine(rawPacket) };
        if (rawPacket || error.code === undefined) observed.httpStatus = 0;
      }
      noteError(observed, error);
      settle(null);
    });
    client.once('open', () => settle(createWebSocketStream(client)));
    if (signal.aborted) abort();
  });
}
