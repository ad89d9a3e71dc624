import type { EventPayload } from '../../../../shared/contract.ts';
import type { TestIdentity } from '../../../../shared/model/connection.ts';
import type { SubscriptionOptions } from '../../../../shared/model/subscription.ts';
import type { VaultState } from '../../../../shared/model/vault.ts';
import { call, reportOf } from '../../bridge/client.ts';
import { vaultNow } from '../../bridge/session.ts';
import type { Address } from '../../ui/address.ts';
import { freeMark } from './marks.ts';
import {
  addPane,
  type ConnectionState,
  changePane,
  dropPanes,
  isBusy,
  type Pane,
  type PaneIdentity,
  paneOf,
  paneOfConnection,
  type Qos,
} from './panes.ts';

let listening = false;
/** Connections that were connected once: their subscriptions are the tester's affair from then on. */
const asked = new Set<string>();
let restoring: Promise<void> | null = null;
/** Whose panes these are: the vault and its operator, also while it is locked. */
let owner: { readonly file: string; readonly operator: string } | null = null;

/** Hears the tester from the first connect on, also while other pages are shown. */
function listen(): void {
  if (listening) return;
  listening = true;
  window.fieldkey.on('tester.state', (payload) => take(payload as ConnectionState));
  window.fieldkey.on('tester.messages', (payload) => {
    const batch = payload as EventPayload<'tester.messages'>;
    paneOfConnection(batch.connectionId)?.messages.add(batch);
    // also when nobody wants them any more: the tester waits for it
    void call('tester.taken', { connectionId: batch.connectionId }).catch(() => undefined);
  });
  owner = openedBy(vaultNow());
  window.fieldkey.on('vault.changed', (payload) => vaultChanged(payload as VaultState));
}

function openedBy(vault: VaultState | undefined): typeof owner {
  return vault?.state === 'unlocked' ? { file: vault.file, operator: vault.operator } : null;
}

/**
 * Behind the lock nothing shows the panes and no message comes; what was there is there again when the same person opens the
 * same vault. Nobody else finds it.
 */
function vaultChanged(vault: VaultState): void {
  const opener = openedBy(vault);
  if (opener === null) {
    restoring = null;
    if (vault.file !== owner?.file) dropPanes(() => true);
    return;
  }
  if (opener.file !== owner?.file || opener.operator !== owner.operator) dropPanes(() => true);
  owner = opener;
  void restoreConnections();
}

/** What comes back is another connection, although it is the same for a person. */
const beginsAnew = ({ failure }: ConnectionState) => failure?.cause === 'tester-ended' || failure?.cause === 'resting';

function take(state: ConnectionState): void {
  const pane = paneOfConnection(state.connectionId);
  if (!pane) return;
  // a connection that comes back by itself asks for its filters again by itself; twice would bring retained messages twice
  const first = state.phase === 'connected' && !asked.has(state.connectionId);
  // another process counts from zero
  if (state.phase === 'waiting' && beginsAnew(state)) pane.messages.nextConnection();
  changePane(pane.key, () => ({ state }));
  if (!first) return;
  asked.add(state.connectionId);
  for (const { filter, qos, options } of pane.subscriptions) void subscribe(pane.key, filter, qos, options);
}

/**
 * Takes up the connections that live in main, once for each load of the page and each unlock: a page that was loaded
 * again, or a vault that was locked meanwhile, must not leave one behind that nobody sees. What waited for this page comes then.
 */
export function restoreConnections(): Promise<void> {
  listen();
  restoring ??= takeUp();
  return restoring;
}

async function takeUp(): Promise<void> {
  const living = await call('tester.list').catch(() => []);
  for (const { projectId, identity, host, port, state, subscriptions } of living) {
    const { connectionId } = state;
    const { key } = paneOfConnection(connectionId) ?? addPane(projectId, identity);
    if (!isBusy(paneOf(key) as Pane)) {
      asked.add(connectionId);
      changePane(key, () => ({
        host,
        port,
        state,
        subscriptions: subscriptions.map((each, at) => ({ ...each, mark: at + 1 })),
      }));
    }
    void call('tester.taken', { connectionId }).catch(() => undefined);
  }
}

