import { join } from 'node:path';
import { app, type IpcMainInvokeEvent, nativeTheme, type WebContents } from 'electron';
import type { EventName } from '../../shared/bridge.ts';
import type { EventPayload } from '../../shared/contract.ts';
import type { VaultState } from '../../shared/model/vault.ts';
import { AutoLock } from './auto-lock.ts';
import type { Answer } from './ipc/answer-calls.ts';
import type { HandlerParts } from './ipc/handlers.ts';
import type { Practising } from './ipc/practice-handlers.ts';
import { tell } from './ipc/tell.ts';
import type { Keychain } from './keychain.ts';
import type { LocalBroker } from './local-broker.ts';
import { logTo } from './log.ts';
import { PracticeFolders } from './practice-folder.ts';
import { SettingsStore } from './settings.ts';
import type { SettingsFile } from './settings-file.ts';
import { rememberedSnapshot, type StartSnapshot, startSnapshot, systemUser } from './start-snapshot.ts';
import { VaultHost } from './vault-host.ts';
import { VaultTurns } from './vault-turns.ts';

/** What is behind the window: the vault's thread, and what answers the page. */
export interface Program {
  /**
   * What the first paint shows: a vault that was used here before is drawn before its thread has even started. Null when
   * only the thread knows; the page asks in any case.
   */
  remembered(): StartSnapshot | null;
  /** Answers a call of the page; the first one loads what answers all. Never rejects. */
  readonly answer: Answer;
  /** Locks what is open, as the computer goes to sleep. */
  lock(): void;
  /** What is done for a page ends with it. */
  pageGone(): void;
  /** Closes everything in order. */
  end(): Promise<void>;
}

interface Options {
  readonly userData: string;
  /** The settings' file as it was found. */
  readonly stored: SettingsFile;
  readonly keychain: Keychain;
  /** From the command line; wins over the one used last. */
  readonly vaultFile: string | null;
  /** The page of the window, while there is one. */
  readonly page: () => WebContents | null;
  /** Whether a call comes from our own page. */
  readonly isOurs: (event: IpcMainInvokeEvent) => boolean;
}

/** Starts what is behind the window, all but the vault's thread: that begins with the page's first call. */
export function startProgram({ userData, stored, keychain, vaultFile, page, isOurs }: Options): Program {
  const settings = new SettingsStore(join(userData, 'settings.json'), app.getVersion(), stored);
  logTo(join(userData, 'logs', 'errors.log'));

  const pageGone: (() => void)[] = [];
  let file = vaultFile ?? settings.vaultFile ?? join(userData, 'vault.fieldkey');
  const tellPage = <N extends EventName>(name: N, payload: EventPayload<N>) => {
    const contents = page();
    if (contents) tell(contents, name, payload);
  };
  const folders = new PracticeFolders(userData);
  /** Set while somebody practises. `file` stays the vault that was used before. */
  let practising: Practising | null = null;
  /** The broker on this computer; there once a page has asked for anything. */
  let broker: LocalBroker | null = null;
  const leaving: (() => Promise<void>)[] = [];
  const closing: ((ended: 'locked' | 'closed') => Promise<void>)[] = [];
  const host = new VaultHost(
    () => void recover().then(changed, () => undefined),
    (name, payload) => {
      if (name === 'vault.changed') return void changed(payload as VaultState);
      if (name === 'project.changed') broker?.projectChanged((payload as EventPayload<'project.changed'>).projectId);
      tellPage(name, payload);
    },
  );
  /** Connections and broker have their keys from the vault that is left. */
  const leave = async () => {
    for (const end of closing) await end('closed');
    for (const end of leaving) await end();
    await broker?.stop();
  };
  const use = async (next: string) => {
    const ending = practising;
    practising = null;
    if (ending || (latest !== null && next !== file)) {
      await leave();
      turns.turned();
    }
    file = next;
    const state = await host.call('vault.use', { file, held: keychain.slots });
    if (state.state !== 'none') settings.remember(file);
    await ending?.cleanUp();
    return state;
  };
  /** The vault's thread crashed: the same file again. Of a throw-away vault nobody but this process knows the passphrase. */
  const recover = () => practising?.reopen().catch(() => use(file)) ?? use(file);
  let latest: VaultState | null = null;
  let first: Promise<VaultState> | null = null;
  /** Starts the vault's thread, once. */
  const firstState = () => {
    first ??= use(file);
    return first;
  };
  const opened = async (): Promise<VaultState> => latest ?? firstState();
  const remembered = () =>
    latest === null
      ? rememberedSnapshot(file, settings.lastOperatorOf(file), keychain, settings.settings)
      : startSnapshot(latest, settings.settings);

  const changed = (state: VaultState): VaultState => {
    latest = state;
    const real = state.state === 'unlocked' && !state.practice;
    if (state.state !== 'unlocked') for (const end of closing) void end('locked');
    if (real) settings.remember(state.file, state.operator);
    // there is nothing to protect in a vault to practise with
    if (real) autoLock.arm();
    else autoLock.disarm();
    tellPage('vault.changed', state);
    if (state.state === 'unlocked') void broker?.vaultOpened();
    broker?.tell();
    return state;
  };
  const lock = () => {
    // also while it is being unlocked: the vault's thread lets the lock win
    if (latest !== null && latest.state !== 'none' && !practising)
      void host.call('vault.lock', undefined).then(changed, () => undefined);
  };
  const autoLock = new AutoLock(settings.settings.autoLockMinutes, lock);

  /** No call reaches the thread before it knows which file it is about. */
  const turns = new VaultTurns(host, () => firstState().catch(() => undefined));

  const handlerParts: HandlerParts = {
    host: turns,
    settings,
    autoLock,
    keychain,
    vault: {
      file: () => file,
      use,
      leave,
      bound: () => turns.bound(),
      opened,
      state: () => latest,
      onLeaving: (end) => leaving.push(end),
      onClosing: (end) => closing.push(end),
    },
    folders,
    practising: {
      get: () => practising,
      set: (next) => {
        practising = next;
      },
    },
    operator: () =>
      (latest?.state === 'unlocked' ? latest.operator : settings.lastOperatorOf(file)) ||
      settings.settings.defaults.operator ||
      systemUser() ||
      'Practice',
    onBroker: (made) => {
      broker = made;
    },
    changed,
    snapshot: (state) => startSnapshot(state, settings.settings),
    settingsChanged: () => {
      nativeTheme.themeSource = settings.settings.theme;
      autoLock.minutes = settings.settings.autoLockMinutes;
      tellPage('settings.changed', settings.settings);
    },
    tell: tellPage,
    onPageGone: (stop) => pageGone.push(stop),
  };
  let answer: Promise<Answer> | null = null;
  /** The schemas and handlers of all calls, loaded once: a page can be drawn without them. */
  const loadAnswer = () => {
    answer ??= Promise.all([import('./ipc/answer-calls.ts'), import('./ipc/handlers.ts')]).then(
      ([{ answerCalls }, { createHandlers }]) => answerCalls(createHandlers(handlerParts), isOurs),
    );
    return answer;
  };
  void folders.removeLeftovers();
  return {
    remembered,
    answer: async (event, name, input) => (await loadAnswer())(event, name, input),
    lock,
    pageGone: () => {
      for (const stop of pageGone) stop();
    },
    end: async () => {
      // before the vault: its end is noted there
      await broker?.stop().catch(() => undefined);
      for (const close of closing) await close('closed');
      await host.end();
      await practising?.cleanUp().catch(() => undefined);
    },
  };
}
