import { type RefusalCause, refusalCauses } from '../../../shared/model/broker-log.ts';
import { Bounded } from './bounded.ts';
import { AddressEntry, ClientEntry } from './entries.ts';
import { type Ending, type LogEvent, parseMessage } from './line.ts';
import { Lockout } from './lockout.ts';
import { Minutes } from './minutes.ts';
import { Notices } from './notices.ts';
import { OpenConnections } from './open-connections.ts';
import { Stamp } from './stamp.ts';
import { TimeCells } from './time-cells.ts';

export interface AnalysisOptions {
  /** Only lines from here (ms, inclusive) … */
  readonly from?: number | undefined;
  /** … to here (exclusive). Lines without a time count when neither is given. */
  readonly to?: number | undefined;
  /** Addresses and clients that are remembered, each. */
  readonly limit?: number | undefined;
}

/** Everything of a log that is remembered: a bounded amount, however long it is and whatever stands in it. */
export class LogAnalysis {
  readonly addresses: Bounded<AddressEntry>;
  readonly clients: Bounded<ClientEntry>;
  readonly cells = new TimeCells();
  readonly minutes = new Minutes();
  readonly lockout = new Lockout();
  readonly errors = new Notices();
  readonly warnings = new Notices();
  readonly full = new Notices();
  readonly sockets = new Notices();
  readonly dangerous = new Notices();
  readonly crashes = new Notices();
  readonly starts = new Notices();
  readonly versions: string[] = [];
  readonly causes = new Uint32Array(refusalCauses.length);
  readonly totals = { connected: 0, refused: 0, denied: 0, silent: 0 };
  lines = 0;
  foreign = 0;
  overlong = 0;
  debug = false;
  zoneUnknown = false;
  from = Number.NaN;
  to = Number.NaN;
  /** How often the broker was started so far: whoever was connected before is not any more. */
  generation = 0;
  #running = false;
  #stamp = new Stamp(Date.now());
  readonly #open = new OpenConnections();
  /** What the TLS library said last, until the connection ends that it was about. */
  #tls: RefusalCause | null = null;
  /** Where a refused CONNECT came from, when the debug log tells. */
  #refusing: string | null = null;
  readonly #first: number;
  readonly #end: number;
  readonly #spanned: boolean;

  constructor({ from, to, limit = 50_000 }: AnalysisOptions = {}) {
    this.#first = from ?? Number.NEGATIVE_INFINITY;
    this.#end = to ?? Number.POSITIVE_INFINITY;
    this.#spanned = from !== undefined || to !== undefined;
    this.addresses = new Bounded(
      limit,
      (key) => new AddressEntry(key),
      (entry) => 4 * entry.refused + entry.connected + entry.silent,
    );
    this.clients = new Bounded(
      limit,
      (key) => new ClientEntry(key),
      (entry) => entry.connected + entry.refused + entry.denied + entry.dropped,
    );
  }

  /** A file begins. `changed`: when it was written last, ms. */
  begin(changed: number): void {
    this.zoneUnknown ||= this.#stamp.zoneUnknown;
    this.#stamp = new Stamp(changed);
  }

  /** When the line was written that was taken last; NaN = unknown. */
  get at(): number {
    return this.#stamp.at;
  }

  get hasUnknownZone(): boolean {
    return this.zoneUnknown || this.#stamp.zoneUnknown;
  }

  /** Takes one line of `text`, without its line break. The text is Latin-1: one character for each byte. */
  line(text: string, start: number, end: number): void {
    const stamp = this.#stamp;
    const message = stamp.read(text, start, end);
    const { at } = stamp;
    if (this.#spanned && !(at >= this.#first && at < this.#end)) return;
    this.lines++;
    if (stamp.foreign) {
      this.foreign++;
      return;
    }
    if (!(at >= this.from)) this.from = Number.isNaN(at) ? this.from : at;
    if (!(at <= this.to)) this.to = Number.isNaN(at) ? this.to : at;
    const event = parseMessage(text, message, end);
    if (event !== null) this.#take(event, at);
  }

  #take(event: LogEvent, at: number): void {
    switch (event.kind) {
      case 'opened':
        this.#opened(event, at);
        return;
      case 'connected':
        this.#connected(event, at);
        return;
      case 'ended':
        this.#ended(event, at);
        return;
      case 'takeover': {
        const client = this.clients.get(event.client);
        client.seen(at);
        client.take(at);
        return;
      }
      case 'tls':
        this.#tls = event.cause;
        return;
      case 'failed':
        this.#failed(event.address, event.cause, at);
        return;
      case 'refusing':
        this.debug = true;
        this.#refusing = event.to;
        return;
      case 'denied':
        this.#denied(event.client, event.topic, at);
        return;
      case 'dangerous':
        this.dangerous.add(event.name, at);
        return;
      case 'dropped': {
        const client = this.clients.get(event.client);
        client.seen(at);
        client.dropped++;
        return;
      }
      case 'start':
      case 'running':
      case 'stop':
        this.#broker(event.kind, event.version, at);
        return;
      case 'reload':
        this.lockout.changed('reload', at);
        return;
      case 'sockets':
        this.sockets.add('', at);
        return;
      case 'error':
        this.errors.add(event.text, at);
        return;
      case 'warning':
        this.warnings.add(event.text, at);
        return;
      case 'debug':
        this.debug = true;
    }
  }

