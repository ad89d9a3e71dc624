import type { CallOutput } from '../../shared/contract.ts';
import { FieldkeyError } from '../../shared/errors.ts';
import { type RuleId, rules } from '../../shared/rules/lint-catalogue.ts';
import { lintCertificate } from '../pki/lint/certificate.ts';
import type { Finding } from '../pki/lint/finding.ts';
import { lintForeignCertificate } from '../pki/lint/foreign.ts';
import { prepareLintIssuer } from '../pki/lint/issuer.ts';
import { readCertificate } from '../pki/read.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { outsideOf, settingsOf } from './lookup.ts';
import { testedDevice } from './test-certificate.ts';

/**
 * Judges a certificate of the vault as it was judged before it was stored, signature included, and says which rules there
 * are. One that somebody else signed, or that was imported, is judged as what others issue. Whether it has ended meanwhile is its state, no finding.
 * @throws CERTIFICATE_NOT_FOUND, VAULT_TAMPERED
 */
export function lintStored(session: VaultSession, certificateId: number): CallOutput<'certificate.lint'> {
  const row = session.tables.certificate.get(certificateId);
  if (!row) throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: String(certificateId) });
  const theirs = row.issuer_id === null || outsideOf(session, row.project_id).has(row.issuer_id);
  const own = theirs ? null : lintOwn(session, row);
  const foreign = own === null || (own.length > 0 && isImported(session, row));
  const findings = foreign ? lintForeignCertificate(readCertificate(row.der), session.now()) : own;
  const looked = (Object.keys(rules) as RuleId[]).filter((rule) => isFor(rule, foreign));
  return {
    findings: findings.map(({ rule, severity, source, params }) => ({ rule, severity, source, params: { ...params } })),
    rules: looked.map((rule) => ({ rule, source: rules[rule][1] })),
  };
}

/** Of an authority that was imported. What we issued below it has no findings; the rest is judged as what others issue. */
function isImported(session: VaultSession, { project_id: projectId, issuer_id: issuer }: CertificateRow): boolean {
  return settingsOf(session, projectId).imported?.authorities.includes(issuer ?? 0) === true;
}

/** Below each certificate that its authority had: a renewed one did not sign what is older than itself. */
function lintOwn(session: VaultSession, row: CertificateRow): Finding[] {
  const { der } = row;
  const kind = testedDevice(session, row.id) === undefined ? row.kind : 'test';
  if (kind === 'root') return lintCertificate(der, { kind });
  const issuers = session.tables.certificate.where(
    "authority_id = ? AND kind IN ('root', 'site') ORDER BY id DESC",
    row.issuer_id,
  );
  const judged = issuers.map((issuer) => lintCertificate(der, { kind: kind as never, issuer: prepareLintIssuer(issuer.der) }));
  return judged.sort((a, b) => a.length - b.length)[0] ?? lintCertificate(der, { kind: kind as never });
}

/** Rules of lists, requests, chains and keys are not looked at on a certificate. */
function isFor(rule: RuleId, foreign: boolean): boolean {
  if (/^(crl|request|chain)-/.test(rule)) return false;
  const isForeign = rule.startsWith('foreign-');
  if (!foreign) return !isForeign;
  return isForeign && !/^foreign-(crl|key-open|encryption|no-integrity)/.test(rule);
}
