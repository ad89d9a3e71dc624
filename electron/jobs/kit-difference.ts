import type { ExportFile } from '../../shared/model/bundle.ts';
import { sha256 } from '../bundle/sums.ts';

/** Path in the kit (`certs/crl.pem`) → SHA-256. */
export type KitHashes = Readonly<Record<string, string>>;

const folder = 'broker/';
/** They are read and run where they lie and never copied to the broker, so they are no reason to go there. */
const stayWhereTheyAre = ['README.txt', 'install.sh', 'lists.sh'];

export function kitHashes(files: readonly ExportFile[]): KitHashes {
  return Object.fromEntries(files.map((file) => [pathInKit(file.path), sha256(file.content)]));
}

export function pathInKit(path: string): string {
  return path.startsWith(folder) ? path.slice(folder.length) : path;
}

/** Files that the broker reads and that are new or different, in the kit's order. */
export function changedFiles(before: KitHashes, now: KitHashes): string[] {
  return Object.keys(now).filter((path) => !stayWhereTheyAre.includes(path) && before[path] !== now[path]);
}