  #opened({ address, port }: Extract<LogEvent, { kind: 'opened' }>, at: number): void {
    const entry = this.addresses.get(address);
    entry.seen(at);
    this.#open.add(entry, port, at);
    this.minutes.add(at);
  }

  #connected(event: Extract<LogEvent, { kind: 'connected' }>, at: number): void {
    const entry = this.addresses.get(event.address);
    this.#open.remove(entry, event.port);
    entry.seen(at);
    const client = this.clients.get(event.client);
    // of equal names the one that is kept: comparing it with itself costs nothing
    const user = event.user === event.client ? client.key : event.user;
    entry.connect(client.key, at);
    client.seen(at);
    client.connect(entry.key, user, event.level, at);
    client.onlineSince = this.generation;
    this.totals.connected++;
    this.cells.add('connected', at);
    this.lockout.connected();
    this.#tls = null;
  }

  #ended({ client, address, port, how }: Extract<LogEvent, { kind: 'ended' }>, at: number): void {
    const tls = this.#tls;
    const refusing = this.#refusing;
    this.#tls = null;
    this.#refusing = null;
    const entry = client === null ? null : this.clients.get(client);
    if (entry) {
      // it said its name and was refused all the same
      const turnedAway = how === 'credentials' && entry.onlineSince !== this.generation;
      if (!turnedAway) {
        this.#left(entry, how, at);
        return;
      }
      entry.seen(at);
      entry.refused++;
      entry.lastRefused = at;
    }
    const from = address === null ? refusing : address;
    const found =
      from !== null && (address !== null || this.#open.has(from))
        ? { entry: this.addresses.get(from), guessed: false }
        : this.#open.likely(at);
    if (found) {
      if (address === null) this.#open.removeOf(found.entry);
      else this.#open.remove(found.entry, port);
      found.entry.seen(at);
      if (entry) found.entry.note(entry.key);
    }
    if (how === 'closed' && tls === null) {
      // it knocked and went: a port scan, the probe of a load balancer
      this.totals.silent++;
      if (found) found.entry.silent++;
      return;
    }
    const cause: RefusalCause = tls ?? (how === 'credentials' ? 'credentials' : how === 'protocol' ? 'protocol' : 'other');
    this.#refuse(cause, at, found?.entry ?? null, found?.guessed ?? false);
  }

  #left(client: ClientEntry, how: Ending, at: number): void {
    client.seen(at);
    if (how === 'timeout') client.timeouts++;
    if (how === 'oversize') client.oversize++;
    // 2.1 tells of a takeover as the end of the old connection; the new one is told next
    if (how === 'takeover') client.take(at);
    else client.onlineSince = -1;
  }

  /** The one line that names the address of somebody who was refused. */
  #failed(address: string, cause: RefusalCause, at: number): void {
    const entry = this.addresses.get(address);
    entry.seen(at);
    // it is refused before it is told as a new connection
    this.minutes.add(at);
    if (cause === 'full') this.full.add(address, at);
    this.#tls = null;
    this.#refuse(cause, at, entry, false);
  }

  #refuse(cause: RefusalCause, at: number, entry: AddressEntry | null, guessed: boolean): void {
    this.totals.refused++;
    const index = refusalCauses.indexOf(cause);
    this.causes[index] = (this.causes[index] as number) + 1;
    this.cells.add('refused', at);
    entry?.refuse(cause, at, guessed);
    this.lockout.refused(cause, entry, at);
  }

  #denied(name: string, topic: string, at: number): void {
    this.debug = true;
    const client = this.clients.get(name);
    client.seen(at);
    client.deny(topic, at);
    this.totals.denied++;
    this.cells.add('denied', at);
  }

  #broker(kind: 'start' | 'running' | 'stop', version: string, at: number): void {
    if (this.versions.length < 8 && !this.versions.includes(version)) this.versions.push(version.slice(0, 40));
    if (kind === 'start') {
      // it never said that it ends
      if (this.#running) this.crashes.add('', at);
      this.starts.add('', at);
      this.generation++;
      this.#open.clear();
      this.lockout.changed('start', at);
      this.minutes.started(at);
    }
    this.#running = kind !== 'stop';
    if (kind === 'stop') this.generation++;
  }
}
