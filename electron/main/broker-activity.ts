import type { CallOutput } from '../../shared/contract.ts';
import type { PracticeActivity } from '../broker/practice/channel.ts';

type View = NonNullable<CallOutput<'localBroker.state'>>;
export type LiveLists = Pick<View, 'connected' | 'connections' | 'refused' | 'denied' | 'meters' | 'totals' | 'dropped'>;
type Refused = View['refused'][number];
type Denied = View['denied'][number];

/** What a page shows; more would be a log, not a list. */
const shown = { connections: 200, refused: 60, denied: 60 };

/** What happens at a broker, batch by batch, put together to the lists that a page shows. */
export class BrokerActivity {
  readonly #connections = new Map<number, View['connections'][number]>();
  readonly #meters = new Map<string, View['meters'][number]>();
  readonly #devices = new Map<string, number>();
  #refused: readonly Refused[] = [];
  #denied: readonly Denied[] = [];
  #totals = { connections: 0, published: 0, refused: 0, denied: 0 };
  #dropped = 0;

  /** Which device a simulated meter is. */
  meterIs(id: string, deviceId: number): void {
    this.#devices.set(id, deviceId);
  }

  add(batch: PracticeActivity): void {
    for (const opened of batch.opened) this.#connections.set(opened.connectionId, opened);
    for (const { connectionId } of batch.closed) this.#connections.delete(connectionId);
    for (const { at, address, reason, name, serial, raw } of batch.refused) {
      const entry = { at, count: 1, address, reason, name, serial, raw };
      const same = (each: Refused) =>
        each.reason === reason && each.name === name && each.serial === serial && each.address === address;
      this.#refused = onTop(this.#refused, entry, same, shown.refused);
    }
    for (const { at, name, topic, decision } of batch.denied) {
      const entry = { at, count: 1, name, topic, reason: decision.reason };
      const same = (each: Denied) => each.name === name && each.topic === topic && each.reason === entry.reason;
      this.#denied = onTop(this.#denied, entry, same, shown.denied);
    }
    for (const { id, phase, readings, interval } of batch.meters) {
      const deviceId = this.#devices.get(id);
      if (deviceId !== undefined) this.#meters.set(id, { deviceId, id, phase, readings, interval });
    }
    this.#dropped += batch.dropped;
    this.#totals = { ...batch.totals };
  }

  get lists(): LiveLists {
    return {
      connected: this.#connections.size,
      connections: [...this.#connections.values()].slice(-shown.connections).reverse(),
      refused: [...this.#refused],
      denied: [...this.#denied],
      meters: [...this.#meters.values()],
      totals: this.#totals,
      dropped: this.#dropped,
    };
  }

  /** Nothing of it is alive any more; what was counted stays. */
  ended(): void {
    this.#connections.clear();
    for (const [id, meter] of this.#meters) this.#meters.set(id, { ...meter, phase: 'stopped' });
  }
}

/** Somebody who tries every three seconds is one line that counts, not a flood in which the others are lost. */
function onTop<E extends { readonly count: number }>(
  list: readonly E[],
  entry: E,
  same: (each: E) => boolean,
  maximum: number,
): readonly E[] {
  const before = list.find(same);
  const counted = before ? { ...entry, count: before.count + 1 } : entry;
  return [counted, ...list.filter((each) => each !== before)].slice(0, maximum);
}
