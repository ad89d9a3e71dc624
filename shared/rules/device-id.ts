import { type Problem, problem } from '../problems.ts';

/** whatwatt takes 63 characters as client id, and a DNS label has the same limit. */
export const deviceIdMaximum = 63;

/** Names that Windows keeps for itself, with any extension: a folder of that name cannot be made on the stick. */
const windowsReserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$/i;

/** Identities that every project issues itself. */
export const reservedIds = ['observer', 'canary'] as const;

/**
 * Checks one device id. It is CN, MQTT user name, client id and folder name at once, so the strictest of all four
 * decides: Mosquitto denies every topic to names with `+ # /`, its password file forbids `:`, FAT folds case and
 * Windows reserves names and trailing dots.
 */
export function checkDeviceId(id: string): Problem[] {
  const found: Problem[] = [];
  if (id === '') return [problem('missing', {})];
  const bad = [...new Set(id.replace(/[A-Za-z0-9._-]/g, ''))].join(' ');
  if (bad !== '') found.push(problem('device-id-characters', { value: id, characters: bad }));
  if (id.length > deviceIdMaximum) found.push(problem('device-id-length', { value: id, maximum: deviceIdMaximum }));
  if (id.startsWith('.') || id.endsWith('.')) found.push(problem('device-id-dot', { value: id }));
  if (windowsReserved.test(id)) found.push(problem('device-id-windows', { value: id }));
  if ((reservedIds as readonly string[]).includes(id.toLowerCase())) found.push(problem('device-id-reserved', { value: id }));
  return found;
}

/** Two ids that fold to the same string are the same folder on a FAT stick and on Windows. */
export function foldDeviceId(id: string): string {
  return id.toLowerCase();
}
