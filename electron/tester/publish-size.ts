import type { PublishProperties } from '../../shared/model/publish-properties.ts';
import { propertiesSize } from './publish-properties.ts';

/**
 * Bytes of a PUBLISH as it goes over the wire (MQTT 5 §3.3): fixed header, topic, packet id, property length, payload.
 * Checked against the broker's maximum before sending, since a broker closes the connection over a larger one.
 */
export function publishSize(
  message: {
    readonly topic: string;
    readonly payload: Uint8Array;
    readonly qos: 0 | 1 | 2;
    readonly properties?: PublishProperties | undefined;
  },
  protocolVersion: 4 | 5,
): number {
  const properties = message.properties ? propertiesSize(message.properties) : 0;
  const remaining =
    2 +
    Buffer.byteLength(message.topic) +
    (message.qos > 0 ? 2 : 0) +
    (protocolVersion === 5 ? lengthBytes(properties) + properties : 0) +
    message.payload.byteLength;
  return 1 + lengthBytes(remaining) + remaining;
}

/** MQTT 5 §1.5.5: seven bits a byte. */
function lengthBytes(value: number): number {
  return value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;
}
