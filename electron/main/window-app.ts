import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  app,
  type BrowserWindow,
  type IpcMainInvokeEvent,
  ipcMain,
  Menu,
  nativeTheme,
  powerMonitor,
  safeStorage,
  session,
} from 'electron';
import { callChannel, type EventName } from '../../shared/bridge.ts';
import type { EventPayload } from '../../shared/contract.ts';
import type { VaultState } from '../../shared/model/vault.ts';
import { AutoLock } from './auto-lock.ts';
import type { Answer } from './ipc/answer-calls.ts';
import type { HandlerParts } from './ipc/handlers.ts';
import type { Practising } from './ipc/practice-handlers.ts';
import { tell } from './ipc/tell.ts';
import { Keychain } from './keychain.ts';
import type { LocalBroker } from './local-broker.ts';
import { logTo } from './log.ts';
import { PracticeFolders } from './practice-folder.ts';
import { appOrigin, refuseFiles, registerAppScheme, serveApp } from './protocol.ts';
import { denyForeignRequests, denyNavigation, denyPermissions } from './session-policy.ts';
import { SettingsStore } from './settings.ts';
import { type StartSnapshot, startSnapshot, systemUser } from './start-snapshot.ts';
import { VaultHost } from './vault-host.ts';
import { createWindow, loadRenderer, preloadPath } from './window.ts';

/** Starts the window's program. `vaultFile`: from the command line, wins over the one used last. */
export function startWindowApp(options: { readonly mainFolder: string; readonly vaultFile: string | null }): void {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  registerAppScheme();
  denyNavigation();
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null);
  app.on('window-all-closed', () => app.quit());

  const developmentUrl = app.isPackaged ? null : (process.env['ELECTRON_RENDERER_URL'] ?? null);
  const settings = new SettingsStore(join(app.getPath('userData'), 'settings.json'));
  nativeTheme.themeSource = settings.settings.theme;
  const keychain = new Keychain(safeStorage, join(app.getPath('userData'), 'keychain.json'));
  logTo(join(app.getPath('userData'), 'logs', 'errors.log'));

  let window: BrowserWindow | null = null;
  const pageGone: (() => void)[] = [];
  let file = options.vaultFile ?? settings.vaultFile ?? join(app.getPath('userData'), 'vault.fieldkey');
  const tellPage = <N extends EventName>(name: N, payload: EventPayload<N>) => {
    if (window) tell(window.webContents, name, payload);
  };
  const folders = new PracticeFolders(app.getPath('userData'));
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
  const use = async (next: string) => {
    const ending = practising;
    practising = null;
    if (ending || (latest !== null && next !== file)) {
      // connections and broker have their keys from the vault that is left
      for (const end of closing) await end('closed');
      for (const end of leaving) await end();
      await broker?.stop();
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
  /**
   * What the first paint shows: a vault that was used here before is drawn before its thread has even started. Null when
   * only the thread knows; the page asks in any case.
   */
  const remembered = (): StartSnapshot | null => {
    const lastOperator = settings.lastOperatorOf(file);
    if (latest !== null) return startSnapshot(latest, settings.settings);
    if (lastOperator === null || !existsSync(file)) return null;
    return startSnapshot({ state: 'locked', file, lastOperator, keychain: keychain.mayOpen(file) }, settings.settings);
  };

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
  const ready: Pick<VaultHost, 'call'> = {
    call: (name, input) =>
      firstState()
        .catch(() => undefined)
        .then(() => host.call(name, input)),
  };

  const handlerParts: HandlerParts = {
    host: ready,
    settings,
    autoLock,
    keychain,
    vault: {
      file: () => file,
      use,
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
  const isOurs = ({ senderFrame }: IpcMainInvokeEvent) =>
    senderFrame !== null &&
    senderFrame === window?.webContents.mainFrame &&
    senderFrame.url.startsWith(`${developmentUrl ?? appOrigin}/`);
  let answer: Promise<Answer> | null = null;
  /** The schemas and handlers of all calls, loaded once: a page can be drawn without them. */
  const loadAnswer = () => {
    answer ??= Promise.all([import('./ipc/answer-calls.ts'), import('./ipc/handlers.ts')]).then(
      ([{ answerCalls }, { createHandlers }]) => answerCalls(createHandlers(handlerParts), isOurs),
    );
    return answer;
  };
  ipcMain.handle(callChannel, async (event, name, input) => (await loadAnswer())(event, name, input));

  const open = () => {
    window = createWindow({ preload: preloadPath(options.mainFolder), development: !app.isPackaged });
    window.on('closed', () => {
      window = null;
      for (const stop of pageGone) stop();
    });
    // the page first; its first call loads what answers it and starts the vault's thread: all want the processor
    void loadRenderer(window, developmentUrl);
  };
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  let ended = false;
  app.on('before-quit', (event) => {
    if (ended) return;
    // the vault is closed in order, so that no write-ahead log stays beside it on a stick
    event.preventDefault();
    // the page first: what it stores as it goes has to find the vault open. Its end leads here again, whatever other
    // window there may be
    if (window) {
      window.once('closed', () => app.quit());
      return window.close();
    }
    const end = async () => {
      // before the vault: its end is noted there
      await broker?.stop().catch(() => undefined);
      for (const close of closing) await close('closed');
      await host.end();
      await practising?.cleanUp().catch(() => undefined);
    };
    void end().finally(() => {
      ended = true;
      app.quit();
    });
  });

  void app.whenReady().then(() => {
    performance.mark('fieldkey:ready');
    denyPermissions(session.defaultSession);
    denyForeignRequests(session.defaultSession, developmentUrl);
    refuseFiles(session.defaultSession);
    serveApp(session.defaultSession, join(options.mainFolder, '..', 'renderer'), remembered);
    if (process.platform === 'darwin')
      Menu.setApplicationMenu(Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]));
    powerMonitor.on('suspend', lock);
    powerMonitor.on('lock-screen', lock);
    open();
    void folders.removeLeftovers();
    app.on('activate', () => {
      if (!window) open();
    });
  });
}
