import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type SecureContextOptions, type Server, type TLSSocket } from 'node:tls';
import type { Client } from 'aedes';
import type { AccessList } from '../../../shared/rules/access-list.ts';
import { usesCertificates, usesPasswords } from '../../../shared/rules/password.ts';
import { verifyHash } from '../mosquitto/password-hash.ts';
import type { ActivityLog } from './activity.ts';
import {
  type BrokerClients,
  type BrokerIdentity,
  type BrokerLimits,
  type CloseReason,
  certificateClients,
  defaultLimits,
  type PracticeFailure,
  type RefusalReason,
  type StartBroker,
} from './channel.ts';
import { PacketGuard } from './packet-guard.ts';
import { refusalReason } from './refusal.ts';
import { Routing } from './routing.ts';

/** A failure with the reason that crosses the channel. */
export class BrokerFailure extends Error {
  readonly failure: PracticeFailure;
  constructor(reason: PracticeFailure['reason'], detail: string, place: { host: string; port: number } = { host: '', port: 0 }) {
    super(`${reason} ${detail}`);
    this.failure = { reason, detail, ...place };
  }
}

/** What a socket shows of itself; asked for early, since a closed one tells nothing more. */
interface Shown {
  readonly address: string;
  readonly name: string;
  readonly serial: string;
}

/** What is known of somebody whose certificate was accepted. */
interface Peer extends Shown {
  readonly connectionId: number;
  /** What the access list knows it by: the CN, or the user name whose password was right. */
  user: string;
  /** The line of the password file that let it in. */
  hash: string | null;
  opened: boolean;
  closing: CloseReason | null;
}

let nextConnection = 1;
const handshakePatience = 10_000;

/**
 * An MQTT 3.1.1 broker over TLS as our kit configures Mosquitto: certificates are checked against authority and revocation list, the
 * certificate's CN is user name and client id, or a user name with its password is, TLS 1.2 at least, access by the project's list.
 *
 * One thing is different: the TLS of Node cannot tell a client why its certificate is refused, it only hangs up. So the
 * reason stands in the broker's own list (`ActivityLog.refused`), not in an alert.
 */
export class PracticeBroker {
  readonly #routing: Routing;
  readonly #activity: ActivityLog;
  readonly #limits: BrokerLimits;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** The same after a handshake that succeeded. */
  readonly #secure = new Set<TLSSocket>();
  readonly #peers = new WeakMap<object, Peer>();
  /** Certificates as they were shown, also of those that are refused afterwards. */
  readonly #shown = new WeakMap<TLSSocket, Shown>();
  #clients: BrokerClients;
  #hashes: ReadonlyMap<string, string>;
  #accepted = 0;

  private constructor(order: StartBroker, activity: ActivityLog) {
    this.#activity = activity;
    this.#limits = { ...defaultLimits, ...order.limits };
    this.#clients = order.clients ?? certificateClients;
    this.#hashes = hashesOf(this.#clients);
    this.#routing = new Routing(order.access, this.#limits, activity);
    this.#server = createServer({
      ...contextOf(order.identity),
      requestCert: usesCertificates(this.#clients),
      rejectUnauthorized: usesCertificates(this.#clients),
      handshakeTimeout: handshakePatience,
    });
    wipe(order.identity);
    this.#watchTls();
    this.#watchMqtt();
  }

