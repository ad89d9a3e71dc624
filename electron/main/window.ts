import { join } from 'node:path';
import { BrowserWindow, nativeTheme } from 'electron';
import { appOrigin } from './protocol.ts';

/** The page's own background in both themes, so that nothing flashes before the first paint. */
const background = { light: '#f5f7f8', dark: '#0c1415' } as const;

/** ms after loading in which the first frame has come, or never will. */
const frameLost = 1_500;

/** Creates the one window; it is shown when its first frame is ready. */
export function createWindow(options: { readonly preload: string; readonly development: boolean }): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Fieldkey',
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload: options.preload,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: options.development,
    },
  });
  const show = () => {
    if (window.isDestroyed() || window.isVisible()) return;
    performance.mark('fieldkey:shown');
    window.show();
  };
  window.once('ready-to-show', show);
  // where the graphics process ends in this very moment the first frame is lost, and with it the event above
  window.webContents.once('did-finish-load', () => setTimeout(show, frameLost));
  return window;
}

/** Loads the renderer: from the development server where there is one, else from app://. */
export function loadRenderer(window: BrowserWindow, developmentUrl: string | null): Promise<void> {
  return window.loadURL(developmentUrl ?? `${appOrigin}/index.html`);
}

export function preloadPath(mainFolder: string): string {
  return join(mainFolder, '..', 'preload', 'index.cjs');
}
