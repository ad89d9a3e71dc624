/** A device as an act names it. */
export interface NamedDevice {
  readonly deviceId: number;
  readonly id: string;
  readonly serial: string | null;
}

/** The first moment of a day that a date field gives (`2027-03-09`), in the local zone; null when there is none. */
export function startOfDay(day: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!parts) return null;
  const [year = 0, month = 0, date = 0] = parts.slice(1).map(Number);
  const at = new Date(year, month - 1, date);
  return at.getMonth() === month - 1 ? at.getTime() : null;
}

/** The day of a moment as a date field writes it, in the local zone. */
export function dayOf(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