  /** Starts it. The key in `order` is wiped, whatever happens. @throws BrokerFailure */
  static async start(order: StartBroker, activity: ActivityLog): Promise<PracticeBroker> {
    const { host, port, identity } = order;
    try {
      const broker = prepared(() => new PracticeBroker(order, activity));
      await broker.#routing.listen();
      try {
        await broker.#listen(host, port);
      } catch (error) {
        await broker.#routing.close();
        throw listenFailure(error, host, port);
      }
      return broker;
    } finally {
      wipe(identity);
    }
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Certificates and revocation list for the handshakes to come. The key is wiped. @throws BrokerFailure */
  setIdentity(identity: BrokerIdentity): void {
    try {
      prepared(() => this.#server.setSecureContext(contextOf(identity)));
    } finally {
      wipe(identity);
    }
  }

  setAccess(access: AccessList): void {
    this.#routing.access = access;
  }

  /** The passwords from now on; whoever came with one that is over is put out. */
  setClients(clients: BrokerClients): void {
    this.#clients = clients;
    this.#hashes = hashesOf(clients);
    for (const socket of this.#secure) {
      const peer = this.#peers.get(socket);
      if (!peer || peer.hash === null || this.#hashes.get(peer.user) === peer.hash) continue;
      peer.closing ??= 'ended-by-broker';
      socket.destroy();
    }
  }

  /** Hangs up on everybody; who may, comes back. */
  endConnections(): void {
    for (const socket of this.#secure) {
      const peer = this.#peers.get(socket);
      if (peer) peer.closing ??= 'ended-by-broker';
    }
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Ends connections and listener; resolves when the port is free. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.endConnections();
    await this.#routing.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #listen(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port, exclusive: true }, () => {
        this.#server.removeListener('error', reject);
        // a later error of the listener must not end the process
        this.#server.on('error', () => undefined);
        resolve();
      });
    });
  }

  #watchTls(): void {
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    // the first sign of a handshake that has its socket with it: a refused certificate is gone when the refusal is told
    this.#server.on('keylog', (_line, socket) => {
      if (this.#shown.has(socket)) return;
      this.#shown.set(socket, { address: addressOf(socket), name: '', serial: '' });
      socket.prependOnceListener('secure', () => this.#shown.set(socket, shownBy(socket)));
    });
    this.#server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      const verification = (socket.authorizationError as unknown as string | null | undefined) ?? null;
      this.#refuse(socket, refusalReason(verification, error.code), verification ?? error.code ?? error.message);
      socket.destroy();
    });
    this.#server.on('secureConnection', (socket) => {
      socket.on('error', () => undefined);
      const shown = shownBy(socket);
      this.#shown.set(socket, shown);
      if (shown.name === '' && usesCertificates(this.#clients))
        return this.#refuse(socket, 'no-name', 'the certificate has no CN');
      if (this.#accepted >= this.#limits.maxConnections) return this.#refuse(socket, 'too-many-connections', '');
      this.#accepted++;
      socket.once('close', () => {
        this.#accepted--;
        this.#secure.delete(socket);
      });
      socket.setNoDelay(true);
      const peer: Peer = { connectionId: nextConnection++, ...shown, user: shown.name, hash: null, opened: false, closing: null };
      this.#peers.set(socket, peer);
      this.#secure.add(socket);
      this.#guard(this.#routing.aedes.handle(socket), socket, peer);
    });
  }

  /** Looks at the bytes just before aedes' parser does. */
  #guard(client: Client, socket: TLSSocket, peer: Peer): void {
    const guard = new PacketGuard(this.#limits.maxPacketSize);
    const { _parser: parser } = client as unknown as { _parser: { parse(bytes: Buffer): number } };
    const parse = parser.parse.bind(parser);
    parser.parse = (bytes) => {
      if (guard.takes(bytes)) return parse(bytes);
      peer.closing ??= 'packet-too-large';
      socket.destroy();
      return 0;
    };
  }

  #watchMqtt(): void {
    const { aedes } = this.#routing;
    const peerOf = (client: Client) => this.#peers.get(client.conn);
    aedes.preConnect = (client, packet, done) => {
      const peer = peerOf(client);
      if (!peer) return done(new Error('no certificate'), false);
      if (packet.protocolVersion !== 4 && packet.protocolVersion !== 3) {
        this.#refuse(client.conn as TLSSocket, 'mqtt-version', String(packet.protocolVersion), false);
      }
      if (!usesPasswords(this.#clients)) packet.username = peer.name;
      if (this.#clients.clientIdIsUser) packet.clientId = packet.username ?? '';
      done(null, true);
    };
    aedes.authenticate = (client, username, password, done) => {
      const peer = peerOf(client);
      if (!peer) return done(notAuthorized(), false);
      const letIn = (user: string) => {
        peer.user = user;
        this.#routing.clientIs(client.id, user);
        done(null, true);
      };
      if (!usesPasswords(this.#clients)) return letIn(peer.name);
      const user = username ?? '';
      void this.#knows(user, password).then((hash) => {
        peer.hash = hash;
        if (hash !== null) return letIn(user);
        this.#refuse(client.conn as TLSSocket, 'password', '', false, user.slice(0, 65));
        done(notAuthorized(), false);
      });
    };
    aedes.on('client', (client) => {
      const peer = peerOf(client);
      if (!peer) return;
      peer.opened = true;
      const { connectionId, user: name, serial, address } = peer;
      const tls = (client.conn as TLSSocket).getProtocol() ?? '';
      this.#activity.opened({ connectionId, name, serial, address, tls, since: Date.now() });
    });
    aedes.on('clientDisconnect', (client) => {
      const peer = peerOf(client);
      if (!peer?.opened) return;
      peer.opened = false;
      const said = (client as unknown as { _disconnected: boolean })._disconnected;
      const taken = aedes.closed ? 'ended-by-broker' : null;
      const reason = peer.closing ?? taken ?? (said ? 'left' : 'lost');
      this.#activity.closed({ connectionId: peer.connectionId, name: peer.user, at: Date.now(), reason });
    });
    aedes.on('keepaliveTimeout', (client) => this.#closing(client, 'keep-alive'));
    aedes.on('clientError', (client, error) => {
      // what the parser or a rule of MQTT says, not what the network says
      if (!('code' in error)) this.#closing(client, 'protocol');
    });
    aedes.on('connectionError', (client, error) => {
      if ('code' in error || 'errorCode' in error) return;
      this.#refuse(client.conn as TLSSocket, 'not-mqtt', error.message);
    });
    const register = (aedes as unknown as { registerClient(client: Client): void }).registerClient.bind(aedes);
    Object.assign(aedes, {
      registerClient: (client: Client) => {
        const before = (aedes as unknown as { clients: Record<string, Client | undefined> }).clients[client.id];
        if (before) this.#closing(before, 'taken-over');
        register(client);
      },
    });
  }

  #closing(client: Client, reason: CloseReason): void {
    const peer = this.#peers.get(client.conn);
    if (peer) peer.closing ??= reason;
  }

  /** The hash that a password fits; null = no such user, or another password. */
  async #knows(user: string, password: Readonly<Buffer> | undefined): Promise<string | null> {
    const hash = this.#hashes.get(user);
    if (hash === undefined || password === undefined) return null;
    const right = await verifyHash(password.toString(), hash).catch(() => false);
    // it may have been exchanged meanwhile
    return right && this.#hashes.get(user) === hash ? hash : null;
  }

  /** `claims`: whom it said that it is, where no certificate says so. */
  #refuse(socket: TLSSocket, reason: RefusalReason, raw: string, hangUp = true, claims = ''): void {
    const { address, name, serial } = this.#shown.get(socket) ?? { address: addressOf(socket), name: '', serial: '' };
    this.#activity.refused({ at: Date.now(), address, reason, name: name || claims, serial, raw: raw.slice(0, 200) });
    if (hangUp) socket.destroy();
  }
}

