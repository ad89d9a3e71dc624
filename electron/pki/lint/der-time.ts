import { DerError, type Tlv, tag } from './der-reader.ts';

export interface DerTime {
  /** Milliseconds since 1970 UTC. */
  readonly ms: number;
  readonly year: number;
  readonly form: 'utc' | 'generalized';
}

/**
 * Reads a Time in one of the two forms RFC 5280 §4.1.2.5.1–2 allows: `YYMMDDHHMMSSZ` (years 1950–2049) or
 * `YYYYMMDDHHMMSSZ`; seconds present, no fraction, no offset, a date that exists. Anything else throws DerError.
 * That the form fits the year is a rule of its own.
 */
export function readTime(bytes: Uint8Array, tlv: Tlv): DerTime {
  const form = tlv.tag === tag.utcTime ? 'utc' : 'generalized';
  if (form === 'generalized' && tlv.tag !== tag.generalizedTime) throw new DerError('not a time');
  const yearDigits = form === 'utc' ? 2 : 4;
  if (tlv.end - tlv.content !== yearDigits + 11 || bytes[tlv.end - 1] !== 0x5a) throw new DerError('time not in the form of DER');

  let position = tlv.content;
  const digits = (count: number): number => {
    let value = 0;
    for (const last = position + count; position < last; position += 1) {
      const digit = (bytes[position] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) throw new DerError('time with something other than digits');
      value = value * 10 + digit;
    }
    return value;
  };
  const written = digits(yearDigits);
  const year = form === 'generalized' ? written : written < 50 ? 2000 + written : 1900 + written;
  const month = digits(2);
  const day = digits(2);
  const hour = digits(2);
  const minute = digits(2);
  const second = digits(2);
  const date = new Date(0);
  // Date.UTC would turn the years 0 to 99 into 1900 to 1999
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!exists || hour > 23 || minute > 59 || second > 59) throw new DerError('time that does not exist');
  return { ms: date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000, year, form };
}

/** RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050. */
export function formFitsYear(time: DerTime): boolean {
  return time.form === 'utc' ? time.year >= 1950 && time.year < 2050 : time.year >= 2050;
}
