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

const minute = { ...day, hour: '2-digit', minute: '2-digit' } as const;
const second = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;

/** The first of Intl's formats takes as long as drawing a page: each is made when it is used, and none for the first paint. */
function made<T>(make: () => T): () => T {
  let one: T | undefined;
  return () => {
    one ??= make();
    return one;
  };
}

export function createFormat(locale: string): Format {
  const dates = (options: Intl.DateTimeFormatOptions) => made(() => new Intl.DateTimeFormat(locale, options));
  const number = made(() => new Intl.NumberFormat(locale));
  const percent = made(() => new Intl.NumberFormat(locale, { style: 'percent' }));
  const date = dates(day);
  const month = dates({ month: 'short' });
  const monthYear = dates({ month: 'short', year: 'numeric' });
  const dateTime = dates(minute);
  const local = dates({ ...day, ...second, timeZoneName: 'short' });
  const utc = dates({ ...day, ...second, timeZone: 'UTC', timeZoneName: 'short' });
  const clock = dates({ ...second, fractionalSecondDigits: 3, hour12: false });
  const time = dates(second);
  const relative = made(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
  const list = made(() => new Intl.ListFormat(locale, { type: 'conjunction' }));
  return {
    number: (value) => number().format(value),
    percent: (fraction) => percent().format(fraction),
    date: (at) => date().format(at),
    month: (at) => (new Date(at).getMonth() === 0 ? monthYear : month)().format(at),
    dateTime: (at) => dateTime().format(at),
    clock: (at) => clock().format(at),
    time: (at) => time().format(at),
    exact: (at) => `${local().format(at)}\n${utc().format(at)}`,
    relative: (at, now) => {
      const { value, unit } = relativeTime(at, now);
      return relative().format(value, unit);
    },
    list: (items) => list().format(items),
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