/** TLS 1.2 at least; Node takes one revocation list a text. */
function contextOf({ certificateChain, key, ca, crl }: BrokerIdentity): SecureContextOptions {
  const bytes = Buffer.from(key.buffer, key.byteOffset, key.byteLength);
  if (!new X509Certificate(certificateChain).checkPrivateKey(createPrivateKey(bytes))) {
    throw new Error('key and certificate do not belong together');
  }
  const lists = crl.match(/-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g) ?? [];
  // without a list Node would check none, and a revoked certificate would come in
  if (lists.length === 0) throw new Error('there is no revocation list');
  return { cert: certificateChain, key: bytes, ca, crl: lists, minVersion: 'TLSv1.2' };
}

function hashesOf({ users }: BrokerClients): ReadonlyMap<string, string> {
  return new Map(users.map(({ user, hash }) => [user, hash]));
}

/** MQTT 3.1.1 §3.2.2.3: Mosquitto answers 5 for a wrong password as well. */
function notAuthorized(): Error & { returnCode: 5 } {
  return Object.assign(new Error('not authorised'), { returnCode: 5 as const });
}

function prepared<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new BrokerFailure('identity-unusable', error instanceof Error ? error.message : String(error));
  }
}

function wipe(identity: BrokerIdentity): void {
  identity.key.fill(0);
}

function listenFailure(error: unknown, host: string, port: number): BrokerFailure {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, PracticeFailure['reason']> = {
    EADDRINUSE: 'port-in-use',
    EADDRNOTAVAIL: 'address-not-available',
    ENOTFOUND: 'address-not-available',
    EAI_AGAIN: 'address-not-available',
    EACCES: 'port-not-permitted',
  };
  return new BrokerFailure(reasons[code] ?? 'failed', message, { host, port });
}

function shownBy(socket: TLSSocket): Shown {
  const certificate = socket.getPeerCertificate();
  const name: unknown = certificate?.subject?.CN;
  // several CNs are none: nobody could say which of them it is
  return {
    address: addressOf(socket),
    name: typeof name === 'string' ? name : '',
    serial: (certificate?.serialNumber ?? '').toLowerCase(),
  };
}

function addressOf(socket: Socket): string {
  return socket.remoteAddress ?? '';
}
