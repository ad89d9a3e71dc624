/** What we take in one packet. The protocol allows 256 MB (MQTT 5 §2.1.4), and a message is copied several times on its way to the page. */
export const largestPacket = 16_777_216;

/**
 * Follows a stream of packets by their fixed headers only, and says so as soon as one announces more than `most` bytes:
 * whoever waits for the whole of it has it in memory already. `take` gives false from then on.
 */
export class PacketGuard {
  readonly #most: number;
  /** Bytes of the present packet that are still to come. */
  #body = 0;
  /** Inside a fixed header: its bytes so far; 0 = at the first byte. */
  #header = 0;
  #length = 0;
  /** The length that was too much, as announced; 0 = none yet. */
  announced = 0;

  constructor(most = largestPacket) {
    this.#most = most;
  }

  take(chunk: Uint8Array): boolean {
    for (let at = 0; at < chunk.length && this.announced === 0; ) {
      if (this.#body > 0) {
        const step = Math.min(this.#body, chunk.length - at);
        this.#body -= step;
        at += step;
        continue;
      }
      const byte = chunk[at++] ?? 0;
      if (this.#header === 0) {
        this.#header = 1;
        this.#length = 0;
        continue;
      }
      this.#length += (byte & 0x7f) * 128 ** (this.#header - 1);
      this.#header += 1;
      // a fifth byte is malformed, and the parser says so
      if (byte >= 0x80 && this.#header <= 4) continue;
      if (this.#length > this.#most) this.announced = this.#length;
      this.#body = this.#length;
      this.#header = 0;
    }
    return this.announced === 0;
  }
}
