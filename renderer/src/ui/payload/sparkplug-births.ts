import { sparkplugNames } from './sparkplug.ts';
import { Malformed } from './value.ts';

/** Edge nodes, devices of one, and bytes of all births that are remembered. Who comes beyond goes by numbers. */
const mostNodes = 500;
const mostDevices = 500;
const mostBytes = 16_000_000;

interface Birth {
  readonly payload: Uint8Array;
  /** Read when it is asked for the first time: births may come by the thousand. */
  names: ReadonlyMap<bigint, string> | null;
}

interface EdgeNode {
  own: Birth | null;
  readonly devices: Map<string, Birth>;
}

export type AliasNames = (alias: bigint) => string | undefined;

/** Names that birth certificates gave to aliases (Sparkplug 3.0 §6.4.6), for the messages after them. */
export class SparkplugBirths {
  readonly #nodes = new Map<string, EdgeNode>();
  #bytes = 0;

  note(topic: string, payload: Uint8Array): void {
    if (!topic.startsWith('spBv1.0/')) return;
    const [, group, type, node, device] = topic.split('/', 5);
    if ((type !== 'NBIRTH' && type !== 'DBIRTH') || payload.byteLength > mostBytes / 8) return;
    const key = `${group}/${node}`;
    // a node that is born anew has devices that will be, too
    if (type === 'NBIRTH') this.#forget(key);
    if (this.#bytes + payload.byteLength > mostBytes) return;
    const there = this.#nodes.get(key) ?? { own: null, devices: new Map() };
    if (!this.#nodes.has(key) && this.#nodes.size >= mostNodes) return;
    this.#nodes.set(key, there);
    // a copy: what arrived is a part of a batch
    const birth = { payload: payload.slice(), names: null };
    if (type === 'NBIRTH') there.own = birth;
    else {
      const name = device ?? '';
      if (!there.devices.has(name) && there.devices.size >= mostDevices) return;
      this.#bytes -= there.devices.get(name)?.payload.byteLength ?? 0;
      there.devices.set(name, birth);
    }
    this.#bytes += payload.byteLength;
  }

  /** The names that hold for messages of this topic: those of its device, then of its edge node. */
  of(topic: string): AliasNames | undefined {
    if (!topic.startsWith('spBv1.0/')) return undefined;
    const [, group, , node, device] = topic.split('/', 5);
    const there = this.#nodes.get(`${group}/${node}`);
    if (!there) return undefined;
    const births = [device === undefined ? undefined : there.devices.get(device), there.own ?? undefined];
    return (alias) => {
      for (const birth of births) {
        const name = birth && namesOf(birth).get(alias);
        if (name !== undefined) return name;
      }
      return undefined;
    };
  }

  clear(): void {
    this.#nodes.clear();
    this.#bytes = 0;
  }

  #forget(key: string): void {
    const there = this.#nodes.get(key);
    if (!there) return;
    for (const { payload } of [...there.devices.values(), ...(there.own ? [there.own] : [])]) this.#bytes -= payload.byteLength;
    this.#nodes.delete(key);
  }
}

function namesOf(birth: Birth): ReadonlyMap<bigint, string> {
  if (birth.names) return birth.names;
  try {
    birth.names = sparkplugNames(birth.payload);
  } catch (cause) {
    if (!(cause instanceof Malformed)) throw cause;
    birth.names = new Map();
  }
  return birth.names;
}
