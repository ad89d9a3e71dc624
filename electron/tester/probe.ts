import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { PeerAnswer } from './signals.ts';

/**
 * MQTT 3.1.1 CONNECT, clean session, no user. Its client id is nobody's: an id of the project would throw a device out.
 */
function plainConnect(): Buffer {
  const id = Buffer.from(`probe-${Math.random().toString(16).slice(2, 14)}`);
  const body = Buffer.concat([Buffer.from('00044d51545404020005', 'hex'), Buffer.from([0, id.length]), id]);
  return Buffer.concat([Buffer.from([0x10, body.length]), body]);
}

/**
 * Asks a port without TLS what it speaks. Sent only after TLS has failed there, and nothing secret is in it.
 * `timeout` in milliseconds. Never throws.
 */
export function probePlaintext(host: string, port: number, timeout: number): Promise<PeerAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let open = false;
    const end = (speaks: PeerAnswer['speaks'], line = '') => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ speaks, line });
    };
    const timer = setTimeout(() => end(open ? 'nothing' : 'unreachable'), timeout);
    socket.once('connect', () => {
      open = true;
      socket.write(plainConnect());
    });
    socket.once('data', (chunk: Buffer) => end(...languageOf(chunk)));
    socket.once('error', () => end(open ? 'closed' : 'unreachable'));
    socket.once('close', () => end(open ? 'closed' : 'unreachable'));
  });
}

/**
 * Whether a port that did not answer in the clear speaks TLS. Nothing is sent but a greeting without a name. `timeout` in
 * milliseconds. Never throws.
 */
export function probeTls(host: string, port: number, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    // nothing is said over it, so there is nothing to verify
    const socket = connectTls({ host, port, rejectUnauthorized: false });
    const end = (speaks: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(speaks);
    };
    const timer = setTimeout(() => end(false), timeout);
    socket.once('secureConnect', () => end(true));
    socket.once('error', (error: Error) => end(/alert number/.test(error.message)));
    socket.once('close', () => end(false));
  });
}

/** CONNACK is 20 02 (MQTT 3.1.1 §3.2); a TLS record starts with its type, 21 or 22, and major version 3 (RFC 8446 §5.1). */
function languageOf(chunk: Buffer): [PeerAnswer['speaks'], string] {
  if (chunk[0] === 0x20 && chunk[1] === 0x02) return ['mqtt', ''];
  if ((chunk[0] === 21 || chunk[0] === 22) && chunk[1] === 3) return ['tls', ''];
  const line = firstLine(chunk);
  return [line.startsWith('HTTP/') ? 'http' : 'other', line];
}

/** The first line of an answer, printable characters only, at most 80. */
export function firstLine(chunk: Uint8Array): string {
  const text = Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(chunk.byteLength, 200)).toString('latin1');
  return (text.split(/[\r\n]/)[0] ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, 80);
}
