import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { MqttClient } from 'mqtt';
import type { AttemptOrder, AttemptResult } from './channel.ts';

const patience = 8_000;

/**
 * Connects once over TLS and MQTT 3.1.1, publishes if that is asked for, and leaves. Never rejects: being refused is what
 * most attempts are for. The key is wiped.
 */
export function attempt({ host, port, ca, identity, publish }: AttemptOrder): Promise<AttemptResult> {
  const key = identity && Buffer.from(identity.key.buffer, identity.key.byteOffset, identity.key.byteLength);
  return new Promise((resolve) => {
    const client = new MqttClient(
      () =>
        connect({
          host,
          port,
          ca,
          minVersion: 'TLSv1.2',
          ...(identity && key ? { cert: identity.certificateChain, key } : {}),
          ...(isIP(host) ? {} : { servername: host }),
        }),
      {
        protocolVersion: 4,
        clientId: identity?.id ?? 'nobody',
        ...identity?.login,
        reconnectPeriod: 0,
        connectTimeout: patience,
        timerVariant: 'native',
      },
    );
    let result: AttemptResult = { connected: false, acknowledged: false, raw: '' };
    const end = () => {
      clearTimeout(late);
      key?.fill(0);
      client.end(true);
      resolve(result);
    };
    const late = setTimeout(end, patience);
    const failed = (error: Error) => {
      if (result.raw !== '') return;
      result = { ...result, raw: 'code' in error ? String(error.code) : error.message };
    };
    client.on('error', failed);
    client.once('close', end);
    client.once('connect', () => {
      result = { ...result, connected: true };
      if (!publish) return void client.end();
      client.publish(publish.topic, publish.payload, { qos: 1 }, (error) => {
        if (error) failed(error);
        else result = { ...result, acknowledged: true };
        client.end();
      });
    });
  });
}
