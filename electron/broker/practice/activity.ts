import type {
  ClosedConnection,
  DeniedPublish,
  LiveConnection,
  MeterState,
  PracticeActivity,
  RefusedConnection,
} from './channel.ts';

/** Refusals and denials of one batch; connections are never left out, a list would be wrong for ever. */
const kept = 200;

/** Collects what happens and sends it in batches: at most one in `interval` ms, and none before the last one was taken. */
export class ActivityLog {
  readonly #send: (batch: PracticeActivity) => void;
  readonly #interval: number;
  #timer: NodeJS.Timeout | undefined;
  #waitingForTaker = false;
  #opened: LiveConnection[] = [];
  #closed: ClosedConnection[] = [];
  #refused: RefusedConnection[] = [];
  #denied: DeniedPublish[] = [];
  #meters = new Map<string, MeterState>();
  #dropped = 0;
  #changed = false;
  readonly #totals = { connections: 0, published: 0, refused: 0, denied: 0 };

  constructor(send: (batch: PracticeActivity) => void, interval = 200) {
    this.#send = send;
    this.#interval = interval;
  }

  opened(connection: LiveConnection): void {
    this.#totals.connections++;
    this.#opened.push(connection);
    this.#soon();
  }
  closed(connection: ClosedConnection): void {
    this.#closed.push(connection);
    this.#soon();
  }
  refused(refusal: RefusedConnection): void {
    this.#totals.refused++;
    this.#add(this.#refused, refusal);
  }
  denied(publish: DeniedPublish): void {
    this.#totals.denied++;
    this.#add(this.#denied, publish);
  }
  /** One message was taken from a client, denied or not. */
  published(): void {
    this.#totals.published++;
    this.#soon();
  }
  /** Only a meter's last state of a batch is told. */
  meter(state: MeterState): void {
    this.#meters.set(state.id, state);
    this.#soon();
  }

  taken(): void {
    this.#waitingForTaker = false;
    if (this.#changed) this.#soon();
  }

  /** Sends what is there, taken or not: the last batch. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#changed) this.#emit();
  }

  #add<T>(list: T[], entry: T): void {
    if (list.length < kept) list.push(entry);
    else this.#dropped++;
    this.#soon();
  }

  #soon(): void {
    this.#changed = true;
    if (this.#timer || this.#waitingForTaker) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#emit();
    }, this.#interval);
    this.#timer.unref();
  }

  #emit(): void {
    const batch: PracticeActivity = {
      opened: this.#opened,
      closed: this.#closed,
      refused: this.#refused,
      denied: this.#denied,
      meters: [...this.#meters.values()],
      dropped: this.#dropped,
      totals: { ...this.#totals },
    };
    this.#opened = [];
    this.#closed = [];
    this.#refused = [];
    this.#denied = [];
    this.#meters = new Map();
    this.#dropped = 0;
    this.#changed = false;
    this.#waitingForTaker = true;
    this.#send(batch);
  }
}
