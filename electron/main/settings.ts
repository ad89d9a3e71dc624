import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Settings, settingsSchema } from '../../shared/contract/settings.ts';
import type { ParsedInput } from '../../shared/contract.ts';
import { errorReport } from './error-report.ts';
import { logError } from './log.ts';
import { mark, readSettingsFile, type SettingsFile } from './settings-file.ts';

/** What this computer remembers; nothing in it is secret or needed to use a vault elsewhere. */
interface Stored {
  readonly settings: Settings;
  readonly vaultFile: string | null;
  readonly lastOperator: string | null;
}

/** Settings in one JSON file. A damaged or missing file gives the defaults: it holds nothing that could be lost. */
export class SettingsStore {
  readonly #file: string;
  readonly #version: string;
  #stored: Stored;

  /** `found`: what is in the file, where somebody has read it already. `version`: the program's, for the mark in the file. */
  constructor(file: string, version: string, found = readSettingsFile(file)) {
    this.#file = file;
    this.#version = version;
    this.#stored = check(found);
    // once for each version: the next start draws its first page without the schemas
    if (this.#stored.lastOperator !== null && found.mark !== this.#mark()) this.#write(this.#stored);
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

  #mark(): string {
    return mark(this.#stored.settings, this.#version);
  }

  #write(next: Stored): void {
    this.#stored = next;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      // rename replaces in one step: a crash leaves the old file or the new one
      writeFileSync(`${this.#file}.new`, JSON.stringify({ ...next, mark: this.#mark() }, null, 2));
      renameSync(`${this.#file}.new`, this.#file);
    } catch (error) {
      // a read-only profile or a scanner that holds the file: the settings hold for this run, nothing else may fail
      logError(errorReport(error), error instanceof Error ? (error.stack ?? '') : '');
    }
  }
}

function check(found: SettingsFile): Stored {
  const settings = settingsSchema.safeParse(found.settings);
  return {
    // field by field: one that is not known any more must not cost the others
    settings: settings.success ? settings.data : settingsSchema.parse({}),
    vaultFile: typeof found.vaultFile === 'string' ? found.vaultFile : null,
    lastOperator: typeof found.lastOperator === 'string' ? found.lastOperator : null,
  };
}
