import { type CertificateRequest, type IssuedCertificate, issueCertificate } from './certificate.ts';
import { buildCrl, type CrlRequest, type IssuedCrl } from './crl.ts';
import { lintCertificate } from './lint/certificate.ts';
import { lintCrl } from './lint/crl.ts';
import { type Finding, requireClean } from './lint/finding.ts';
import { type LintIssuer, prepareLintIssuer } from './lint/issuer.ts';
import { forbiddenNames, namesOf } from './name-constraints.ts';
import { readCertificate } from './read.ts';
import { refuse } from './refusal.ts';

/**
 * The way to issue: build, sign, then judge the exact bytes with a linter that shares no code with the builder. What
 * comes out may be stored; what has an error throws LINT_FAILED and was never anywhere.
 */

const lintIssuers = new WeakMap<object, LintIssuer>();

/** The linter's view of an issuer, read once per prepared issuer. */
function lintIssuerOf(issuer: { readonly certificate: { readonly der: Buffer } }): LintIssuer {
  const known = lintIssuers.get(issuer);
  if (known !== undefined) return known;
  const prepared = prepareLintIssuer(issuer.certificate.der);
  lintIssuers.set(issuer, prepared);
  return prepared;
}

/** issueCertificate, linted with its signature, and held to the name constraints of the authorities above. The warnings that remain are for a person to see. */
export async function issueLinted(
  request: CertificateRequest,
): Promise<IssuedCertificate & { readonly warnings: readonly Finding[] }> {
  const issued = await issueCertificate(request);
  const issuer = 'selfSigned' in request.issuer ? undefined : lintIssuerOf(request.issuer);
  const warnings = lintCertificate(issued.der, { kind: request.kind, issuer, now: request.now });
  requireClean(warnings);
  if ('nameConstraints' in request.issuer && request.issuer.nameConstraints.length > 0) {
    if (forbiddenNames(namesOf(readCertificate(issued.der)), request.issuer.nameConstraints).length > 0)
      refuse('name-not-permitted');
  }
  return { ...issued, warnings };
}

/** buildCrl, linted with its signature. */
export async function buildLintedCrl(request: CrlRequest): Promise<IssuedCrl> {
  const crl = await buildCrl(request);
  requireClean(lintCrl(crl.der, { issuer: lintIssuerOf(request.issuer), now: request.now }));
  return crl;
}
