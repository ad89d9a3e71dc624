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
      if (text.startsWith('New connection from ', from)) return opened(text, from + 20, to);
      if (text.startsWith('New client connected from ', from)) return connected(text, from + 26, to, false);
      if (text.startsWith('New bridge connected from ', from)) return connected(text, from + 26, to, true);
      if (text.startsWith('No will message specified', from)) return debugLine;
      return null;
    case 67: // C
      if (text.startsWith('Client ', from)) return ofClient(text, from + 7, to);
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
  const mark = text.lastIndexOf(':');
  if (mark < 1) return null;
  const port = Number(text.slice(mark + 1));
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return null;
  return { address: bare(text.slice(0, mark)), port };
}

/** IPv4 through a socket of IPv6 is the same address (RFC 4291 §2.5.5.2). */
function bare(address: string): string {
  return address.charCodeAt(0) === colon && address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

function withoutDot(text: string): string {
  return text.endsWith('.') ? text.slice(0, -1) : text;
}

// The lines of those who come and go are nearly all of a log: these are read in place, character by character, without pieces of
// text that are only made to be looked at.

const space = 32;
const colon = 58;

/** `127.0.0.1:45726 on port 8883.` */
function opened(text: string, from: number, to: number): LogEvent | null {
  const end = wordEnd(text, from, to);
  const mark = colonBefore(text, from, end);
  if (mark <= from || !text.startsWith(' on port ', end)) return null;
  const port = digits(text, mark + 1, end);
  if (port < 0) return null;
  return { kind: 'opened', address: bare(text.slice(from, mark)), port, listener: Math.max(0, digits(text, end + 9, to - 1)) };
}

/** `127.0.0.1:45726 as X (p2, c1, k60, u'user').` */
function connected(text: string, from: number, to: number, bridge: boolean): LogEvent | null {
  const end = wordEnd(text, from, to);
  const mark = colonBefore(text, from, end);
  if (mark <= from || !text.startsWith(' as ', end)) return null;
  const port = digits(text, mark + 1, end);
  const name = end + 4;
  // a client may be called nearly anything, so what stands behind it is looked for from the end
  let open = to - 1;
  while (open > name && !(text.charCodeAt(open) === 40 /* ( */ && text.startsWith(' (p', open - 1) && isTold(text, open))) open--;
  if (port < 0 || open <= name) return null;
  const level = text.charCodeAt(open + 2) - 48;
  let keep = open + 8;
  while (keep < to && text.charCodeAt(keep) !== 107 /* k */) keep++;
  let after = keep + 1;
  while (after < to && isDigit(text.charCodeAt(after))) after++;
  if (after >= to) return null;
  const client = text.slice(name, open - 1);
  return {
    kind: 'connected',
    address: bare(text.slice(from, mark)),
    port,
    client,
    user: userAt(text, after, to, client),
    // 2.0 counts MQTT 3.1 as 1 and 3.1.1 as 2
    level: level === 1 ? 3 : level === 2 ? 4 : level,
    keepAlive: Math.max(0, digits(text, keep + 1, after)),
    bridge,
  };
}

/** Whether `(p2, c` stands here: one digit, and the flag of the clean session. */
function isTold(text: string, open: number): boolean {
  return text.startsWith(', c', open + 3) && isDigit(text.charCodeAt(open + 2));
}

/** `, u'name').`; mostly the client's own name. */
function userAt(text: string, at: number, to: number, client: string): string {
  if (!text.startsWith(", u'", at)) return '';
  const from = at + 4;
  let end = to - 1;
  while (end > from && text.charCodeAt(end) !== 39 /* ' */) end--;
  return end - from === client.length && text.startsWith(client, from) ? client : text.slice(from, end);
}

function wordEnd(text: string, from: number, to: number): number {
  let end = from;
  while (end < to && text.charCodeAt(end) !== space) end++;
  return end;
}

function colonBefore(text: string, from: number, end: number): number {
  let at = end - 1;
  while (at > from && text.charCodeAt(at) !== colon) at--;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The number that all of these characters make, up to 65,535; -1 = they make none. */
function digits(text: string, from: number, to: number): number {
  if (from >= to || to - from > 5) return -1;
  let value = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) return -1;
    value = value * 10 + code - 48;
  }
  return value <= 65_535 ? value : -1;
}

function ofClient(text: string, from: number, to: number): LogEvent | null {
  const end = text.charCodeAt(to - 1) === 46 /* . */ ? to - 1 : to;
  const last = text.charCodeAt(end - 1);
  if (last === 110 /* n */ && endsWith(text, from, end, ' closed its connection'))
    return ended(text.slice(from, end - 22), 'closed');
  if (last === 103 /* g */ && endsWith(text, from, end, ' has exceeded timeout, disconnecting'))
    return ended(text.slice(from, end - 36), 'timeout');
  if (last === 100 /* d */ && text.charCodeAt(end - 14) !== 93 /* ] */ && endsWith(text, from, end, ' disconnected'))
    return ended(text.slice(from, end - 13), 'goodbye');
  return ofClientSeldom(text.slice(from, to));
}

function endsWith(text: string, from: number, end: number, ending: string): boolean {
  return end - ending.length > from && text.startsWith(ending, end - ending.length);
}

function ofClientSeldom(rest: string): LogEvent | null {
  if (rest.startsWith('connection from ')) {
    const found = aboutConnection(rest.slice(16));
    if (found) return found;
  }
  const text = withoutDot(rest);
  const listed = text.lastIndexOf('] disconnected');
  if (listed > 0) return since21(text, listed);
  if (text.endsWith(' already connected, closing old connection')) return { kind: 'takeover', client: text.slice(0, -42) };
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
  const gap = rest.indexOf(' ');
  const address = bare(rest.slice(0, gap));
  const what = rest.slice(gap + 1);
  if (what.startsWith('failed: ')) return { kind: 'failed', address, cause: causeOfTls(what) };
  if (what.startsWith('denied: max_connections')) return { kind: 'failed', address, cause: 'full' };
  return what.startsWith('denied access') ? { kind: 'failed', address, cause: 'other' } : null;
}

/** `Connection from 10.0.0.7:4711 rejected, client did not …` of 2.1. */
function rejected(rest: string): LogEvent | null {
  if (!rest.includes(' rejected, ')) return rest.includes(' negotiated TLSv') ? debugLine : null;
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
  const gap = rest.indexOf(' ');
  if (gap < 0) return null;
  const version = rest.slice(0, gap);
  const what = rest.slice(gap + 1);
  if (what.startsWith('starting')) return { kind: 'start', version };
  if (what.startsWith('running')) return { kind: 'running', version };
  return what.startsWith('terminating') ? { kind: 'stop', version } : null;
}
