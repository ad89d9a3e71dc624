import { FieldkeyError } from '../../shared/errors.ts';
import type { VaultHost } from './vault-host.ts';

export type VaultCalls = Pick<VaultHost, 'call'>;

/** Calls after which what is open is another vault, or another state of the same one. */
const turning: ReadonlySet<string> = new Set<Parameters<VaultHost['call']>[0]>([
  'vault.create',
  'vault.restore',
  'backup.restore',
  'practice.create',
]);

/**
 * Knows when another vault was turned to. Numbers of projects, devices and certificates begin at 1 in every vault: work that
 * takes a while and began in one must neither take its keys from the next nor write there what came of it.
 */
export class VaultTurns implements VaultCalls {
  readonly #host: VaultCalls;
  readonly #ready: () => Promise<unknown>;
  #turn = 0;

  /** `ready`: before it ends no call may reach the thread. */
  constructor(host: VaultCalls, ready: () => Promise<unknown>) {
    this.#host = host;
    this.#ready = ready;
  }

  readonly call: VaultHost['call'] = (name, input) =>
    this.#ready().then(() => {
      if (turning.has(name)) this.turned();
      return this.#host.call(name, input);
    });

  /** Another file is turned to. */
  turned(): void {
    this.#turn++;
  }

  /** Calls of the vault that is in use now. Once another one is, they throw VAULT_LOCKED; so they do while it is locked. */
  bound(): VaultCalls {
    const turn = this.#turn;
    return {
      call: (name, input) =>
        this.#ready().then(() => {
          if (turn !== this.#turn) throw new FieldkeyError('VAULT_LOCKED', {});
          return this.#host.call(name, input);
        }),
    };
  }
}
