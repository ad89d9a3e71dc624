import { fileURLToPath } from 'node:url';
import { app, utilityProcess } from 'electron';
import type { EventName } from '../../../shared/bridge.ts';
import type { EventPayload } from '../../../shared/contract.ts';
import { FieldkeyError } from '../../../shared/errors.ts';
import type { FromTester } from '../../tester/channel.ts';
import { type ConnectionOwner, TesterHost, type TesterProcess } from '../tester-host.ts';
import type { VaultHost } from '../vault-host.ts';
import type { Handlers } from './answer-calls.ts';
import type { Measures } from './speakers.ts';

export interface TesterParts {
  readonly host: Pick<VaultHost, 'call'>;
  readonly tell: <N extends EventName>(name: N, payload: EventPayload<N>) => void;
  /** Whether the vault is open: messages cross to the page then only. */
  readonly unlocked: () => boolean;
  readonly measures: Measures;
}

type TesterHandlers = Pick<
  Handlers,
  | 'tester.list'
  | 'tester.connect'
  | 'tester.disconnect'
  | 'tester.subscribe'
  | 'tester.unsubscribe'
  | 'tester.publish'
  | 'tester.taken'
  | 'timed.start'
  | 'timed.stop'
  | 'timed.list'
>;

/** The calls of the tester. Keys go from the vault's thread to the tester's process and are wiped here on the way. */
export function createTesterHandlers({ host, tell, unlocked, measures }: TesterParts): TesterHandlers & {
  readonly testerHost: TesterHost;
  readonly endConnections: () => Promise<void>;
  readonly endObservers: () => Promise<void>;
  readonly closeOwn: (ended: 'locked' | 'closed') => Promise<void>;
} {
  const tester = new TesterHost({
    start: startTester,
    reopen: async ({ owner: { projectId, identity }, host: address, port, state: { connectionId } }) => {
      if (identity.kind === 'device') throw new FieldkeyError('CONNECTION_NOT_OPEN', {});
      if (identity.kind === 'observer') {
        const opened = await host.call('identity.open', { projectId, identity, host: address, port });
        return { connectionId, host: address, port, identity: opened, reconnects: true };
      }
      const { name: _, speaksAs: __, ...order } = await host.call('connection.open', { projectId, ownId: identity.ownId });
      return { connectionId, ...order };
    },
    onState: (state) => tell('tester.state', state),
    onMessages: (batch) => tell('tester.messages', batch),
    readable: unlocked,
    onRecording: (state) => tell('recording.changed', state),
    onRecordingJob: ({ jobId, step, done, total }) => tell('job.progress', { jobId, step, done, total }),
    // its topic may come from the vault
    onTimed: (state) => unlocked() && tell('timed.changed', state),
    onProving: ({ proofId, done, total }) => tell('job.progress', { jobId: proofId, step: 'prove', done, total }),
    onDiagnosing: (progress) => tell('doctor.progress', progress),
  });
  app.once('will-quit', () => tester.end());
  const endConnections = async () => {
    await Promise.all(tester.list().map(({ state }) => tester.disconnect(state.connectionId)));
  };
  /** The observer is one client for the broker: whoever else connects as it would fight with them. Of one project and host, or all. */
  const endObservers = async (at?: { readonly projectId: number; readonly host: string }) => {
    const observers = tester
      .list()
      .filter(({ owner }) => isObserver(owner.identity))
      .filter(({ owner, host: there }) => !at || (owner.projectId === at.projectId && sameHost(there, at.host)));
    await Promise.all(observers.map(({ state }) => tester.disconnect(state.connectionId)));
  };
  return {
    testerHost: tester,
    endObservers,
    /** Their broker or their vault goes. */
    endConnections,
    /**
     * Their passwords and keys lie in the vault. While it is locked a connection that lives goes on, since it needs them no more;
     * one that is lost does not come back. A vault that is left ends them.
     */
    closeOwn: async (ended) => {
      if (ended === 'locked') return tester.forgetOwn();
      const own = tester.list().filter(({ owner }) => owner.identity.kind === 'own');
      await Promise.all(own.map(({ state }) => tester.disconnect(state.connectionId)));
    },
    'tester.list': async () => {
      // device names and topics come from the vault: nobody is told of them while it is locked
      await host.call('project.list', undefined);
      return tester.list().map(({ owner, subscriptions, returns: _, ...rest }) => ({
        ...owner,
        ...rest,
        subscriptions: subscriptions.map((each) => ({ ...each })),
      }));
    },
    'tester.connect': async ({ connectionId, projectId, identity, host: address, port }) => {
      const living = tester.stateOf(connectionId);
      // a page that was loaded again finds its connection, without the vault
      if (living) return living;
      if (identity.kind === 'own') {
        const { name, speaksAs, ...order } = await host.call('connection.open', { projectId, ...identity });
        const own = { kind: 'own', ownId: identity.ownId, id: name, speaksAs } as const;
        if (isObserver(own)) {
          if (measures({ projectId, host: order.host })) {
            order.identity.key.fill(0);
            throw new FieldkeyError('OBSERVER_MEASURES', {});
          }
          await endObservers({ projectId, host: order.host });
        }
        const owner = { projectId, identity: own };
        const result = tester.connect({ connectionId, ...order }, owner);
        order.identity.key.fill(0);
        return await result;
      }
      const reconnects = identity.kind === 'observer';
      if (reconnects && measures({ projectId, host: address })) throw new FieldkeyError('OBSERVER_MEASURES', {});
      const opened = await host.call('identity.open', { projectId, identity, host: address, port });
      if (reconnects) await endObservers({ projectId, host: address });
      const owner =
        identity.kind === 'observer'
          ? { projectId, identity }
          : { projectId, identity: { kind: 'device', deviceId: identity.deviceId, id: opened.id } as const };
      const result = tester.connect({ connectionId, host: address, port, identity: opened, reconnects }, owner);
      // it was copied when it was posted
      opened.key.fill(0);
      return await result;
    },
    'tester.disconnect': async ({ connectionId, cut }) => {
      await tester.disconnect(connectionId, cut);
      return {};
    },
    'tester.subscribe': (input) => tester.subscribe(input),
    'tester.unsubscribe': async (input) => {
      await tester.unsubscribe(input);
      return {};
    },
    'tester.publish': (input) => tester.publish(input),
    'timed.start': async (input) => ({ ...(await tester.startTimed(input)) }),
    'timed.stop': async ({ connectionId }) => {
      await tester.stopTimed(connectionId);
      return {};
    },
    'timed.list': async () => {
      // topics come from the vault: nobody is told of them while it is locked
      await host.call('project.list', undefined);
      return tester.timed.map((state) => ({ ...state }));
    },
    'tester.taken': ({ connectionId }) => {
      tester.taken(connectionId);
      return {};
    },
  };
}

/** A connection with options of its own that speaks as the observer, whom a broker admits once. */
function isObserver(identity: ConnectionOwner['identity']): boolean {
  return identity.kind === 'observer' || (identity.kind === 'own' && identity.speaksAs?.kind === 'observer');
}

export function sameHost(one: string, other: string): boolean {
  const bare = (host: string) => host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return bare(one) === bare(other);
}

export function startTester(): TesterProcess {
  // chunks lie beside the entries, see electron.vite.config.ts
  const child = utilityProcess.fork(fileURLToPath(new URL('./tester-worker.js', import.meta.url)), [], {
    serviceName: 'Fieldkey tester',
    stdio: 'ignore',
  });
  return {
    post: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', (message: FromTester) => listener(message)),
    onExit: (listener) => void child.on('exit', listener),
    end: () => void child.kill(),
  };
}
