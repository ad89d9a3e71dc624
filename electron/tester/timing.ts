/** Every limit and pause of a connection, in milliseconds; tests shorten them. */
export interface Timing {
  /** From the first packet to CONNACK. */
  readonly connect: number;
  /** For the plaintext question after TLS has failed. */
  readonly probe: number;
  /**
   * TLS 1.3: the broker judges the client certificate after our side of the handshake is done. CONNECT waits for its
   * session ticket, which proves that it accepted, but not longer than this: not every broker sends one.
   */
  readonly acceptance: number;
  /** For DISCONNECT to go out before the socket is closed. */
  readonly farewell: number;
  /** Between two batches of messages to the window. */
  readonly batch: number;
  /** Pauses before reconnecting, the last one again and again. */
  readonly backOff: readonly number[];
  /** A connection that is lost sooner than this counts as thrown out by a twin. */
  readonly quickLoss: number;
  /** Keep-alive in seconds (MQTT 5 §3.1.2.10). */
  readonly keepAlive: number;
}

export const defaultTiming: Timing = {
  connect: 10_000,
  probe: 2_000,
  acceptance: 100,
  farewell: 1_000,
  batch: 50,
  backOff: [1_000, 2_000, 4_000, 8_000, 15_000, 30_000],
  quickLoss: 5_000,
  keepAlive: 30,
};
