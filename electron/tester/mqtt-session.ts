import type { Duplex } from 'node:stream';
import type { IClientOptions, IConnackPacket, IPublishPacket, Packet } from 'mqtt';
import type { MqttOptions } from '../../shared/model/connect-options.ts';
import { plainSubscription } from '../../shared/model/subscription.ts';
import { AuthenticatingClient, answerAuthentication } from './authentication-exchange.ts';
import type { Granted, PublishOrder } from './channel.ts';
import { connectOptions, grantedBy } from './connect-options.ts';
import { largestPacket, PacketGuard } from './packet-guard.ts';
import { firstLine } from './probe.ts';
import { validProperties, writtenProperties } from './publish-properties.ts';
import { publishSize } from './publish-size.ts';
import { SendQuota } from './send-quota.ts';
import type { Observed } from './tls-socket.ts';

/** Reason codes that we answer without asking the broker, which would close the connection (MQTT 5 §2.4). */
const topicFilterInvalid = 143;
const topicNameInvalid = 144;
const packetTooLarge = 149;
const protocolError = 130;
const topicAliasInvalid = 148;

export interface SessionOptions {
  readonly clientId: string;
  /** Where the broker asks for it. */
  readonly login?: { readonly username: string; readonly password: string } | undefined;
  readonly protocolVersion: 4 | 5;
  /** Seconds. */
  readonly keepAlive: number;
  readonly mqtt?: MqttOptions | undefined;
  readonly onMessage: (packet: IPublishPacket) => void;
  /** The connection is gone; `observed` says what was seen of it. Once, and also when it was never accepted. */
  readonly onEnd: () => void;
}

/** The callbacks of a connection that no longer exists. */
export class ConnectionGone extends Error {}

class Client extends AuthenticatingClient {
  keepAliveTimeout: (() => void) | undefined;
  /** Overridden so that this end can be told apart without reading the text of an error. */
  override onKeepaliveTimeout(): void {
    this.keepAliveTimeout?.();
    super.onKeepaliveTimeout();
  }
}

/** MQTT over one open socket, for as long as that socket lives. mqtt.js never reconnects here: see reconnect.ts. */
export class MqttSession {
  readonly #client: Client;
  readonly #socket: Duplex;
  readonly #pending = new Set<(error: Error) => void>();
  /** PUBACK and PUBREC by packet id: mqtt.js hides the 16 of "nobody listens". */
  readonly #reasons = new Map<number, number>();
  #ended = false;
  #connack: IConnackPacket | null = null;
  #maximumPacketSize = Number.POSITIVE_INFINITY;
  #topicAliasMaximum = 0;
  readonly #quota = new SendQuota();
  /** What each topic alias stands for on this connection (MQTT 5 §3.3.2.3.4). */
  readonly #aliases = new Map<number, string>();
  readonly accepted: Promise<boolean>;

