import type { TFunction } from 'i18next';

/** The word for a value of the log; one that is not known is shown as it stands there. */
export function wordOf(t: TFunction, group: string, value: unknown): string {
  const raw = String(value ?? '?');
  // values of a changed entry may be anything: never a key outside of the group
  if (!/^[\w-]+$/.test(raw)) return raw;
  return (t as unknown as (key: string, options: object) => string)(`${group}.${raw}`, { defaultValue: raw });
}
