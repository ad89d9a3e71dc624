import { writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { BrowserWindow, dialog } from 'electron';
import { FieldkeyError } from '../../../shared/errors.ts';
import type { VaultState } from '../../../shared/model/vault.ts';
import type { VaultHost } from '../vault-host.ts';
import type { Handlers } from './answer-calls.ts';

export interface SafetyParts {
  readonly host: Pick<VaultHost, 'call'>;
  readonly vaultFile: () => string;
  readonly changed: (state: VaultState) => VaultState;
  readonly remember: (file: string) => void;
}

type SafetyHandlers = Pick<
  Handlers,
  | 'backup.place'
  | 'backup.choose'
  | 'crl.choose'
  | 'crl.takeOver'
  | 'backup.write'
  | 'backup.verify'
  | 'backup.restore'
  | 'vault.restore'
  | 'shares.recover'
  | 'page.print'
  | 'page.pdf'
>;

const backupFilter = { name: 'Fieldkey backup', extensions: ['fieldkey-backup'] };
const any = { name: '*', extensions: ['*'] };

/** Dialogs for backup files, and printing. The page never names a file of its own: only one that a dialog gave. */
export function createSafetyHandlers({ host, vaultFile, changed, remember }: SafetyParts): SafetyHandlers {
  const given = new Set<string>();
  const ours = (file: string): string => {
    if (!given.has(file)) throw new FieldkeyError('INTERNAL', { detail: 'a file that no dialog gave' });
    return file;
  };
  const open = async (filters: { name: string; extensions: string[] }[], several = false): Promise<string[] | null> => {
    const properties: ('openFile' | 'multiSelections')[] = several ? ['openFile', 'multiSelections'] : ['openFile'];
    const { canceled, filePaths } = await dialog.showOpenDialog({ properties, filters });
    if (canceled || filePaths.length === 0) return null;
    for (const file of filePaths) given.add(file);
    return filePaths;
  };
  return {
    'backup.place': async () => {
      const { dir, name } = parse(vaultFile());
      const day = new Date().toISOString().slice(0, 10);
      const defaultPath = join(dir, `${name} ${day}.fieldkey-backup`);
      const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath, filters: [backupFilter] });
      if (canceled || !filePath) return null;
      given.add(filePath);
      return filePath;
    },
    'backup.choose': async () => (await open([backupFilter, any]))?.[0] ?? null,
    'crl.choose': () => open([{ name: 'CRL', extensions: ['pem', 'crl', 'der'] }, any], true),
    'crl.takeOver': ({ crls }) => host.call('crl.takeOver', { crls: crls.map(ours) }),
    'backup.write': (input) => host.call('backup.write', { ...input, file: ours(input.file) }),
    'backup.verify': (input) => host.call('backup.verify', { ...input, file: ours(input.file) }),
    'backup.restore': async (input) => {
      const restored = await host.call('backup.restore', { ...input, file: ours(input.file), crls: input.crls.map(ours) });
      remember(vaultFile());
      changed(restored.vault);
      return restored;
    },
    'vault.restore': async (input) => {
      const restored = await host.call('vault.restore', { ...input, crls: input.crls.map(ours) });
      changed(restored.vault);
      return restored;
    },
    'shares.recover': async (input) => changed(await host.call('shares.recover', input)),
    'page.print': () =>
      new Promise((resolve) => {
        const [window] = BrowserWindow.getAllWindows();
        if (!window) return resolve({ printed: false });
        const restore = whitePaper(window);
        window.webContents.print({ printBackground: true }, (printed) => {
          restore();
          resolve({ printed });
        });
      }),
    'page.pdf': async ({ name, landscape = false }) => {
      const [window] = BrowserWindow.getAllWindows();
      const { canceled, filePath } = await dialog.showSaveDialog({
        defaultPath: `${name}.pdf`,
        filters: [{ name: 'PDF', extensions: ['pdf'] }],
      });
      if (canceled || !filePath || !window) return null;
      const restore = whitePaper(window);
      const pdf = await window.webContents.printToPDF({ pageSize: 'A4', landscape, printBackground: true }).finally(restore);
      try {
        await writeFile(filePath, pdf, { mode: 0o600 });
      } catch (error) {
        const reason = (error as NodeJS.ErrnoException).code ?? String(error);
        throw new FieldkeyError('EXPORT_NOT_WRITABLE', { directory: parse(filePath).dir, reason }, error);
      }
      return filePath;
    },
  };
}

/** The margins of what is printed have the colour of the window, whatever the page says. Gives what puts that colour back. */
function whitePaper(window: BrowserWindow): () => void {
  const before = window.getBackgroundColor();
  window.setBackgroundColor('#ffffff');
  return () => {
    if (!window.isDestroyed()) window.setBackgroundColor(before);
  };
}