/** Connects a pane. For a device the caller has shown the takeover warning and got a yes, each time anew. */
export async function connect(key: string, host: string, port: number, takeover = false): Promise<void> {
  const pane = paneOf(key);
  if (!pane || isBusy(pane)) return;
  listen();
  const connectionId = crypto.randomUUID();
  pane.messages.nextConnection();
  const waiting: ConnectionState = {
    connectionId,
    phase: 'connecting',
    protocolVersion: null,
    tls: null,
    granted: null,
    retryAt: null,
    failure: null,
  };
  changePane(key, () => ({ host, port, error: null, state: waiting }));
  const { identity, projectId } = pane;
  try {
    const state = await call('tester.connect', {
      connectionId,
      projectId,
      host,
      port,
      identity: wantedIdentity(identity, takeover),
    });
    // events may have told more by now
    if (paneOf(key)?.state === waiting) take(state);
  } catch (cause) {
    if (paneOf(key)?.state?.connectionId === connectionId) {
      changePane(key, () => ({ error: reportOf(cause), state: { ...waiting, phase: 'closed' } }));
    }
  }
}

/** `takeover`: of a connection of one's own, the warning was shown because it speaks as a device of the vault. */
function wantedIdentity(identity: PaneIdentity, takeover: boolean): TestIdentity {
  switch (identity.kind) {
    case 'observer':
      return { kind: 'observer' };
    case 'device':
      return { kind: 'device', deviceId: identity.deviceId, takeoverAccepted: true };
    case 'own':
      return { kind: 'own', ownId: identity.ownId, ...(takeover ? { takeoverAccepted: true as const } : {}) };
  }
}

/** Connects the observer and subscribes, unless it was connected before. */
export async function listenTo(key: string, filter: string, address: Address): Promise<void> {
  const pane = paneOf(key);
  if (!pane || pane.state) return;
  changePane(key, () => ({ subscriptions: [{ filter, qos: 1, reasonCode: null }] }));
  await connect(key, address.host, Number(address.port));
}

/** `cut`: without a word to the broker, which then publishes the last will. */
export async function disconnect(pane: Pane, cut = false): Promise<void> {
  const connectionId = pane.state?.connectionId;
  if (connectionId === undefined) return;
  try {
    await call('tester.disconnect', { connectionId, cut });
    changePane(pane.key, ({ state }) =>
      state?.connectionId === connectionId ? { state: { ...state, phase: 'closed', retryAt: null, failure: null } } : {},
    );
  } catch (cause) {
    changePane(pane.key, () => ({ error: reportOf(cause) }));
  }
}

/** Forgets what stands idle in other projects; who is connected there stays so, see OtherProjects. */
export function forgetIdle(projectId: number): void {
  dropPanes((pane) => pane.projectId !== projectId && !isBusy(pane));
}

/** Asks for a filter; the answer stands in the pane. A filter that is there already gets the new QoS and options. */
export async function subscribe(key: string, filter: string, qos: Qos, options?: SubscriptionOptions): Promise<void> {
  const connectionId = paneOf(key)?.state?.connectionId;
  if (connectionId === undefined) return;
  const put = (reasonCode: number | null) =>
    changePane(key, ({ subscriptions }) => {
      const at = subscriptions.findIndex((each) => each.filter === filter);
      const there = subscriptions[at];
      const entry = { filter, qos, options, reasonCode, mark: there?.mark ?? freeMark(subscriptions), colour: there?.colour };
      return { subscriptions: at < 0 ? [...subscriptions, entry] : subscriptions.with(at, entry) };
    });
  put(null);
  try {
    const { reasonCode } = await call('tester.subscribe', { connectionId, filter, qos, options });
    put(reasonCode);
  } catch (cause) {
    changePane(key, () => ({ error: reportOf(cause) }));
  }
}

export async function unsubscribe(pane: Pane, filter: string): Promise<void> {
  changePane(pane.key, ({ subscriptions }) => ({ subscriptions: subscriptions.filter((each) => each.filter !== filter) }));
  if (!isBusy(pane) || !pane.state) return;
  try {
    await call('tester.unsubscribe', { connectionId: pane.state.connectionId, filter });
  } catch (cause) {
    changePane(pane.key, () => ({ error: reportOf(cause) }));
  }
}
