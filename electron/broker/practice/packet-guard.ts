/**
 * Finds MQTT packets that are too large by their fixed header (MQTT 3.1.1 §2.2), before their body has arrived: the
 * parser itself collects as much as a client announces.
 */
export class PacketGuard {
  readonly #maximum: number;
  /** Bytes of the present packet's body that are still to come. */
  #body = 0;
  /** Null = at the first byte of a packet; otherwise the remaining length as far as it is known. */
  #length: { value: number; shift: number } | null = null;

  /** `maximum` counts the whole packet, as `max_packet_size` does. */
  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** Takes the next bytes of the stream; false = a packet is too large, or its length is not valid. */
  takes(bytes: Uint8Array): boolean {
    for (let at = 0; at < bytes.length; ) {
      if (this.#body > 0) {
        const skipped = Math.min(this.#body, bytes.length - at);
        this.#body -= skipped;
        at += skipped;
        continue;
      }
      const byte = bytes[at++] ?? 0;
      if (this.#length === null) {
        this.#length = { value: 0, shift: 0 };
        continue;
      }
      const { value, shift } = this.#length;
      const next = value + (byte & 0x7f) * 2 ** shift;
      if (byte >= 0x80) {
        if (shift >= 21) return false;
        this.#length = { value: next, shift: shift + 7 };
        continue;
      }
      if (next + 2 + shift / 7 > this.#maximum) return false;
      this.#body = next;
      this.#length = null;
    }
    return true;
  }
}
