import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FieldkeyError } from '../../shared/errors.ts';
import { pemToDer } from '../pki/pem.ts';
import { readCertificate } from '../pki/read.ts';
import type { VaultSession } from '../vault/session.ts';

/**
 * Refuses to replace the export of another authority: two vaults can have a project of the same name (a mistyped path
 * makes a new one), and the bundles on the stick may be the only copy of their keys.
 * @throws EXPORT_OTHER_AUTHORITY
 */
export async function refuseOtherAuthority(session: VaultSession, directory: string, project: string): Promise<void> {
  const target = join(directory, project);
  const standing = await standingAuthority(target);
  if (standing === null) return;
  const ours = session.database.prepare<[string], number>('SELECT 1 FROM certificate WHERE lower(hex(fingerprint)) = ?').pluck();
  if (!fingerprints(standing).some((fingerprint) => ours.get(fingerprint) === 1)) {
    throw new FieldkeyError('EXPORT_OTHER_AUTHORITY', { directory: target });
  }
}

/** The CA file of the kit or, in an export of devices only, of any bundle; null when there is neither. */
async function standingAuthority(target: string): Promise<string | null> {
  const read = (...path: string[]) => readFile(join(target, ...path), 'utf8').catch(() => null);
  const kit = await read('broker/certs/ca.crt');
  if (kit !== null) return kit;
  for (const id of await readdir(join(target, 'devices')).catch(() => [])) {
    const ca = await read('devices', id, 'ca.crt');
    if (ca !== null) return ca;
  }
  return null;
}

/** What is no certificate is none of ours; the writer then says which files are foreign. */
function fingerprints(pem: string): string[] {
  try {
    return pemToDer(pem).map(({ der }) => readCertificate(der).fingerprint);
  } catch {
    return [];
  }
}
