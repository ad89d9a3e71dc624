import { useCallback, useRef, useState } from 'react';
import type { CertificateState } from '../../../../shared/model/certificate.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import type { EndSpan } from './end-span.ts';
import { type Chosen, rangeOf, type Selection, withDevices } from './selection.ts';
import type { DeviceRow } from './useDeviceRows.ts';

interface Filter {
  readonly projectId: number;
  readonly search: string;
  readonly state: CertificateState | undefined;
  readonly ends: EndSpan;
}

/** Rows of one answer; the contract's maximum. */
const pageSize = 1_000;

/** Devices from row `first` to row `last` of the filtered list, also those that were never on screen. */
async function devicesBetween({ projectId, search, state, ends }: Filter, first: number, last: number): Promise<Chosen[]> {
  const found: Chosen[] = [];
  for (let offset = first; offset <= last; offset += pageSize) {
    const limit = Math.min(pageSize, last - offset + 1);
    const { rows } = await call('device.list', { projectId, search, ...(state ? { state } : {}), ...ends, offset, limit });
    found.push(...rows.map(({ deviceId, id, serial }) => ({ deviceId, id, serial })));
    if (rows.length < limit) break;
  }
  return found;
}

/** Which devices are chosen. A choice survives searching and filtering, so that it can be gathered in steps. */
export function useSelection(filter: Filter, rowAt: (index: number) => DeviceRow | undefined) {
  const [selection, setSelection] = useState<Selection>(() => new Map());
  const anchor = useRef<{ readonly index: number; readonly chosen: boolean } | null>(null);
  const load = useAction(async (first: number, last: number, chosen: boolean) => {
    const devices = await devicesBetween(filter, first, last);
    setSelection((old) => withDevices(old, devices, chosen));
  });
  const { run } = load;
  const toggle = (index: number, withRange: boolean) => {
    const row = rowAt(index);
    if (!row) return;
    if (withRange && anchor.current) {
      const { first, last } = rangeOf(anchor.current.index, index);
      void run(first, last, anchor.current.chosen);
      return;
    }
    const chosen = !selection.has(row.deviceId);
    anchor.current = { index, chosen };
    setSelection((old) => withDevices(old, [row], chosen));
  };
  const latest = useRef(toggle);
  latest.current = toggle;
  return {
    selection,
    error: load.error,
    /** Stays the same function, so that rows need not be drawn again. */
    toggle: useCallback((index: number, withRange: boolean) => latest.current(index, withRange), []),
    all: (total: number) => void run(0, total - 1, true),
    clear: () => {
      anchor.current = null;
      setSelection(new Map());
    },
  };
}
