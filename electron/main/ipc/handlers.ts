import { app, clipboard, dialog } from 'electron';
import type { VaultState } from '../../../shared/model/vault.ts';
import type { AutoLock } from '../auto-lock.ts';
import type { SettingsStore } from '../settings.ts';
import type { VaultHost } from '../vault-host.ts';
import type { Handlers } from './answer-calls.ts';

export interface HandlerParts {
  readonly host: VaultHost;
  readonly settings: SettingsStore;
  readonly autoLock: AutoLock;
  /** The vault file that is in use, and how to change it. */
  readonly vault: {
    readonly file: () => string;
    readonly use: (file: string) => Promise<VaultState>;
    readonly opened: () => Promise<VaultState>;
  };
  readonly changed: (state: VaultState) => VaultState;
  readonly settingsChanged: () => void;
}

const vaultFilter = { name: 'Fieldkey', extensions: ['fieldkey'] };

/** The handler table. What the vault answers goes to its thread as it is. */
export function createHandlers({ host, settings, autoLock, vault, changed, settingsChanged }: HandlerParts): Handlers {
  return {
    'app.start': async () => ({
      vault: await vault.opened(),
      settings: settings.settings,
      systemLanguage: app.getLocale(),
      platform:
        process.platform === 'win32' || process.platform === 'darwin' || process.platform === 'linux'
          ? process.platform
          : 'other',
      version: app.getVersion(),
    }),
    'settings.change': (part) => {
      const next = settings.change(part);
      settingsChanged();
      return next;
    },
    'vault.create': async (input) => {
      const state = await host.call('vault.create', input);
      settings.remember(vault.file());
      return changed(state);
    },
    'vault.unlock': async (input) => changed(await host.call('vault.unlock', input)),
    'vault.lock': async () => changed(await host.call('vault.lock', undefined)),
    'vault.choose': async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog({
        properties: ['openFile'],
        filters: [vaultFilter, { name: '*', extensions: ['*'] }],
      });
      const file = filePaths[0];
      return canceled || !file ? null : changed(await vault.use(file));
    },
    'vault.createAt': async () => {
      const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: vault.file(), filters: [vaultFilter] });
      return canceled || !filePath ? null : changed(await vault.use(filePath));
    },
    'project.list': () => host.call('project.list', undefined),
    'project.overview': (input) => host.call('project.overview', input),
    'device.list': (input) => host.call('device.list', input),
    'device.show': (input) => host.call('device.show', input),
    'certificate.show': (input) => host.call('certificate.show', input),
    'audit.verify': () => host.call('audit.verify', undefined),
    'clipboard.write': ({ text }) => {
      clipboard.writeText(text);
      return {};
    },
    activity: () => {
      autoLock.touch();
      return {};
    },
  };
}
