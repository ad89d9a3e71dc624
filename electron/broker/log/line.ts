import type { RefusalCause } from '../../../shared/model/broker-log.ts';

/** How a connection ended. */
export type Ending =
  | 'goodbye'
  | 'closed'
  | 'timeout'
  | 'takeover'
  | 'oversize'
  | 'credentials'
  | 'protocol'
  | 'administrative'
  | 'other';

/**
 * What one line says. Names are as they stand in the log, bytes as Latin-1: they are pieces of a large text, so whoever keeps
 * one makes a copy.
 */
export type LogEvent =
  | { readonly kind: 'start' | 'running' | 'stop'; readonly version: string }
  | { readonly kind: 'reload' | 'sockets' }
  | { readonly kind: 'opened'; readonly address: string; readonly port: number; readonly listener: number }
  | {
      readonly kind: 'connected';
      readonly address: string;
      readonly port: number;
      readonly client: string;
      readonly user: string;
      readonly level: number;
      readonly keepAlive: number;
      readonly bridge: boolean;
    }
  /** `client` null: it ended before it said who it is. 2.1 says where it came from, 2.0 does not (port 0). */
  | {
      readonly kind: 'ended';
      readonly client: string | null;
      readonly address: string | null;
      readonly port: number;
      readonly how: Ending;
    }
  | { readonly kind: 'takeover'; readonly client: string }
  /** What the TLS library said; the connection that it was about ends in one of the next lines. */
  | { readonly kind: 'tls'; readonly cause: RefusalCause }
  | { readonly kind: 'failed'; readonly address: string; readonly cause: RefusalCause }
  | { readonly kind: 'refusing'; readonly to: string; readonly code: number }
  | { readonly kind: 'denied'; readonly client: string; readonly topic: string; readonly incoming: boolean }
  | { readonly kind: 'dangerous'; readonly name: string }
  | { readonly kind: 'dropped'; readonly client: string }
  | { readonly kind: 'debug' }
  | { readonly kind: 'error' | 'warning'; readonly text: string };

/** What the log line of `text` from `from` to `to` says (time and prefixes are cut off already); null = nothing that counts. */
export function parseMessage(text: string, from: number, to: number): LogEvent | null {
  switch (text.charCodeAt(from)) {
    case 78: // N
      if (text.startsWith('New connection from ', from)) return opened(text.slice(from + 20, to));
      if (text.startsWith('New client connected from ', from)) return connected(text.slice(from + 26, to), false);
      if (text.startsWith('New bridge connected from ', from)) return connected(text.slice(from + 26, to), true);
      if (text.startsWith('No will message specified', from)) return debugLine;
      return null;
    case 67: // C
      if (text.startsWith('Client ', from)) return ofClient(text.slice(from + 7, to));
      if (text.startsWith('Connection from ', from)) return rejected(text.slice(from + 16, to));
      return null;
    case 79: // O
      if (text.startsWith('OpenSSL Error', from)) return tls(text.slice(from + 13, to));
      if (text.startsWith('Outgoing messages are being dropped for client ', from))
        return { kind: 'dropped', client: withoutDot(text.slice(from + 47, to)) };
      return null;
    case 68: // D
      return denied(text, from, to);
    case 83: // S
      return text.startsWith('Sending CONNACK to ', from) ? refusing(text.slice(from + 19, to)) : null;
    case 65: // A
      return text.startsWith('ACL denying access to client with dangerous ', from) ? dangerous(text.slice(from + 44, to)) : null;
    case 82: // R
      return text.startsWith('Reloading config', from) ? { kind: 'reload' } : null;
    case 109: // m
      return text.startsWith('mosquitto version ', from) ? ofBroker(text.slice(from + 18, to)) : null;
    case 69: // E
      return text.startsWith('Error', from) ? { kind: 'error', text: text.slice(from, to) } : null;
    case 87: // W
      return text.startsWith('Warning: ', from) ? { kind: 'warning', text: text.slice(from, to) } : null;
    case 85: // U
      if (text.startsWith('Unable to accept new connection, system socket count', from)) return { kind: 'sockets' };
      return null;
    case 112: // p
      return text.startsWith('password-file: Error', from) ? { kind: 'error', text: text.slice(from, to) } : null;
    default:
      return null;
  }
}

const debugLine: LogEvent = { kind: 'debug' };

