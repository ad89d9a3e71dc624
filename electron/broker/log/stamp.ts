const months = 'janfebmaraprmayjunjulaugsepoctnovdec';

const ownWords =
  /: (?=New (?:connection|client|bridge)|Client |mosquitto version |OpenSSL Error|Reloading|Opening |Outgoing |Denied |Sending |Received |Config loaded|Error|Warning|Saving )/;

/** Characters that may stand before a message: container, syslog and the broker's own time. */
const longestHead = 200;

/**
 * Finds where a line's message begins and when it was written. Reads what Mosquitto writes by itself (seconds since 1970, or
 * log_timestamp_format) and what journald, syslog, docker and docker compose put before it. The time next to the message wins.
 * A line that begins as the last one did costs a comparison.
 */
export class Stamp {
  /** When the line was written, ms since 1970; NaN when nothing says so. */
  at = Number.NaN;
  /** Another program wrote this line, into a file that several write to. */
  foreign = false;
  /** A time without zone was read, and taken as local. */
  zoneUnknown = false;
  #head = '';
  readonly #reference: number;
  /** Minutes that were worked out last: text → ms. */
  #minute = '';
  #minuteAt = 0;

  /** `reference`: when the file was changed last, ms: syslog's times have no year. */
  constructor(reference: number) {
    this.#reference = reference;
  }

  /** Gives the index of the message in `text`, for the line from `start` to `end`. */
  read(text: string, start: number, end: number): number {
    const head = this.#head;
    if (head !== '' && text.startsWith(head, start) && start + head.length <= end) return start + head.length;
    const message = this.#parse(text, start, end);
    this.#head = message === start || this.foreign ? '' : text.slice(start, message);
    return message;
  }

  #parse(text: string, start: number, end: number): number {
    this.foreign = false;
    const seconds = epochAt(text, start, end);
    if (seconds >= 0) {
      this.at = seconds * 1_000;
      return afterColon(text, start, end);
    }
    const line = text.slice(start, Math.min(end, start + longestHead));
    let at = composed(line);
    let found = false;
    for (let turn = 0; turn < 3; turn++) {
      const next = this.#timeAt(line, at);
      if (next < 0) break;
      found = true;
      const own = ownTime(line, next);
      if (own >= 0) return start + own;
      const tagged = tag(line, next);
      if (tagged < 0) {
        // docker logs -t: a time, a space, and what the broker wrote
        if (line[next] !== ' ') break;
        at = next + 1;
        if (this.#timeAt(line, at, true) < 0) return start + at;
        continue;
      }
      if (!/mosquitto/i.test(line.slice(next, tagged))) {
        this.foreign = true;
        return start;
      }
      at = tagged;
      if (this.#timeAt(line, at, true) < 0) return start + at;
    }
    return found ? start + at : start + this.#otherForm(line, at);
  }

  /** A log_timestamp_format that is none of the usual ones: whatever stands before something that the broker says. */
  #otherForm(line: string, at: number): number {
    const found = ownWords.exec(line);
    const head = found ? line.slice(at, found.index) : '';
    this.at = head === '' ? Number.NaN : Date.parse(head);
    if (!Number.isNaN(this.at) && !/(Z|[+-]\d\d:?\d\d|GMT|UTC)$/.test(head)) this.zoneUnknown = true;
    return found ? found.index + found[0].length : at;
  }

