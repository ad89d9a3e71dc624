import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { isErrorReport } from '../../shared/errors.ts';
import type { VaultSession } from './session.ts';

/**
 * Opens the private key of every authority that is in the vault and holds it against each of the authority's certificates:
 * an authority whose key does not open, or is another one, would be noticed on the day it has to sign.
 * One technical line for each finding, with the authority's name; the keys are wiped.
 */
export function* authorityKeyFindings(
  session: VaultSession,
): Generator<{ readonly finding: string; readonly authority: string }> {
  const { database } = session;
  const authorities = database
    .prepare<[], { id: number; name: string; key_id: number }>(
      'SELECT a.id, a.name, a.key_id FROM authority a JOIN private_key k ON k.id = a.key_id WHERE k.sealed IS NOT NULL',
    )
    .all();
  const certificates = database.prepare<[number], { id: number; der: Buffer }>(
    'SELECT id, der FROM certificate WHERE authority_id = ?',
  );
  for (const { id, name, key_id } of authorities) {
    const spki = publicHalf(session, key_id);
    if (spki === null) {
      yield { finding: `the key of ${name} does not open`, authority: name };
      continue;
    }
    for (const certificate of certificates.all(id)) {
      if (!spkiOf(certificate.der)?.equals(spki)) {
        yield { finding: `certificate ${certificate.id} of ${name} is not that of its key`, authority: name };
      }
    }
  }
}

/** The public half of a private key that is opened and wiped, in DER; null when it does not open. */
function publicHalf(session: VaultSession, keyId: number): Buffer | null {
  let pkcs8: Buffer | null = null;
  try {
    pkcs8 = session.openKey(keyId).pkcs8;
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    return createPublicKey(key).export({ format: 'der', type: 'spki' });
  } catch (error) {
    if (isErrorReport(error) && error.code === 'VAULT_LOCKED') throw error;
    return null;
  } finally {
    pkcs8?.fill(0);
  }
}

function spkiOf(der: Buffer): Buffer | null {
  try {
    return new X509Certificate(der).publicKey.export({ format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}
