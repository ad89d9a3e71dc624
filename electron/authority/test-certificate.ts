import { FieldkeyError } from '../../shared/errors.ts';
import type { AuditDetail } from '../../shared/model/audit.ts';
import { generateKey } from '../pki/keys.ts';
import { issueLinted } from '../pki/linted.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { openDeviceIssuer } from './device-certificate.ts';
import type { HandedKey } from './issuer.ts';
import { currentCertificate, keyTypeOf, subjectOf } from './lookup.ts';
import { storeCertificate, storeKey } from './store-certificate.ts';
import { deviceOf } from './succeed-devices.ts';

/**
 * Issues a certificate for a day with which the tester speaks as a device whose key is not in the vault: the device's name,
 * a key of its own. It is the tester's, not the device's (see migration 12). `detail` goes into the audit entry; `handed` is
 * the key of who issues, when it is not in the vault.
 * @throws TEST_CERTIFICATE_REFUSED for a device that works with no valid certificate, or whose key is here; DEVICE_NOT_FOUND,
 * AUTHORITY_OFFLINE, ISSUER_EXPIRED, PROFILE_REFUSED, LINT_FAILED, CLOCK_WRONG
 */
export function issueTestCertificate(
  session: VaultSession,
  projectId: number,
  deviceId: number,
  detail: AuditDetail = {},
  handed?: HandedKey,
): Promise<CertificateRow> {
  return session.inTurn(async () => {
    const device = deviceOf(session, projectId, deviceId);
    const present = currentCertificate(session, deviceId);
    // nobody who was revoked gets in again by this door
    if (!present || session.hasPrivateKey(present.key_id))
      throw new FieldkeyError('TEST_CERTIFICATE_REFUSED', { device: device.name });
    const { project, authorityId, issuer } = openDeviceIssuer(session, projectId, handed);
    const key = await generateKey(keyTypeOf(session, projectId));
    const issued = await issueLinted({
      kind: 'test',
      subject: { ...subjectOf(project), commonName: device.name },
      spki: key.spki,
      issuer,
      now: new Date(session.now()),
    });
    const id = session.write((log) =>
      storeCertificate(session, log, issued, {
        projectId,
        kind: 'test',
        commonName: device.name,
        issuerId: authorityId,
        keyId: storeKey(session, key),
        testOf: deviceId,
        detail,
      }),
    );
    return session.tables.certificate.get(id) as CertificateRow;
  });
}

/** A device's test certificates, newest first. */
export function testCertificatesOf(session: VaultSession, deviceId: number): CertificateRow[] {
  return session.tables.certificate.where(
    'id IN (SELECT certificate_id FROM test_certificate WHERE device_id = ?) ORDER BY id DESC',
    deviceId,
  );
}

/** The one that can be used now, if there is one. */
export function usableTestCertificate(session: VaultSession, deviceId: number): CertificateRow | undefined {
  return testCertificatesOf(session, deviceId).find(({ status, not_after: ends }) => status === 'valid' && ends > session.now());
}

/** The device that a test certificate is for; undefined for any other certificate. */
export function testedDevice(session: VaultSession, certificateId: number): number | undefined {
  return session.tables.testCertificate.where('certificate_id = ?', certificateId)[0]?.device_id;
}
