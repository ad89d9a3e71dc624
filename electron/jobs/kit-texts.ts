import type { ExportFile } from '../../shared/model/bundle.ts';
import { sha256 } from '../bundle/sums.ts';
import type { VaultSession } from '../vault/session.ts';
import { type KitHashes, pathInKit } from './kit-difference.ts';

/** A revocation list of 100,000 entries has 5 MB and no line that anybody could compare. */
const longest = 262_144;

/** Keeps the texts of a kit that has been written, in place of those of the one before. Only inside `session.write`. */
export function keepKitTexts(session: VaultSession, projectId: number, files: readonly ExportFile[]): void {
  const before = new Map(session.tables.kitText.where('project_id = ?', projectId).map((row) => [row.path, row]));
  for (const file of files) {
    if (file.secret || file.content.byteLength > longest) continue;
    const path = pathInKit(file.path);
    const content = new TextDecoder().decode(file.content);
    const row = before.get(path);
    if (row === undefined) session.tables.kitText.insert({ project_id: projectId, path, content });
    else if (row.content !== content) session.tables.kitText.update({ ...row, content });
  }
}

/** Path in the kit → its text, of those files that an export with these hashes has written and that were kept. */
export function keptKitTexts(session: VaultSession, projectId: number, written: KitHashes): Map<string, string> {
  const encoder = new TextEncoder();
  return new Map(
    session.tables.kitText
      .where('project_id = ?', projectId)
      .filter(({ path, content }) => written[path] === sha256(encoder.encode(content)))
      .map(({ path, content }) => [path, content]),
  );
}