/** `127.0.0.1:45726` and `::1:45726`: the last colon is the port's. */
function place(text: string): { readonly address: string; readonly port: number } | null {
  const colon = text.lastIndexOf(':');
  if (colon < 1) return null;
  const port = Number(text.slice(colon + 1));
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return null;
  return { address: bare(text.slice(0, colon)), port };
}

/** IPv4 through a socket of IPv6 is the same address (RFC 4291 §2.5.5.2). */
function bare(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

function withoutDot(text: string): string {
  return text.endsWith('.') ? text.slice(0, -1) : text;
}

function opened(rest: string): LogEvent | null {
  const at = rest.indexOf(' on port ');
  const from = at < 0 ? null : place(rest.slice(0, at));
  return from && { kind: 'opened', ...from, listener: Number.parseInt(rest.slice(at + 9), 10) || 0 };
}

function connected(rest: string, bridge: boolean): LogEvent | null {
  const as = rest.indexOf(' as ');
  const from = as < 0 ? null : place(rest.slice(0, as));
  if (!from) return null;
  // `X (p2, c1, k60, u'user').`: a client may be called nearly anything, so what stands behind it is looked for from the end
  let open = rest.lastIndexOf(' (p');
  while (open > as && !rest.startsWith(', c', open + 4)) open = rest.lastIndexOf(' (p', open - 1);
  const keep = open < as + 4 ? -1 : rest.indexOf(', k', open + 8);
  if (keep < 0) return null;
  const given = rest.charCodeAt(open + 3) - 48;
  const quote = rest.indexOf(", u'", keep);
  return {
    kind: 'connected',
    address: from.address,
    port: from.port,
    client: rest.slice(as + 4, open),
    user: quote < 0 ? '' : rest.slice(quote + 4, rest.lastIndexOf("'")),
    // 2.0 counts MQTT 3.1 as 1 and 3.1.1 as 2
    level: given === 1 ? 3 : given === 2 ? 4 : given,
    keepAlive: Number.parseInt(rest.slice(keep + 3), 10) || 0,
    bridge,
  };
}

function ofClient(rest: string): LogEvent | null {
  if (rest.startsWith('connection from ')) {
    const found = aboutConnection(rest.slice(16));
    if (found) return found;
  }
  const text = withoutDot(rest);
  const listed = text.lastIndexOf('] disconnected');
  if (listed > 0) return since21(text, listed);
  if (text.endsWith(' disconnected')) return ended(text.slice(0, -13), 'goodbye');
  if (text.endsWith(' closed its connection')) return ended(text.slice(0, -22), 'closed');
  if (text.endsWith(' already connected, closing old connection')) return { kind: 'takeover', client: text.slice(0, -42) };
  if (text.endsWith(' has exceeded timeout, disconnecting')) return ended(text.slice(0, -36), 'timeout');
  if (text.endsWith(' disconnected, not authorised')) return ended(text.slice(0, -29), 'credentials');
  if (text.endsWith(' been disconnected by administrative action')) return ended(text.slice(0, -43), 'administrative');
  for (const mark of [' disconnected due to ', ' disconnected: ']) {
    const at = text.lastIndexOf(mark);
    if (at > 0) return ended(text.slice(0, at), endingOf(text.slice(at + mark.length)));
  }
  return text.includes(' negotiated TLSv') ? debugLine : null;
}

/** `X [ip:port] disconnected: reason`, as Mosquitto 2.1 writes. Whoever did not say who it is, is called by its address. */
function since21(text: string, listed: number): LogEvent | null {
  const open = text.lastIndexOf(' [', listed);
  const from = open < 1 ? null : place(text.slice(open + 2, listed));
  if (!from) return null;
  const name = text.slice(0, open);
  const reason = text.slice(listed + 14);
  const unknown = name === '<unknown>' || bare(name) === from.address;
  const how = reason === '' ? 'goodbye' : endingOf(reason.slice(2));
  return { kind: 'ended', client: unknown ? null : name, ...from, how };
}

function ended(name: string, how: Ending): LogEvent {
  return { kind: 'ended', client: name === '<unknown>' ? null : name, address: null, port: 0, how };
}

function endingOf(reason: string): Ending {
  switch (reason) {
    case 'connection closed by client':
      return 'closed';
    case 'exceeded timeout':
      return 'timeout';
    case 'session taken over':
      return 'takeover';
    case 'oversize packet':
    case 'oversize payload':
      return 'oversize';
    case 'not authorised':
    case 'bad username or password':
    case 'bad authentication method':
    case 'client identifier not valid':
    case 'client banned':
      return 'credentials';
    case 'Protocol error':
    case 'protocol error':
    case 'malformed packet':
      return 'protocol';
    case 'administrative action':
      return 'administrative';
    default:
      return 'other';
  }
}

/** `Client connection from 10.0.0.7 failed: …` and `… denied: max_connections exceeded.` */
function aboutConnection(rest: string): LogEvent | null {
  const space = rest.indexOf(' ');
  const address = bare(rest.slice(0, space));
  const what = rest.slice(space + 1);
  if (what.startsWith('failed: ')) return { kind: 'failed', address, cause: causeOfTls(what) };
  if (what.startsWith('denied: max_connections')) return { kind: 'failed', address, cause: 'full' };
  return what.startsWith('denied access') ? { kind: 'failed', address, cause: 'other' } : null;
}

/** `Connection from 10.0.0.7:4711 rejected, client did not …` of 2.1. */
function rejected(rest: string): LogEvent | null {
  const space = rest.indexOf(' rejected, ');
  if (space < 0) return rest.includes(' negotiated TLSv') ? debugLine : null;
  return { kind: 'tls', cause: rest.includes('certificate') ? 'no-certificate' : rest.includes('TLS') ? 'not-tls' : 'other' };
}

function tls(rest: string): LogEvent | null {
  // 2.1 adds what the system said: that a pipe is broken, of a connection that it had told of
  return rest.includes(':system library:') ? null : { kind: 'tls', cause: causeOfTls(rest) };
}

/** From the number of the reason where OpenSSL 3 gives one, from its words otherwise (OpenSSL 1.1). */
function causeOfTls(text: string): RefusalCause {
  if (text.includes('certificate verify failed')) return 'certificate';
  if (text.includes('did not return a certificate')) return 'no-certificate';
  if (text.includes('unexpected eof') || text.includes('Connection reset')) return 'cut';
  if (text.includes('wrong version number') || text.includes('http request') || text.includes('https proxy request'))
    return 'not-tls';
  if (text.includes('packet length too long') || text.includes('record layer failure') || text.includes('bad record type'))
    return 'not-tls';
  if (text.includes('alert '))
    return /alert (handshake failure|protocol version)/.test(text) ? 'tls-version' : 'broker-untrusted';
  if (/unsupported protocol|no shared cipher|no suitable|unknown protocol|version too low|inappropriate fallback/.test(text))
    return 'tls-version';
  return 'other';
}

function refusing(rest: string): LogEvent | null {
  // `name (session present, code)`
  const open = rest.lastIndexOf(' (');
  const comma = rest.indexOf(', ', open);
  if (open < 1 || comma < 0) return null;
  const code = Number.parseInt(rest.slice(comma + 2), 10);
  return code > 0 ? { kind: 'refusing', to: bare(rest.slice(0, open)), code } : debugLine;
}

function denied(text: string, from: number, to: number): LogEvent | null {
  const incoming = text.startsWith('Denied PUBLISH from ', from);
  if (!incoming && !text.startsWith('Denied PUBLISH to ', from)) return null;
  const rest = text.slice(from + (incoming ? 20 : 18), to);
  const open = rest.indexOf(incoming ? ' (d' : ' (q');
  const quote = rest.indexOf("'", open);
  const close = rest.lastIndexOf("', ... (");
  if (open < 1 || quote < 0 || close <= quote) return null;
  return { kind: 'denied', client: rest.slice(0, open), topic: rest.slice(quote + 1, close), incoming };
}

function dangerous(rest: string): LogEvent | null {
  const open = rest.indexOf('"');
  const close = rest.lastIndexOf('"');
  return open >= 0 && close > open ? { kind: 'dangerous', name: rest.slice(open + 1, close) } : null;
}

function ofBroker(rest: string): LogEvent | null {
  const space = rest.indexOf(' ');
  if (space < 0) return null;
  const version = rest.slice(0, space);
  const what = rest.slice(space + 1);
  if (what.startsWith('starting')) return { kind: 'start', version };
  if (what.startsWith('running')) return { kind: 'running', version };
  return what.startsWith('terminating') ? { kind: 'stop', version } : null;
}
