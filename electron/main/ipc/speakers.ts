import type { ConnectionOwner, TesterHost } from '../tester-host.ts';

export interface Resting {
  readonly projectId: number;
  /** Names in the certificates that are spoken with. */
  readonly names: ReadonlySet<string>;
  /** A connection of the project's own that is spoken through; null = none. */
  readonly ownId: number | null;
}

/** The observer of a project measures a load test there: whoever connects as it throws out the one that does. */
export type Measures = (at: { readonly projectId: number; readonly host: string }) => boolean;

/** The tester's connections by whom they speak as. */
export class Speakers {
  readonly #tester: Pick<TesterHost, 'list' | 'rest'>;

  constructor(tester: Pick<TesterHost, 'list' | 'rest'>) {
    this.#tester = tester;
  }

  /**
   * Ends the connections that would fight for their places with somebody who is about to speak in their name, and no others. Gives
   * what brings back those that may come back by themselves; a device never does.
   */
  rest({ projectId, names, ownId }: Resting): Promise<() => void> {
    const fighting = this.#tester
      .list()
      .filter(({ owner }) => owner.projectId === projectId)
      .filter(({ owner: { identity } }) => names.has(nameOf(identity)) || (identity.kind === 'own' && identity.ownId === ownId));
    return this.#tester.rest(fighting.map(({ state }) => state.connectionId));
  }
}

/** The name in the certificate of the vault that a connection shows; empty = it shows none of them. */
export function nameOf(identity: ConnectionOwner['identity']): string {
  switch (identity.kind) {
    case 'observer':
      return 'observer';
    case 'device':
      return identity.id;
    case 'own':
      return speakerName(identity.speaksAs) ?? '';
  }
}

export function speakerName(speaks: Extract<ConnectionOwner['identity'], { readonly kind: 'own' }>['speaksAs']): string | null {
  if (speaks === null) return null;
  return speaks.kind === 'observer' ? 'observer' : speaks.device;
}
