/** Locks after a time without anybody doing something. Time is the machine's running time, not its clock's. */
export class AutoLock {
  readonly #lock: () => void;
  #minutes: number;
  #timer: NodeJS.Timeout | null = null;
  #armed = false;

  constructor(minutes: number, lock: () => void) {
    this.#minutes = minutes;
    this.#lock = lock;
  }

  /** The vault was unlocked: start counting. */
  arm(): void {
    this.#armed = true;
    this.#restart();
  }

  disarm(): void {
    this.#armed = false;
    this.#restart();
  }

  /** Somebody did something. */
  touch(): void {
    this.#restart();
  }

  set minutes(minutes: number) {
    this.#minutes = minutes;
    this.#restart();
  }

  #restart(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = this.#armed ? setTimeout(() => this.#lock(), this.#minutes * 60_000) : null;
    // a waiting lock does not keep a program alive that is about to end
    this.#timer?.unref();
  }
}
