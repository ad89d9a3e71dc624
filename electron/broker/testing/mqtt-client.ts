import type { SecureVersion } from 'node:tls';
import { connectAsync, type MqttClient } from 'mqtt';

export interface TestClientOptions {
  readonly port: number;
  readonly ca: string;
  readonly identity?: { readonly certificate: string; readonly key: string } | undefined;
  readonly login?: { readonly username: string; readonly password: string } | undefined;
  /** Otherwise a random one. */
  readonly clientId?: string | undefined;
  /** What this client can do of TLS, if less than everything. */
  readonly tls?: { readonly maxVersion?: SecureVersion; readonly ciphers?: string } | undefined;
}

export interface TestClient {
  /** Reason code of PUBACK (MQTT 5 §3.4.2.1): 0, or 16 when nobody listens, or 135 "Not authorized". */
  publish(topic: string, payload?: string): Promise<number>;
  subscribe(...topics: string[]): Promise<void>;
  /** Topics and payloads that arrived so far, as `topic payload`. */
  readonly received: readonly string[];
  /** False once the broker has put it out. */
  readonly connected: boolean;
  close(): Promise<void>;
}

/** Connects over mutual TLS with MQTT 5, the only version in which Mosquitto says that it refused a message. */
export async function connectTestClient(options: TestClientOptions): Promise<TestClient> {
  const received: string[] = [];
  const client: MqttClient = await connectAsync({
    protocol: 'mqtts',
    host: 'localhost',
    port: options.port,
    protocolVersion: 5,
    ca: options.ca,
    ...(options.identity ? { cert: options.identity.certificate, key: options.identity.key } : {}),
    ...options.login,
    ...(options.clientId === undefined ? {} : { clientId: options.clientId }),
    ...options.tls,
    reconnectPeriod: 0,
    connectTimeout: 5_000,
    timerVariant: 'native',
  });
  client.on('message', (topic, payload) => void received.push(`${topic} ${payload.toString()}`));
  // a refused message is also emitted as an error
  client.on('error', () => undefined);
  return {
    received,
    get connected() {
      return client.connected;
    },
    async publish(topic, payload = 'x') {
      return new Promise((resolve, reject) => {
        client.publish(topic, payload, { qos: 1 }, (error, packet) => {
          const code = error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
          if (code !== undefined) resolve(code);
          else if (error) reject(error);
          else resolve(packet && 'reasonCode' in packet ? (packet.reasonCode ?? 0) : 0);
        });
      });
    },
    async subscribe(...topics) {
      await client.subscribeAsync(topics, { qos: 1 });
    },
    close: () => client.endAsync(true),
  };
}
