/** Longer than any line of a broker: topics and client identifiers have 65,535 bytes at most (MQTT 5 §1.5.4). */
export const longestLine = 256 * 1_024;

export interface LineTaker {
  line(text: string, start: number, end: number): void;
  /** Lines that were passed over because they are longer than `longestLine`. */
  overlong: number;
}

/** Cuts a stream of bytes into lines, wherever its pieces end. Bytes become Latin-1, one character each; CRLF is a line break too. */
export class LineCutter {
  readonly #taker: LineTaker;
  /** The beginning of a line that has not ended yet. */
  #rest = '';
  /** In the middle of a line that is too long. */
  #skipping = false;

  constructor(taker: LineTaker) {
    this.#taker = taker;
  }

  push(bytes: Buffer): void {
    const text = bytes.toString('latin1');
    let end = text.indexOf('\n');
    if (end < 0) {
      this.#keep(text);
      return;
    }
    if (this.#skipping) this.#skipping = false;
    else if (this.#rest === '') this.#line(text, 0, end);
    else {
      const joined = this.#rest + text.slice(0, end);
      this.#line(joined, 0, joined.length);
    }
    this.#rest = '';
    let start = end + 1;
    for (end = text.indexOf('\n', start); end >= 0; end = text.indexOf('\n', start)) {
      this.#line(text, start, end);
      start = end + 1;
    }
    // its own memory: a piece of the text would keep all of it
    if (start < text.length) this.#keep(text.slice(start));
  }

  /** The last line, when no line break follows it. */
  end(): void {
    const rest = this.#rest;
    this.#rest = '';
    this.#skipping = false;
    if (rest !== '') this.#line(rest, 0, rest.length);
  }

  #line(text: string, start: number, end: number): void {
    const last = end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
    if (last - start > longestLine) this.#taker.overlong++;
    else if (last > start) this.#taker.line(text, start, last);
  }

  #keep(text: string): void {
    if (this.#skipping) return;
    if (this.#rest.length + text.length > longestLine) {
      this.#rest = '';
      this.#skipping = true;
      this.#taker.overlong++;
    } else this.#rest += text;
  }
}
