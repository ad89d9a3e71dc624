import { relativeTime } from './relative.ts';

/** Everything that Intl writes, in one language and region. Times are milliseconds since 1970 UTC. */
export interface Format {
  readonly number: (value: number) => string;
  /** `fraction` between 0 and 1. */
  readonly percent: (fraction: number) => string;
  /** 14 Dec 2026 */
  readonly date: (time: number) => string;
  /** Dec, or Jan 2027 where a year begins */
  readonly month: (time: number) => string;
  /** 14 Dec 2026, 13:05 */
  readonly dateTime: (time: number) => string;
  /** 13:05:07.250 */
  readonly clock: (time: number) => string;
  /** 13:05:07 */
  readonly time: (time: number) => string;
  /** The same instant to the second, here and in UTC. */
  readonly exact: (time: number) => string;
  /** in 23 days */
  readonly relative: (time: number, now: number) => string;
  readonly list: (items: readonly string[]) => string;
  readonly bytes: (count: number) => string;
}

/** The region is the system's where it speaks the chosen language (de-AT, en-US), a common one elsewhere. */
export function localeFor(language: string, systemLanguage: string): string {
  const fallback = language === 'en' ? 'en-GB' : language;
  if (!systemLanguage.toLowerCase().startsWith(`${language}-`)) return fallback;
  try {
    return Intl.getCanonicalLocales(systemLanguage)[0] ?? fallback;
  } catch {
    // POSIX names like de_DE.UTF-8 are not BCP 47
    return fallback;
  }
}

/** The month as a word: 4.12. and 12/4 are the same day to some and another to others. */
const day = { day: 'numeric', month: 'short', year: 'numeric' } as const;

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

export function createFormat(locale: string): Format {
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent' });
  const date = new Intl.DateTimeFormat(locale, day);
  const month = new Intl.DateTimeFormat(locale, { month: 'short' });
  const monthYear = new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric' });
  const dateTime = new Intl.DateTimeFormat(locale, { ...day, hour: '2-digit', minute: '2-digit' });
  const local = new Intl.DateTimeFormat(locale, {
    ...day,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
  const utc = new Intl.DateTimeFormat(locale, {
    ...day,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  });
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hour12: false,
  });
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  return {
    number: (value) => number.format(value),
    percent: (fraction) => percent.format(fraction),
    date: (time) => date.format(time),
    month: (time) => (new Date(time).getMonth() === 0 ? monthYear : month).format(time),
    dateTime: (time) => dateTime.format(time),
    clock: (at) => clock.format(at),
    time: (at) => time.format(at),
    exact: (time) => `${local.format(time)}\n${utc.format(time)}`,
    relative: (time, now) => {
      const { value, unit } = relativeTime(time, now);
      return relative.format(value, unit);
    },
    list: (items) => list.format(items),
    bytes: (count) => {
      const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)));
      const unit = units[step] ?? 'byte';
      // the short form of bytes has no plural in English
      const unitDisplay = unit === 'byte' ? 'long' : 'short';
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 }).format(
        count / 1000 ** step,
      );
    },
  };
}
