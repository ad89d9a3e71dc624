import type { ErrorReport } from '../../shared/errors.ts';
import type { JobProgress } from '../../shared/model/job.ts';
import { errorSentence } from './words.ts';

/** Where a command says what it does: lines for people on stdout, or one JSON document and nothing else. */
export class Output {
  readonly #json: boolean;

  constructor(json: boolean) {
    this.#json = json;
  }

  /** True when a program reads what is written. */
  get json(): boolean {
    return this.#json;
  }

  /** A line for people. */
  say(line: string): void {
    if (!this.#json) process.stdout.write(`${line}\n`);
  }

  /** The result for programs. */
  result(value: object): void {
    if (this.#json) process.stdout.write(`${JSON.stringify({ ok: true, ...value }, null, 2)}\n`);
  }

  error(error: ErrorReport): void {
    const message = errorSentence(error);
    if (this.#json)
      process.stdout.write(
        `${JSON.stringify({ ok: false, error: { code: error.code, params: error.params, message } }, null, 2)}\n`,
      );
    else process.stderr.write(`${message}\n`);
  }

  /** Wrong arguments. Commander has told people; programs get the same form as for every error. */
  usage(message: string): void {
    if (this.#json)
      process.stdout.write(`${JSON.stringify({ ok: false, error: { code: 'USAGE', params: {}, message } }, null, 2)}\n`);
  }

  /** Overwrites one line on a terminal; says nothing into a file or pipe. */
  readonly progress = ({ step, done, total }: JobProgress): void => {
    if (this.#json || !process.stderr.isTTY) return;
    process.stderr.write(`\r${stepWords[step]} ${done} of ${total}${done >= total ? '\n' : ''}`);
  };
}

const stepWords: Record<JobProgress['step'], string> = {
  read: 'read',
  check: 'checked',
  keys: 'making keys',
  issue: 'issued',
  store: 'stored',
  revoke: 'marked',
  publish: 'published',
  write: 'written',
  verify: 'read back',
  backup: 'backup: step',
  prove: 'tried',
  replay: 'published',
};

/** 2026-11-22 14:05 UTC */
export function utc(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** 4f:9a:1c:… as tools print it. */
export function grouped(hex: string): string {
  return hex.match(/../g)?.join(':') ?? hex;
}
