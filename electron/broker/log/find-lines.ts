import { FieldkeyError } from '../../../shared/errors.ts';
import type { CancelSignal } from '../../../shared/model/job.ts';
import { written } from './findings.ts';
import { readFile } from './read.ts';
import { Stamp } from './stamp.ts';

export interface FoundLine {
  /** ms; null when the line has no time. */
  readonly at: number | null;
  readonly text: string;
}

/** Lines that are given, and characters of one. */
const most = 400;
const longest = 1_000;

/**
 * The lines of these files that have `text` in them as a word. After a new connection also what the broker said next without saying
 * of whom: why TLS failed, and that an unknown client is gone. @throws LOG_NOT_READABLE, JOB_CANCELLED
 */
export async function findLines(
  files: readonly string[],
  text: string,
  span: { readonly from: number; readonly to: number } | null,
  signal?: CancelSignal,
): Promise<{ lines: FoundLine[]; more: boolean }> {
  const wanted = Buffer.from(text).toString('latin1');
  const lines: FoundLine[] = [];
  let more = false;
  for (const file of files) {
    const stamp = new Stamp(Date.now());
    const words = new WordSearch(wanted);
    let following = false;
    await readFile(
      file,
      {
        overlong: 0,
        line: (part, start, end) => {
          const found = !more && words.isIn(part, start, end);
          if (!found && !following) return;
          const message = stamp.read(part, start, end);
          const belongs =
            following && (part.startsWith('OpenSSL Error', message) || part.startsWith('Client <unknown>', message));
          following = found ? part.startsWith('New connection', message) : belongs && !part.startsWith('Client', message);
          if (!found && !belongs) return;
          if (span && !(stamp.at >= span.from && stamp.at < span.to)) return;
          if (lines.length >= most) more = true;
          else
            lines.push({
              at: Number.isNaN(stamp.at) ? null : stamp.at,
              text: written(part.slice(message, Math.min(end, message + longest))),
            });
        },
      },
      () => {
        if (signal?.aborted) throw new FieldkeyError('JOB_CANCELLED', { done: 0, total: 0 });
      },
    );
  }
  return { lines, more };
}

/** Looks for a word, over and over in the lines of the same large text: only where it was found is a line looked at. */
class WordSearch {
  readonly #word: string;
  #text = '';
  #next = 0;

  constructor(word: string) {
    this.#word = word;
  }

  /** `10.0.0.1` is not in `10.0.0.12`, `meter-1` not in `meter-10`. Lines of one text come in their order. */
  isIn(text: string, start: number, end: number): boolean {
    if (text !== this.#text) {
      this.#text = text;
      this.#next = -1;
    }
    if (this.#next < start) this.#seek(start);
    while (this.#next < end) {
      const at = this.#next;
      if (!isPart(text, at - 1, start, end) && !isPart(text, at + this.#word.length, start, end)) return true;
      this.#seek(at + 1);
    }
    return false;
  }

  #seek(from: number): void {
    const found = this.#text.indexOf(this.#word, from);
    this.#next = found < 0 ? Number.POSITIVE_INFINITY : found;
  }
}

function isPart(text: string, at: number, start: number, end: number): boolean {
  if (at < start || at >= end) return false;
  const code = text.charCodeAt(at);
  const letter = (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  // `meter-1-a` and `10.0.0.1.5` are others; a full stop ends a sentence
  return letter || code === 45 || code === 95 || (code === 46 && isPart(text, at + 1, start, end) && at + 1 < end);
}
