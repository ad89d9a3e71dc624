import { FieldkeyError } from '../../shared/errors.ts';
import { sumsName } from './sums.ts';

const windowsReserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$/i;

/** True for a name that means the same on every file system a stick may have (Microsoft, "Naming Files, Paths, and Namespaces"). */
export function isPortableName(name: string): boolean {
  return /^[A-Za-z0-9._-]{1,255}$/.test(name) && !name.endsWith('.') && !windowsReserved.test(name);
}

/** Checks the paths of one export: relative, portable, and different also where case is ignored (FAT, Windows, macOS). */
export class ExportPaths {
  readonly #seen = new Set<string>();

  /** True when this path, in whatever case, is in the export already. */
  has(path: string): boolean {
    return this.#seen.has(path.toLowerCase());
  }

  add(path: string): void {
    if (!path.split('/').every(isPortableName))
      throw new FieldkeyError('INTERNAL', { detail: `export path is not portable: ${path}` });
    const folded = path.toLowerCase();
    if (this.#seen.has(folded) || folded === sumsName.toLowerCase()) {
      throw new FieldkeyError('INTERNAL', { detail: `export path exists twice: ${path}` });
    }
    this.#seen.add(folded);
  }
}
