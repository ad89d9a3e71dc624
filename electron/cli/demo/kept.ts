import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { exportProject } from '../../jobs/export-project.ts';
import { probePlaintext } from '../../tester/probe.ts';
import { verifyVault } from '../../vault/verify.ts';
import { type Check, NotHeld } from './check.ts';
import { host, type Stage } from './stage.ts';

const sums = 'SHA256SUMS';

export const keptChecks: readonly Check<Stage>[] = [
  {
    id: 'export',
    group: 'kept',
    claim: 'Broker kit and device bundles, each file as SHA256SUMS says',
    needs: ['vault'],
    run: async (stage) => {
      const stick = join(stage.folder, 'stick');
      await mkdir(stick);
      const written = await exportProject(stage.session, stage.projectId, { directory: stick, signal: stage.signal });
      const { files, wrong } = await summed(written.directory);
      const facts = { files, bytes: written.bytes, devices: written.devices, leftOut: written.leftOut, wrong };
      if (files === 0 || wrong.length > 0) throw new NotHeld(`not as ${sums} says: ${wrong.join(', ') || 'no files'}`, facts);
      return { says: `${files} files of the broker and ${written.devices} devices, hashed again`, facts };
    },
  },
  {
    id: 'verify',
    group: 'kept',
    claim: 'Audit log and every row of the vault are as they were written',
    needs: ['vault'],
    run: async ({ session }) => {
      const { sound, entries, head, findings } = await verifyVault(session);
      if (!sound) throw new NotHeld(findings.join('; '), { entries, findings });
      return { says: `${entries} audit entries, no finding`, facts: { entries, head } };
    },
  },
  {
    id: 'removed',
    group: 'kept',
    claim: 'Nothing is left behind',
    needs: [],
    run: async (stage) => {
      const { folder, port } = stage;
      await stage.close();
      if (folder !== '' && existsSync(folder)) throw new NotHeld(`${folder} is still there`, { folder });
      const speaks = port === 0 ? 'unreachable' : (await probePlaintext(host, port, 2_000)).speaks;
      if (speaks !== 'unreachable') throw new NotHeld(`something still listens on port ${port}`, { port, speaks });
      return { says: 'the port is free, the folder is gone', facts: { folder, port } };
    },
  },
];

/** Hashes what lies in an export without the writer's help; `wrong` = differs from the list, is missing, or is not on it. */
export async function summed(directory: string): Promise<{ files: number; wrong: string[] }> {
  const listed = new Map(
    (await readFile(join(directory, sums), 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(66), line.slice(0, 64)] as const),
  );
  const wrong: string[] = [];
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const name = relative(directory, file).split(sep).join('/');
    if (name === sums) continue;
    const hash = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    if (listed.get(name) !== hash) wrong.push(name);
    listed.delete(name);
  }
  const files = entries.filter((each) => each.isFile()).length - 1;
  return { files, wrong: [...wrong, ...listed.keys()] };
}
