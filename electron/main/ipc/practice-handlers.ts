import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, utilityProcess } from 'electron';
import type { EventName } from '../../../shared/bridge.ts';
import type { CallOutput, EventPayload } from '../../../shared/contract.ts';
import type { VaultState } from '../../../shared/model/vault.ts';
import type { FromPractice } from '../../broker/practice/channel.ts';
import type { BrokerProcess } from '../broker-process.ts';
import { LocalBroker } from '../local-broker.ts';
import type { PracticeFolders } from '../practice-folder.ts';
import type { VaultHost } from '../vault-host.ts';
import type { Handlers } from './answer-calls.ts';

/** Practice as the window's program sees it: what it has to know before these handlers are even loaded. */
export interface Practising {
  /** Ends broker, vault and folder. The vault's thread has turned to another file by then. */
  readonly cleanUp: () => Promise<void>;
  /** After the vault's thread crashed: opens the throw-away vault again. */
  readonly reopen: () => Promise<VaultState>;
}

export interface PracticeParts {
  readonly host: Pick<VaultHost, 'call'>;
  readonly tell: <N extends EventName>(name: N, payload: EventPayload<N>) => void;
  readonly folders: PracticeFolders;
  readonly state: () => VaultState | null;
  readonly changed: (state: VaultState) => VaultState;
  /** Turns to a vault file, ends practice if there is any. */
  readonly use: (file: string) => Promise<VaultState>;
  readonly file: () => string;
  readonly practising: { get: () => Practising | null; set: (next: Practising | null) => void };
  readonly operator: () => string;
  /** Ends what has its keys from the vault in use. */
  readonly leave: () => Promise<void>;
  readonly onBroker: (broker: LocalBroker) => void;
}

type PracticeHandlers = Pick<
  Handlers,
  | 'practice.begin'
  | 'practice.leave'
  | 'practice.attempt'
  | 'practice.install'
  | 'localBroker.state'
  | 'localBroker.addresses'
  | 'localBroker.start'
  | 'localBroker.restart'
  | 'localBroker.stop'
>;

const loopback = '127.0.0.1';

export function createPracticeHandlers(parts: PracticeParts): PracticeHandlers {
  const { host, tell, folders, practising } = parts;
  const broker = new LocalBroker({
    start: startBrokerProcess,
    host,
    tell: (view) => tell('localBroker.changed', view),
    unlocked: () => parts.state()?.state === 'unlocked',
    file: parts.file,
  });
  parts.onBroker(broker);
  let beginning: Promise<VaultState> | null = null;
  const begin = async (): Promise<VaultState> => {
    const before = parts.state();
    await parts.leave();
    await broker.stop();
    const folder = folders.make();
    const file = join(folder, 'practice.fieldkey');
    try {
      const operator = parts.operator();
      const { state, passphrase, projectId } = await host.call('practice.create', { file, operator });
      practising.set({
        cleanUp: async () => {
          await broker.stop();
          await folders.remove(folder);
        },
        reopen: async () => {
          await host.call('vault.use', { file });
          return host.call('vault.unlock', { passphrase, operator });
        },
      });
      await broker.start({ purpose: 'practice', projectId, host: loopback, port: 0 });
      await broker.startMeters();
      // what a page has read from the vault before must be gone from it
      if (before?.state === 'unlocked')
        parts.changed({ state: 'locked', file: before.file, lastOperator: before.operator, keychain: false });
      return parts.changed(state);
    } catch (error) {
      // back to where we were, with the reason
      await parts
        .use(parts.file())
        .then(parts.changed)
        .catch(() => undefined);
      await folders.remove(folder).catch(() => undefined);
      throw error;
    }
  };
  return {
    'practice.begin': () => {
      const state = parts.state();
      if (practising.get() && state) return state;
      beginning ??= begin().finally(() => {
        beginning = null;
      });
      return beginning;
    },
    'practice.leave': async () => {
      const state = parts.state();
      if (!practising.get() && state) return state;
      return parts.changed(await parts.use(parts.file()));
    },
    'practice.attempt': (input) => broker.attempt(input),
    'practice.install': async ({ deviceId }) => {
      await broker.startMeters([deviceId]);
      return {};
    },
    'localBroker.state': () => broker.view,
    'localBroker.addresses': () => addresses(),
    'localBroker.start': async (input) => {
      await broker.start({ purpose: 'temporary', ...input });
      return broker.view;
    },
    'localBroker.restart': async () => {
      await broker.restart();
      if (broker.purpose === 'practice') await broker.startMeters();
      return broker.view;
    },
    'localBroker.stop': async () => {
      // practice has a way out of its own
      if (broker.purpose === 'temporary') await broker.stop();
      return {};
    },
  };
}

/** Addresses of this computer. Those of a link only (RFC 4291 §2.5.6, RFC 3927) are no place that a device could be given. */
function addresses(): CallOutput<'localBroker.addresses'> {
  return Object.entries(networkInterfaces()).flatMap(([name, list]) =>
    (list ?? [])
      .filter(({ address }) => !/^(fe80:|169\.254\.)/i.test(address))
      .map(({ address, family, internal }) => ({ name, address, family: family === 'IPv6' ? 6 : 4, internal }) as const),
  );
}

function startBrokerProcess(): BrokerProcess {
  // chunks lie beside the entries, see electron.vite.config.ts
  const child = utilityProcess.fork(fileURLToPath(new URL('./practice-worker.js', import.meta.url)), [], {
    serviceName: 'Fieldkey broker',
    stdio: 'ignore',
  });
  const kill = () => void child.kill();
  app.once('will-quit', kill);
  child.once('exit', () => app.removeListener('will-quit', kill));
  return {
    post: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', (message: FromPractice) => listener(message)),
    onExit: (listener) => void child.on('exit', listener),
    end: kill,
  };
}
