import { call } from '../../bridge/client.ts';
import { queryClient } from '../../bridge/queries.ts';

/** What was asked of checks before is old. */
export function checksChanged(): Promise<void> {
  return queryClient.invalidateQueries({ predicate: ({ queryKey: [name] }) => name === 'check.list' || name === 'check.latest' });
}

/** Ids of the devices with these names, in their order. Names that are gone by now are left out. */
export async function devicesNamed(projectId: number, names: readonly string[]): Promise<Map<number, string>> {
  const wanted = new Set(names);
  const found = new Map<string, number>();
  const limit = 1_000;
  for (let offset = 0; found.size < wanted.size; offset += limit) {
    // one name is found by itself; many are gathered page by page
    const search = wanted.size === 1 ? (names[0] ?? '') : '';
    const { rows } = await call('device.list', { projectId, search, offset, limit });
    for (const { id, deviceId, state } of rows) if (wanted.has(id) && state !== 'awaiting') found.set(id, deviceId);
    if (rows.length < limit) break;
  }
  return new Map(names.flatMap((name) => (found.has(name) ? [[found.get(name) as number, name] as const] : [])));
}
