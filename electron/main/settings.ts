import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Settings, settingsSchema } from '../../shared/contract/settings.ts';
import type { ParsedInput } from '../../shared/contract.ts';
import { errorReport } from './error-report.ts';
import { logError } from './log.ts';

/** What this computer remembers; nothing in it is secret or needed to use a vault elsewhere. */
interface Stored {
  readonly settings: Settings;
  /** The vault that was used last, and by whom: the unlock page is drawn with it before the vault is looked at. */
  readonly vaultFile: string | null;
  readonly lastOperator: string | null;
}

/** Settings in one JSON file. A damaged or missing file gives the defaults: it holds nothing that could be lost. */
export class SettingsStore {
  readonly #file: string;
  #stored: Stored;

  constructor(file: string) {
    this.#file = file;
    this.#stored = read(file);
  }

  get settings(): Settings {
    return this.#stored.settings;
  }

  get vaultFile(): string | null {
    return this.#stored.vaultFile;
  }

  change(part: ParsedInput<'settings.change'>): Settings {
    const { settings } = this.#stored;
    const defaults = { ...settings.defaults, ...part.defaults };
    this.#write({ ...this.#stored, settings: settingsSchema.parse({ ...settings, ...part, defaults }) });
    return this.settings;
  }

  /** Who used this vault here last; null for one that was never unlocked on this computer. */
  lastOperatorOf(vaultFile: string): string | null {
    return vaultFile === this.#stored.vaultFile ? this.#stored.lastOperator : null;
  }

  remember(vaultFile: string, operator?: string): void {
    const lastOperator = operator ?? this.lastOperatorOf(vaultFile);
    if (vaultFile === this.#stored.vaultFile && lastOperator === this.#stored.lastOperator) return;
    this.#write({ ...this.#stored, vaultFile, lastOperator });
  }

  #write(next: Stored): void {
    this.#stored = next;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      // rename replaces in one step: a crash leaves the old file or the new one
      writeFileSync(`${this.#file}.new`, JSON.stringify(next, null, 2));
      renameSync(`${this.#file}.new`, this.#file);
    } catch (error) {
      // a read-only profile or a scanner that holds the file: the settings hold for this run, nothing else may fail
      logError(errorReport(error), error instanceof Error ? (error.stack ?? '') : '');
    }
  }
}

function read(file: string): Stored {
  try {
    const json = JSON.parse(readFileSync(file, 'utf8')) as { settings?: unknown; vaultFile?: unknown; lastOperator?: unknown };
    const settings = settingsSchema.safeParse(json.settings);
    return {
      // field by field: one that is not known any more must not cost the others
      settings: settings.success ? settings.data : settingsSchema.parse({}),
      vaultFile: typeof json.vaultFile === 'string' ? json.vaultFile : null,
      lastOperator: typeof json.lastOperator === 'string' ? json.lastOperator : null,
    };
  } catch {
    return { settings: settingsSchema.parse({}), vaultFile: null, lastOperator: null };
  }
}
