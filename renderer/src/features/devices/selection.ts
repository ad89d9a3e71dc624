/** What an action needs of a chosen device: its row number, and what its question names. */
export interface Chosen {
  readonly deviceId: number;
  readonly id: string;
  readonly serial: string | null;
}

export type Selection = ReadonlyMap<number, Chosen>;

/** The selection with all of `devices` added, or taken out. */
export function withDevices(selection: Selection, devices: readonly Chosen[], chosen: boolean): Selection {
  const next = new Map(selection);
  for (const { deviceId, id, serial } of devices) {
    if (chosen) next.set(deviceId, { deviceId, id, serial });
    else next.delete(deviceId);
  }
  return next;
}

/** First and last row of a click with Shift: from the row clicked before, in either direction. */
export function rangeOf(anchor: number | null, index: number): { readonly first: number; readonly last: number } {
  const from = anchor ?? index;
  return { first: Math.min(from, index), last: Math.max(from, index) };
}

/** How the box in the head stands. `total`: rows that match the filter, all of which may be chosen. */
export function headState(selected: number, total: number): 'none' | 'some' | 'all' {
  if (selected === 0) return 'none';
  return selected >= total ? 'all' : 'some';
}
