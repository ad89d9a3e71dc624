import { verify } from 'node:crypto';
import { elementOf, type Tlv } from './der-reader.ts';
import { wholeOctets } from './der-values.ts';
import type { Report } from './finding.ts';
import type { LintIssuer } from './issuer.ts';
import { signatureRules } from './rules-fields.ts';
import type { AlgorithmIdentifier } from './structure.ts';

interface Signed {
  readonly bytes: Uint8Array;
  readonly tbs: Tlv;
  readonly outerAlgorithm: AlgorithmIdentifier;
  readonly signature: Tlv;
}

/**
 * Verifies the signature with the issuer's key, under the outer algorithm as validators do (RFC 5280 §4.1.1.3, §5.1.1.3).
 * An algorithm that is not ours is a finding elsewhere and cannot be verified here.
 */
export function checkSignature(signed: Signed, issuer: LintIssuer, report: Report): void {
  report.attempt('signature', () => {
    const signature = wholeOctets(signed.bytes, signed.signature);
    const rule = signatureRules[signed.outerAlgorithm.oid];
    if (rule === undefined || !verifies(rule.hash, elementOf(signed.bytes, signed.tbs), issuer, signature)) {
      report.add('signature-verifies');
    }
  });
}

function verifies(hash: string, tbs: Uint8Array, issuer: LintIssuer, signature: Uint8Array): boolean {
  try {
    return verify(hash, tbs, issuer.publicKey, signature);
  } catch {
    // BoringSSL throws for some malformed signatures where OpenSSL answers false
    return false;
  }
}