  constructor(socket: Duplex, observed: Observed, options: SessionOptions) {
    this.#socket = socket;
    observed.stage = 'connack';
    const settings: IClientOptions = {
      ...connectOptions(options),
      protocolVersion: options.protocolVersion,
      keepalive: options.keepAlive,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      timerVariant: 'native',
      // our own limit is shorter and covers the whole attempt
      connectTimeout: 3_600_000,
    };
    this.#client = new Client(() => socket, settings);
    this.#client.keepAliveTimeout = () => {
      observed.keepAliveTimeout = true;
    };
    socket.once('data', (chunk: Buffer) => {
      // the first byte of a CONNACK, or of an AUTH before it (MQTT 5 §3.2.1, §3.15.1)
      if (chunk[0] === 0x20 || (chunk[0] === 0xf0 && options.protocolVersion === 5)) return;
      // a TLS alert (RFC 8446 §5.1): we spoke in the clear to an encrypted port
      const tls = (chunk[0] === 21 || chunk[0] === 22) && chunk[1] === 3;
      observed.peer = { speaks: tls ? 'tls' : 'other', line: tls ? '' : firstLine(chunk) };
    });
    answerAuthentication(this.#client, socket, observed, options.mqtt?.authentication?.answers ?? []);
    const guard = new PacketGuard();
    socket.on('data', (chunk: Buffer) => {
      if (socket.destroyed || guard.take(chunk)) return;
      observed.malformed = true;
      observed.text = `a packet of ${guard.announced} bytes; at most ${largestPacket} are taken`;
      socket.destroy();
    });
    this.#client.on('packetreceive', (packet) => this.#packet(packet, observed));
    this.#client.on('message', (_topic, _payload, packet) => options.onMessage(packet));
    this.#client.on('error', (error) => this.#error(error, observed));
    this.accepted = new Promise((resolve) => {
      this.#client.once('connect', () => {
        observed.stage = 'connected';
        resolve(true);
      });
      socket.once('close', () => {
        this.#ended = true;
        resolve(false);
        for (const reject of this.#pending) reject(new ConnectionGone());
        this.#pending.clear();
        this.#quota.close();
        options.onEnd();
      });
    });
    // it may have been closed between the handshake and now
    if (socket.destroyed) socket.emit('close');
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The broker's answer to CONNECT; null before. */
  get connack(): IConnackPacket | null {
    return this.#connack;
  }

  /** The same, as it goes to the page. */
  get granted(): Granted | null {
    return this.#connack && grantedBy(this.#connack);
  }

