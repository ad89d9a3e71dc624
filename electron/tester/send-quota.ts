/** What may be under way when a broker of MQTT 5 names no number: all packet identifiers (§3.2.2.3.3). */
const everyIdentifier = 65_535;

/**
 * In MQTT 3.1.1 a broker cannot name a number and the sender chooses the window (§4.4). It is what Mosquitto keeps unless told
 * otherwise (mosquitto.conf(5), max_inflight_messages): 2.0 acknowledges a further message of QoS 2 and throws it away.
 */
const olderWindow = 20;

/**
 * How many messages above QoS 0 wait for the broker's word at once: as many as its Receive Maximum says, and no more
 * (MQTT 5 §3.3.4, §4.9). The rest waits its turn, first in, first out. QoS 0 needs no place, but overtakes nobody: §4.9
 * lets a sender hold it back, and what was handed over in an order goes out in that order.
 */
export class SendQuota {
  #free = everyIdentifier;
  #waiting: { readonly needsPlace: boolean; readonly send: () => boolean }[] = [];

  /** Before anything is sent. `receiveMaximum` is that of the CONNACK; undefined = it names none. */
  grant(protocolVersion: 4 | 5, receiveMaximum: number | undefined): void {
    this.#free = protocolVersion === 4 ? olderWindow : (receiveMaximum ?? everyIdentifier);
  }

  /**
   * Sends at once or when its turn comes. `send` says whether it did: who gave up meanwhile takes no place. Whoever sends above
   * QoS 0 calls `release` when the broker has answered.
   */
  enter(qos: 0 | 1 | 2, send: () => boolean): void {
    this.#waiting.push({ needsPlace: qos > 0, send });
    this.#pass();
  }

  /** A PUBACK, a PUBCOMP, or a PUBREC that refuses has come (MQTT 5 §4.9): one place is free again. */
  release(): void {
    this.#free++;
    this.#pass();
  }

  /** Nothing that waits goes out any more. */
  close(): void {
    this.#waiting = [];
  }

  #pass(): void {
    for (let first = this.#waiting[0]; first && (this.#free > 0 || !first.needsPlace); first = this.#waiting[0]) {
      this.#waiting.shift();
      // before it is sent: an answer may come at once
      if (first.needsPlace) this.#free--;
      if (!first.send() && first.needsPlace) this.#free++;
    }
  }
}
