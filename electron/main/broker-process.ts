import { FieldkeyError } from '../../shared/errors.ts';
import type {
  FromPractice,
  PracticeActivity,
  PracticeCall,
  PracticeCalls,
  PracticeFailure,
  ToPractice,
} from '../broker/practice/channel.ts';

/** A running process with broker and meters, as far as main looks at it: a utility process, or a thread in a test. */
export interface BrokerProcess {
  post(message: ToPractice): void;
  onMessage(listener: (message: FromPractice) => void): void;
  /** It is gone, by a crash or because it was ended. */
  onExit(listener: (code: number) => void): void;
  end(): void;
}

export interface BrokerCallerEvents {
  readonly onActivity: (batch: PracticeActivity) => void;
  /** Not told after `end`. */
  readonly onCrash: (code: number) => void;
}

/** Calls to one process that holds a broker, from its start to its end. */
export class BrokerCaller {
  readonly #process: BrokerProcess;
  readonly #pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  #next = 1;
  #gone = false;

  constructor(process: BrokerProcess, events: BrokerCallerEvents) {
    this.#process = process;
    process.onMessage((message) => {
      if (message.kind === 'activity') {
        events.onActivity(message.batch);
        process.post({ kind: 'activityTaken' });
        return;
      }
      const waiting = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (message.ok) waiting?.resolve(message.value);
      else waiting?.reject(errorOf(message.failure));
    });
    process.onExit((code) => {
      const expected = this.#gone;
      this.#gone = true;
      for (const { reject } of this.#pending.values())
        reject(new FieldkeyError('BROKER_FAILED', { detail: `its process ended with ${code}` }));
      this.#pending.clear();
      if (!expected) events.onCrash(code);
    });
  }

  /** The input is copied before this returns its promise. @throws BROKER_* */
  call<N extends PracticeCall>(call: N, input: PracticeCalls[N]['input']): Promise<PracticeCalls[N]['output']> {
    if (this.#gone) return Promise.reject(new FieldkeyError('BROKER_NOT_RUNNING', {}));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#process.post({ kind: 'call', id, call, input });
    });
  }

  /** Lets the broker say goodbye to its clients, and ends the process whether it did so or not. */
  async end(): Promise<void> {
    if (this.#gone) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, farewell);
    });
    await Promise.race([this.call('stop', undefined).catch(() => undefined), late]);
    clearTimeout(timer);
    this.#gone = true;
    this.#process.end();
  }
}

/** ms that a broker has to end by itself. */
const farewell = 3_000;

function errorOf({ reason, host, port, detail }: PracticeFailure): Error {
  switch (reason) {
    case 'port-in-use':
      // as text: a port is no amount, it has no thousands
      return new FieldkeyError('BROKER_PORT_IN_USE', { host, port: String(port) });
    case 'address-not-available':
      return new FieldkeyError('BROKER_ADDRESS_MISSING', { host });
    case 'port-not-permitted':
      return new FieldkeyError('BROKER_PORT_PRIVILEGED', { port: String(port) });
    case 'not-running':
      return new FieldkeyError('BROKER_NOT_RUNNING', {});
    default:
      return new FieldkeyError('BROKER_FAILED', { detail: `${reason} ${detail}`.trim() });
  }
}