  /** Gives the granted QoS or the reason code (≥ 128) of a refusal. @throws ConnectionGone */
  async subscribe(filter: string, qos: 0 | 1 | 2, options = plainSubscription): Promise<number> {
    if (!validFilter(filter)) return topicFilterInvalid;
    return this.#waiting((resolve, reject) => {
      const { noLocal: nl, retainAsPublished: rap, retainHandling: rh, identifier } = options;
      const properties = identifier === null ? {} : { properties: { subscriptionIdentifier: identifier } };
      this.#client.subscribe(filter, { qos, nl, rap, rh, ...properties }, (error, _granted, packet) => {
        const [code] = (packet?.granted ?? []) as number[];
        if (code !== undefined) resolve(code);
        else reject(error ?? new ConnectionGone());
      });
    });
  }

  /** @throws ConnectionGone */
  async unsubscribe(filter: string): Promise<void> {
    if (!validFilter(filter)) return;
    await this.#waiting<void>((resolve, reject) => {
      this.#client.unsubscribe(filter, (error) => (error ? reject(error) : resolve()));
    });
  }

  /**
   * Gives the reason code; null when there is none (QoS 0, and MQTT 3.1.1). Waits while as many are under way as the
   * broker takes at once; what waits is kept here, so callers bound how many they hand over. What waits when `signal` aborts
   * is never sent. @throws ConnectionGone, the reason of the signal
   */
  async publish(order: Omit<PublishOrder, 'connectionId'>, signal?: AbortSignal): Promise<number | null> {
    const { topic, qos, retain } = order;
    const properties = this.#version === 5 ? order.properties : undefined;
    if (!validName(topic)) return topicNameInvalid;
    if (properties && !validProperties(properties)) return protocolError;
    const alias = properties?.topicAlias;
    if (alias !== undefined && alias > this.#topicAliasMaximum) return topicAliasInvalid;
    if (publishSize(order, this.#version) > this.#maximumPacketSize) return packetTooLarge;
    const payload = Buffer.from(order.payload.buffer, order.payload.byteOffset, order.payload.byteLength);
    const options = properties ? { qos, retain, properties: writtenProperties(properties) } : { qos, retain };
    return this.#waiting((resolve, reject) => {
      this.#quota.enter(qos, () => {
        if (signal?.aborted) {
          reject(signal.reason);
          return false;
        }
        let id = 0;
        // once the broker knows the alias it stands in place of the topic: that is what it is for
        const known = alias !== undefined && this.#aliases.get(alias) === topic;
        if (alias !== undefined) this.#aliases.set(alias, topic);
        this.#client.publish(known ? '' : topic, payload, options, (error) => {
          const code = this.#reasons.get(id);
          this.#reasons.delete(id);
          if (code !== undefined) resolve(code);
          else if (error) reject(error);
          else resolve(null);
          if (qos > 0) this.#quota.release();
        });
        if (qos > 0) id = this.#client.getLastMessageId();
        return true;
      });
    });
  }

  /** Says goodbye, so that no last will is published, and closes. `farewell` in milliseconds. */
  async end(farewell: number): Promise<void> {
    if (this.#ended) return;
    // what is under way is still waited for; what had no turn yet is not sent, and its callers are told when it is over
    this.#quota.close();
    await new Promise<void>((resolve) => {
      const late = setTimeout(() => this.#socket.destroy(), farewell);
      this.#socket.once('close', () => {
        clearTimeout(late);
        resolve();
      });
      this.#client.end(false, () => this.#socket.end());
    });
  }

  /** What went with CONNECT is not needed again: this session never connects twice. */
  forgetLogin(): void {
    const { options } = this.#client;
    delete options.password;
    delete options.properties?.authenticationData;
  }

  /** Closes without a word. */
  destroy(): void {
    this.#socket.destroy();
  }

  get #version(): 4 | 5 {
    return this.#client.options.protocolVersion === 5 ? 5 : 4;
  }

  #packet(packet: Packet, observed: Observed): void {
    if (packet.cmd === 'connack') {
      const code = (this.#version === 5 ? packet.reasonCode : packet.returnCode) ?? 0;
      if (code !== 0) observed.connack = code;
      this.#connack = packet;
      this.#maximumPacketSize = packet.properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
      this.#topicAliasMaximum = packet.properties?.topicAliasMaximum ?? 0;
      this.#quota.grant(this.#version, packet.properties?.receiveMaximum);
    } else if (packet.cmd === 'disconnect') {
      observed.disconnect = packet.reasonCode ?? 0;
    } else if ((packet.cmd === 'puback' || packet.cmd === 'pubrec') && this.#version === 5 && packet.messageId !== undefined) {
      this.#reasons.set(packet.messageId, packet.reasonCode ?? 0);
    }
  }

  #error(error: Error & { code?: unknown }, observed: Observed): void {
    // errors of the socket have codes that are text, and refusals of the broker were seen as packets
    if (typeof error.code === 'string' || observed.connack !== null || observed.keepAliveTimeout) return;
    if (typeof error.code === 'number' && !this.#socket.destroyed) return;
    observed.malformed = true;
    if (observed.text === '') observed.text = error.message;
    this.#socket.destroy();
  }

  #waiting<T>(start: (resolve: (value: T) => void, reject: (error: Error) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(new ConnectionGone());
      const fail = (error: Error) => {
        this.#pending.delete(fail);
        reject(error);
      };
      this.#pending.add(fail);
      start((value) => {
        this.#pending.delete(fail);
        resolve(value);
      }, fail);
    });
  }
}

/** MQTT 5 §4.7.3: no U+0000, at most 65,535 bytes. */
function validText(text: string): boolean {
  return text.length > 0 && !text.includes('\0') && Buffer.byteLength(text) <= 65_535;
}

/** MQTT 5 §4.7.1: `+` and `#` stand alone in their level, `#` is the last one. */
function validFilter(filter: string): boolean {
  const levels = filter.split('/');
  return (
    validText(filter) &&
    levels.every((level, i) => level === '+' || (level === '#' && i === levels.length - 1) || !/[+#]/.test(level))
  );
}

/** MQTT 5 §3.3.2.1: a topic name has no wildcards. */
function validName(topic: string): boolean {
  return validText(topic) && !/[+#]/.test(topic);
}
