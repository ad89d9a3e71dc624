import { type RefusalCause, refusalCauses } from '../../../shared/model/broker-log.ts';
import { Peak } from './peak.ts';
import { copied } from './stamp.ts';

/** How many different things of an entry are remembered by name. */
const fewNames = 8;

/** What is known of one address. */
export class AddressEntry {
  readonly key: string;
  connected = 0;
  refused = 0;
  guessed = 0;
  silent = 0;
  readonly causes = new Uint32Array(refusalCauses.length);
  first = Number.NaN;
  last = Number.NaN;
  lastConnected = Number.NaN;
  firstRefused = Number.NaN;
  lastRefused = Number.NaN;
  /** Refused since somebody from here was connected last. */
  refusedSince = 0;
  peak: Peak | null = null;
  readonly clients: string[] = [];
  moreClients = false;

  constructor(key: string) {
    this.key = key;
  }

  seen(at: number): void {
    if (Number.isNaN(at)) return;
    // written so that the first one, compared with NaN, counts
    if (!(at >= this.first)) this.first = at;
    if (!(at <= this.last)) this.last = at;
  }

  refuse(cause: RefusalCause, at: number, guessed: boolean): void {
    this.refused++;
    this.refusedSince++;
    if (guessed) this.guessed++;
    const index = refusalCauses.indexOf(cause);
    this.causes[index] = (this.causes[index] as number) + 1;
    if (Number.isNaN(this.firstRefused)) this.firstRefused = at;
    this.lastRefused = at;
    // a full broker is not somebody's failed log-in
    if (cause === 'full') return;
    this.peak ??= new Peak();
    this.peak.add(at);
  }

  connect(client: string, at: number): void {
    this.connected++;
    this.refusedSince = 0;
    this.lastConnected = at;
    this.note(client);
  }

  note(client: string): void {
    if (!noted(this.clients, client)) this.moreClients = true;
  }
}

/** What is known of one client identifier. */
export class ClientEntry {
  readonly key: string;
  user = '';
  connected = 0;
  takeovers = 0;
  refused = 0;
  denied = 0;
  dropped = 0;
  timeouts = 0;
  oversize = 0;
  level = 0;
  first = Number.NaN;
  last = Number.NaN;
  lastRefused = Number.NaN;
  firstDenied = Number.NaN;
  lastDenied = Number.NaN;
  lastConnected = Number.NaN;
  connects: Peak | null = null;
  taken: Peak | null = null;
  /** Number of the broker's start in which it is connected; -1 = it is not. */
  onlineSince = -1;
  readonly addresses: string[] = [];
  readonly topics: string[] = [];

  constructor(key: string) {
    this.key = key;
  }

  seen(at: number): void {
    if (Number.isNaN(at)) return;
    if (!(at >= this.first)) this.first = at;
    if (!(at <= this.last)) this.last = at;
  }

  connect(address: string, user: string, level: number, at: number): void {
    this.connected++;
    this.level = level;
    this.lastConnected = at;
    if (user !== this.user) this.user = user === this.key ? user : copied(user.slice(0, 256));
    noted(this.addresses, address);
    this.connects ??= new Peak();
    this.connects.add(at);
  }

  deny(topic: string, at: number): void {
    this.denied++;
    if (Number.isNaN(this.firstDenied)) this.firstDenied = at;
    this.lastDenied = at;
    noted(this.topics, copied(topic.slice(0, 256)));
  }

  take(at: number): void {
    this.takeovers++;
    this.taken ??= new Peak();
    this.taken.add(at);
  }
}

/** Keeps the first few names, each a key or a copy. False when there is no room for another one. */
export function noted(names: string[], name: string): boolean {
  // mostly the same one again, and then the very same string
  if (names[0] === name || names.includes(name)) return true;
  if (names.length >= fewNames) return false;
  names.push(name);
  return true;
}
