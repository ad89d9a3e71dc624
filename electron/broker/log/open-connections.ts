import type { AddressEntry } from './entries.ts';

interface Open {
  readonly entry: AddressEntry;
  readonly port: number;
  readonly at: number;
}

/** Those that are remembered at the same time. A broker has a few: they are open for the time of a handshake. */
const most = 1_024;
/** Whoever has said nothing for so long is waiting, and not who was refused just now. Ms. */
const handshake = 15_000;

/**
 * Connections that have begun and have neither ended nor said who they are. Mosquitto 2.0 writes most refusals without an
 * address: it is that of the one connection that is open, or a guess when there are several.
 */
export class OpenConnections {
  /** In the order in which they were opened. */
  #open: Open[] = [];

  add(entry: AddressEntry, port: number, at: number): void {
    if (this.#open.length >= most) this.#open = this.#open.slice(most >> 1);
    this.#open.push({ entry, port, at });
  }

  remove(entry: AddressEntry, port: number): void {
    // mostly the one that was opened last
    for (let index = this.#open.length - 1; index >= 0; index--) {
      const each = this.#open[index] as Open;
      if (each.port !== port || each.entry.key !== entry.key) continue;
      if (index === this.#open.length - 1) this.#open.pop();
      else this.#open.splice(index, 1);
      return;
    }
  }

  /** The oldest one of this address. */
  removeOf(entry: AddressEntry): void {
    const index = this.#open.findIndex((each) => each.entry.key === entry.key);
    if (index >= 0) this.#open.splice(index, 1);
  }

  has(address: string): boolean {
    return this.#open.some((each) => each.entry.key === address);
  }

  /** Whose connection has probably ended: handshakes take about as long as each other, so the oldest one that is not just idle. */
  likely(at: number): { readonly entry: AddressEntry; readonly guessed: boolean } | null {
    const fresh = Number.isNaN(at) ? this.#open : this.#open.filter((each) => !(at - each.at > handshake));
    const candidates = fresh.length > 0 ? fresh : this.#open;
    const [oldest] = candidates;
    if (!oldest) return null;
    return { entry: oldest.entry, guessed: candidates.some(({ entry }) => entry.key !== oldest.entry.key) };
  }

  clear(): void {
    this.#open = [];
  }
}
