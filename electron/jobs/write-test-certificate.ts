import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FieldkeyError } from '../../shared/errors.ts';
import { identityOf } from '../authority/certificate-identity.ts';
import type { HandedKey } from '../authority/issuer.ts';
import { issueTestCertificate } from '../authority/test-certificate.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';

/**
 * Issues a test certificate for a device and writes it, with its key and what the broker is checked against, into a new
 * folder (`ca.crt`, `client.crt`, `client.key`). The audit log tells of it before the first file is there.
 * @throws as `issueTestCertificate`; EXPORT_NOT_WRITABLE, also for a folder that exists: nothing was issued then
 */
export async function writeTestCertificate(
  session: VaultSession,
  projectId: number,
  deviceId: number,
  directory: string,
  handed?: HandedKey,
): Promise<CertificateRow> {
  await attempt(directory, () => mkdir(directory));
  const certificate = await issueTestCertificate(session, projectId, deviceId, { place: directory }, handed).catch(
    async (error) => {
      await rmdir(directory).catch(() => undefined);
      throw error;
    },
  );
  const { certificateChain, key, ca } = identityOf(session, projectId, certificate);
  try {
    await attempt(directory, async () => {
      await writeFile(join(directory, 'client.key'), key, { mode: 0o600, flag: 'wx' });
      await writeFile(join(directory, 'client.crt'), certificateChain, { flag: 'wx' });
      await writeFile(join(directory, 'ca.crt'), ca, { flag: 'wx' });
    });
  } finally {
    key.fill(0);
  }
  return certificate;
}

async function attempt(directory: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FieldkeyError('EXPORT_NOT_WRITABLE', { directory, reason }, error);
  }
}
