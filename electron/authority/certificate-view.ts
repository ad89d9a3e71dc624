import type { CallOutput } from '../../shared/contract.ts';
import { FieldkeyError } from '../../shared/errors.ts';
import type { Judging } from '../../shared/rules/certificate-state.ts';
import { certificatePem } from '../pki/pem.ts';
import { nameText, readCertificate } from '../pki/read.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { judgingOf } from './lookup.ts';
import { certificateSummary } from './summaries.ts';
import { testedDevice } from './test-certificate.ts';

/** Everything that a person is shown of a certificate. @throws CERTIFICATE_NOT_FOUND, VAULT_TAMPERED */
export function certificateDetail(session: VaultSession, certificateId: number, now: number): CallOutput<'certificate.show'> {
  const row = session.tables.certificate.get(certificateId);
  if (!row) throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: String(certificateId) });
  const at = judgingOf(session, row.project_id, now);
  return testedDevice(session, certificateId) === undefined ? certificateDetailOf(row, at) : testDetailOf(row, at);
}

/** The same for a test certificate: it ends in a day, and nobody renews it. */
export function testDetailOf(row: CertificateRow, at: Judging): CallOutput<'certificate.show'> {
  const { state, ...detail } = certificateDetailOf(row, at);
  return { ...detail, kind: 'test', renewFrom: row.not_after, state: state === 'due' ? 'valid' : state };
}

/** The same for a row at hand. Names and addresses are read from the certificate itself, not from what was asked for. */
export function certificateDetailOf(row: CertificateRow, at: Judging): CallOutput<'certificate.show'> {
  const info = readCertificate(row.der);
  return {
    ...certificateSummary(row, at),
    issuerName: nameText(info.issuer),
    subjectName: nameText(info.subject),
    keyAlgorithm: info.keyAlgorithm,
    fingerprint: info.fingerprint,
    names: [...info.alternativeNames.dns],
    addresses: [...info.alternativeNames.ip],
    predecessorId: row.predecessor_id,
    pem: certificatePem(row.der),
  };
}
