import { useSyncExternalStore } from 'react';
import type { EventPayload } from '../../../../shared/contract.ts';
import type { ErrorReport } from '../../../../shared/errors.ts';
import type { VaultSpeaker } from '../../../../shared/model/own-connection.ts';
import type { PublishTemplate } from '../../../../shared/model/publish-template.ts';
import type { SubscriptionOptions } from '../../../../shared/model/subscription.ts';
import { LogStore } from './log-store.ts';

export type ConnectionState = EventPayload<'tester.state'>;
export type Qos = 0 | 1 | 2;

/** Who connects. A device stands here only after the takeover was accepted. */
export type PaneIdentity =
  | { readonly kind: 'observer' }
  | { readonly kind: 'device'; readonly deviceId: number; readonly id: string }
  /** A stored connection of one's own; `id`: its name. */
  | { readonly kind: 'own'; readonly ownId: number; readonly id: string; readonly speaksAs: VaultSpeaker | null };

/** Whom a broker of the project takes somebody for; null = nobody of the vault. */
export function speakerOf(identity: PaneIdentity): VaultSpeaker | null {
  if (identity.kind === 'own') return identity.speaksAs;
  return identity.kind === 'observer' ? identity : { kind: 'device', device: identity.id };
}

export interface Subscription {
  readonly filter: string;
  readonly qos: Qos;
  /** Of MQTT 5; nothing = as usual. */
  readonly options?: SubscriptionOptions | undefined;
  /** Its sign on messages, from 1; and its colour, where a person chose another one than the sign brings. */
  readonly mark?: number | undefined;
  readonly colour?: number | undefined;
  /** Granted QoS or reason code of the broker; null while it has not answered or nothing is connected. */
  readonly reasonCode: number | null;
}

/** One identity on the page: its connection, what it listens to and what it heard. It outlives the page, not the vault's lock. */
export interface Pane {
  readonly key: string;
  readonly projectId: number;
  readonly identity: PaneIdentity;
  readonly host: string;
  readonly port: number;
  /** Null before the first connect. */
  readonly state: ConnectionState | null;
  /** Main refused the call itself. */
  readonly error: ErrorReport | null;
  readonly subscriptions: readonly Subscription[];
  readonly messages: LogStore;
  /** The message that is being written; null before anything was. */
  readonly written: Written | null;
}

/** What stands in the form of a message. It is kept for as long as the window lives, and nowhere else. */
export interface Written {
  readonly template: PublishTemplate;
  /** Whose name stands for `{{device}}`; empty = nobody's. */
  readonly device: string;
  /** How many messages were sent from here: what `{{counter}}` counts. */
  readonly index: number;
}

let panes: readonly Pane[] = [];
const listeners = new Set<() => void>();

function publish(next: readonly Pane[]): void {
  panes = next;
  for (const each of listeners) each();
}

export function changePane(key: string, change: (pane: Pane) => Partial<Pane>): void {
  publish(panes.map((pane) => (pane.key === key ? { ...pane, ...change(pane) } : pane)));
}

export function paneOf(key: string): Pane | undefined {
  return panes.find((pane) => pane.key === key);
}

export function paneOfConnection(connectionId: string): Pane | undefined {
  return panes.find((pane) => pane.state?.connectionId === connectionId);
}

export function allPanes(): readonly Pane[] {
  return panes;
}

function keyOf(projectId: number, identity: PaneIdentity): string {
  if (identity.kind === 'observer') return `${projectId}`;
  return identity.kind === 'device' ? `${projectId}-${identity.deviceId}` : `${projectId}-own-${identity.ownId}`;
}

export function addPane(projectId: number, identity: PaneIdentity): Pane {
  const pane: Pane = {
    key: keyOf(projectId, identity),
    projectId,
    identity,
    host: '',
    port: 0,
    state: null,
    error: null,
    subscriptions: [],
    messages: new LogStore(),
    written: null,
  };
  const there = paneOf(pane.key);
  if (there) return there;
  publish([...panes, pane]);
  return pane;
}

export function dropPanes(unwanted: (pane: Pane) => boolean): void {
  for (const pane of panes) if (unwanted(pane)) pane.messages.finder.end();
  publish(panes.filter((pane) => !unwanted(pane)));
}

export function usePanes(): readonly Pane[] {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => panes,
  );
}

/** The connection is there, on its way, or will be tried again. */
export function isBusy(pane: Pane): boolean {
  return pane.state !== null && pane.state.phase !== 'closed';
}
