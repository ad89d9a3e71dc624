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
import { callChannel } from '../../shared/bridge.ts';
import { Keychain } from './keychain.ts';
import type { Program } from './program.ts';
import { appOrigin, refuseFiles, registerAppScheme, serveApp } from './protocol.ts';
import { denyForeignRequests, denyNavigation, denyPermissions } from './session-policy.ts';
import { checkedSettings, readSettingsFile, themeIn } from './settings-file.ts';
import { rememberedSnapshot } from './start-snapshot.ts';
import { createWindow, loadRenderer, preloadPath } from './window.ts';

/**
 * Starts the window's program: the window first; what is behind it (program.ts) comes with the first call of its page.
 * `vaultFile`: from the command line, wins over the one used last.
 */
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
  const userData = app.getPath('userData');
  const stored = readSettingsFile(join(userData, 'settings.json'));
  nativeTheme.themeSource = themeIn(stored);
  const keychain = new Keychain(safeStorage, join(userData, 'keychain.json'));

  let window: BrowserWindow | null = null;
  let loading: Promise<Program> | null = null;
  const loadProgram = (): Promise<Program> => {
    loading ??= import('./program.ts').then(({ startProgram }) =>
      startProgram({ userData, stored, keychain, vaultFile: options.vaultFile, page: () => window?.webContents ?? null, isOurs }),
    );
    return loading;
  };
  /** What the first page shows: as a rule the program need not be loaded to know it. */
  const remembered = async () => {
    const settings = loading === null ? checkedSettings(stored, app.getVersion()) : null;
    const { vaultFile, lastOperator } = stored;
    const file = options.vaultFile ?? vaultFile;
    if (settings === null || typeof file !== 'string' || file !== vaultFile || typeof lastOperator !== 'string')
      return (await loadProgram()).remembered();
    return rememberedSnapshot(file, lastOperator, keychain, settings);
  };
  const isOurs = ({ senderFrame }: IpcMainInvokeEvent) =>
    senderFrame !== null &&
    senderFrame === window?.webContents.mainFrame &&
    senderFrame.url.startsWith(`${developmentUrl ?? appOrigin}/`);
  ipcMain.handle(callChannel, async (event, name, input) => (await loadProgram()).answer(event, name, input));

  const open = () => {
    window = createWindow({ preload: preloadPath(options.mainFolder), development: !app.isPackaged });
    window.on('closed', () => {
      window = null;
      void loading?.then((program) => program.pageGone());
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
    void Promise.resolve(loading)
      .then((program) => program?.end())
      .finally(() => {
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
    const lock = () => void loading?.then((program) => program.lock());
    powerMonitor.on('suspend', lock);
    powerMonitor.on('lock-screen', lock);
    open();
    app.on('activate', () => {
      if (!window) open();
    });
  });
}