  /** Reads a time that begins at `at` and gives where it ends; -1 = there is none. */
  #timeAt(line: string, at: number, look = false): number {
    const seconds = epochAt(line, at, line.length);
    if (seconds >= 0) {
      if (!look) this.at = seconds * 1_000;
      return line.indexOf(':', at);
    }
    const first = line.charCodeAt(at);
    if (first === 91 /* [ */) {
      const inside = this.#timeAt(line, at + 1, look);
      return inside > 0 && line[inside] === ']' ? inside + 1 : -1;
    }
    const iso = /^(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,]\d{1,9})?(Z|[ ]?[+-]\d\d:?\d\d)?/.exec(
      line.slice(at, at + 48),
    );
    if (iso) {
      if (!look) this.at = this.#isoAt(iso);
      return at + iso[0].length;
    }
    const bsd = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)(?:\.\d+)?/.exec(line.slice(at, at + 24));
    const month = bsd ? months.indexOf((bsd[1] ?? '').toLowerCase()) : -1;
    if (bsd && month >= 0 && month % 3 === 0) {
      if (!look) this.at = this.#yearless(month / 3, bsd);
      return at + bsd[0].length;
    }
    // the form of %c: Sun Nov 22 08:22:00 2026
    const named =
      /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})/.exec(line.slice(at, at + 26)) ?? null;
    const dotted = named ? null : /^(\d\d)([./])(\d\d)\2(\d{4}),? (\d\d):(\d\d):(\d\d)/.exec(line.slice(at, at + 21));
    if (named) {
      if (!look) {
        const [, name = '', d, h, m, s, y] = named;
        this.at = this.#local([Number(y), months.indexOf(name.toLowerCase()) / 3, Number(d), Number(h), Number(m), Number(s)]);
      }
      return at + named[0].length;
    }
    if (dotted) {
      if (!look) {
        const [, a, mark, b, y, h, m, s] = dotted;
        // 22.11.2026 and 22/11/2026: the day first, unless that cannot be
        const [d, mo] = mark === '/' && Number(b) > 12 ? [b, a] : [a, b];
        this.at = this.#local([Number(y), Number(mo) - 1, Number(d), Number(h), Number(m), Number(s)]);
      }
      return at + dotted[0].length;
    }
    return -1;
  }

  #isoAt(found: RegExpExecArray): number {
    const [, y, mo, d, h, mi, s, zone] = found;
    const minute = `${y}${mo}${d}${h}${mi}${zone ?? ''}`;
    if (minute !== this.#minute) {
      this.#minute = minute;
      const [year, month, day, hour, min] = [Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi)];
      this.#minuteAt =
        zone === undefined ? this.#local([year, month, day, hour, min, 0]) : Date.UTC(year, month, day, hour, min) - offset(zone);
    }
    return this.#minuteAt + Number(s) * 1_000;
  }

  #local([y, mo, d, h, m, s]: readonly [number, number, number, number, number, number]): number {
    this.zoneUnknown = true;
    return new Date(y, mo, d, h, m, s).getTime();
  }

  #yearless(month: number, [, , d, h, m, s]: RegExpExecArray): number {
    const year = new Date(this.#reference).getFullYear();
    const inYear = (y: number) => this.#local([y, month, Number(d), Number(h), Number(m), Number(s)]);
    // nothing was written more than a day after the file was: December's lines in January are of the year before
    const at = inYear(year);
    return at > this.#reference + 86_400_000 ? inYear(year - 1) : at;
  }
}

/** A copy that shares no memory with the text that it was cut from. */
export function copied(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** Seconds since 1970 followed by a colon, as Mosquitto writes without log_timestamp_format; -1 = none. */
function epochAt(text: string, start: number, end: number): number {
  let value = 0;
  let at = start;
  for (; at < end && at < start + 12; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return at - start >= 8 && text.charCodeAt(at) === 58 /* : */ ? value : -1;
}

function afterColon(text: string, start: number, end: number): number {
  const colon = text.indexOf(':', start);
  return Math.min(end, text.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1);
}

/** The message behind a time that the broker wrote itself, which ends with a colon; -1 = it was somebody else's. */
function ownTime(line: string, after: number): number {
  return line[after] === ':' ? (line[after + 1] === ' ' ? after + 2 : after + 1) : -1;
}

/** Behind `mosquitto-1  | ` of docker compose; 0 = there is none. */
function composed(line: string): number {
  const found = /^[A-Za-z0-9][\w.-]*\s*\| /.exec(line);
  return found ? found[0].length : 0;
}

/** Behind ` host program[pid]: ` of syslog and journald; -1 = there is none. */
function tag(line: string, after: number): number {
  const found = /^ [^\s:]+ [^\s:[]+(?:\[\d+\])?: /.exec(line.slice(after));
  return found ? after + found[0].length : -1;
}

/** `+01:00`, `+0100`, `Z` as ms. */
function offset(zone: string): number {
  const found = /([+-])(\d\d):?(\d\d)/.exec(zone);
  if (!found) return 0;
  const [, sign, hours, minutes] = found;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
