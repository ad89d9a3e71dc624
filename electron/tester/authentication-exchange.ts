import type { Duplex } from 'node:stream';
import { MqttClient } from 'mqtt';
import type { Observed } from './tls-socket.ts';

/** MQTT 5 §3.15.2.1: the exchange goes on. */
const continueAuthentication = 0x18;
/** DISCONNECT with reason 0x83, implementation specific error (MQTT 5 §3.14.2.1): it is right what the broker asks, we cannot answer. */
const cannotAnswer = Buffer.from([0xe0, 0x01, 0x83]);

type AuthPacket = Parameters<MqttClient['handleAuth']>[0];
type Answered = Parameters<MqttClient['handleAuth']>[1];

/** mqtt.js asks `handleAuth` what to say to each AUTH; by itself it has nothing to say. */
export class AuthenticatingClient extends MqttClient {
  answer: ((packet: AuthPacket, done: Answered) => void) | undefined;
  override handleAuth(packet: AuthPacket, done: Answered): void {
    if (this.answer) this.answer(packet, done);
    else super.handleAuth(packet, done);
  }
}

/** Bytes for a person: as text where they are some, otherwise in hexadecimal; what is long ends in an ellipsis. */
function shown(data: Uint8Array): string {
  const bytes = Buffer.from(data.buffer, data.byteOffset, Math.min(data.byteLength, 200));
  const text = bytes.toString('latin1');
  const readable = /^[\x20-\x7e]*$/.test(text);
  return `${readable ? text : bytes.toString('hex')}${data.byteLength > bytes.length ? '…' : ''}`;
}

/**
 * Answers the broker's AUTH packets one after the other with what a person wrote for each (MQTT 5 §4.12). To one that nobody has an
 * answer for the connection is ended at once, so that the cause is told instead of a time that ran out.
 */
export function answerAuthentication(
  client: AuthenticatingClient,
  socket: Duplex,
  observed: Observed,
  answers: readonly Uint8Array[],
): void {
  let step = 0;
  client.on('packetreceive', (packet) => {
    // also those that mqtt.js refuses: not asked for, or of another method
    if (packet.cmd !== 'auth') return;
    step += 1;
    const { authenticationMethod: method = '', authenticationData: data } = packet.properties ?? {};
    observed.exchange = { method, step, said: data ? shown(data) : '', unanswered: false };
  });
  client.answer = (packet, done) => {
    // §4.12.1: once it is accepted, only the client may begin again
    if (observed.stage === 'connected') return done(new Error('AUTH after CONNACK'));
    if (packet.reasonCode !== continueAuthentication) return done();
    const data = answers[step - 1];
    const { exchange } = observed;
    if (data === undefined) {
      if (exchange) observed.exchange = { ...exchange, unanswered: true };
      socket.end(cannotAnswer, () => socket.destroy());
      return;
    }
    const authenticationMethod = exchange?.method ?? '';
    const properties = { authenticationMethod, ...(data.length === 0 ? {} : { authenticationData: Buffer.from(data) }) };
    done(undefined, { cmd: 'auth', reasonCode: continueAuthentication, properties });
  };
}
