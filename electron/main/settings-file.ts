import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Settings } from '../../shared/contract/settings.ts';

/** The file of the settings as it was found, not yet checked: settings.ts does that, with schemas that take their time to load. */
export interface SettingsFile {
  readonly settings?: unknown;
  /** The vault that was used last, and by whom: the unlock page is drawn with it before the vault is looked at. */
  readonly vaultFile?: unknown;
  readonly lastOperator?: unknown;
  /** `mark` of the settings when this program wrote them. */
  readonly mark?: unknown;
}

/** What is in the file; nothing where it is missing or is no JSON object. */
export function readSettingsFile(file: string): SettingsFile {
  try {
    const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof json === 'object' && json !== null ? json : {};
  } catch {
    return {};
  }
}

/** The theme in which the window opens, before its page is there. */
export function themeIn({ settings }: SettingsFile): 'system' | 'light' | 'dark' {
  const theme = typeof settings === 'object' && settings !== null && 'theme' in settings ? settings.theme : null;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Stands beside settings that were checked by `version` of the program, and fits no others. */
export function mark(settings: unknown, version: string): string {
  return createHash('sha256')
    .update(JSON.stringify([version, settings]))
    .digest('hex');
}

/**
 * The settings, where this version of the program checked and wrote them and nobody changed them since; otherwise null,
 * and the schemas have to tell what holds. Guards against older files and slips of an editor, not against anyone.
 */
export function checkedSettings(found: SettingsFile, version: string): Settings | null {
  return found.mark === mark(found.settings, version) ? (found.settings as Settings) : null;
}
