import { useCall } from '../../bridge/queries.ts';

const most = 1_000;

/** Of these names, which are devices of the project: name → device. Empty until the vault has answered. */
export function useDevices(projectId: number | undefined, names: readonly string[]): ReadonlyMap<string, number> {
  const asked = [...new Set(names)].sort().slice(0, most);
  const found = useCall(
    'log.devices',
    { projectId: projectId ?? 0, names: asked },
    { enabled: projectId !== undefined && asked.length > 0, keepPrevious: true },
  );
  return new Map(found.data?.map(({ name, deviceId }) => [name, deviceId]));
}
