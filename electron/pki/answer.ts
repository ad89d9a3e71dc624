import type { AnswerRefusal } from '../../shared/model/answer.ts';
import { isSignedBy, lintLink } from './lint/chain.ts';
import type { Finding } from './lint/finding.ts';
import { isAuthority, lintForeignCertificate } from './lint/foreign.ts';
import { purposeNames } from './object-names.ts';
import type { CertificateInfo } from './read.ts';

/** A certificate of the answer in its place in the chain, with what is wrong with it and with the step above it. */
export interface AnswerLink {
  readonly certificate: CertificateInfo;
  readonly findings: readonly Finding[];
}

export interface JudgedAnswer {
  /** The certificate for our key, its issuers, the root last; as far as it goes. */
  readonly chain: readonly AnswerLink[];
  readonly refusal: AnswerRefusal | null;
}

/** What stops a chain; the rest of what the linter finds in somebody else's certificates is for a person to see. */
const unsound = ['issuer-name', 'signature-verifies', 'chain-issuer-not-ca', 'chain-key-usage', 'chain-path-length'];
const longest = 8;

/**
 * Judges what another authority sent back: finds the certificate for our key, climbs to a root that signed itself (RFC 5280
 * §6.1; it must be among the certificates), and says why it cannot be used for a server. `accepts` says whether a certificate
 * is valid for the name that clients connect to. `now` in ms.
 */
export function judgeAnswer(
  certificates: readonly CertificateInfo[],
  { spki, now, accepts }: { readonly spki: Buffer; readonly now: number; readonly accepts: (leaf: CertificateInfo) => boolean },
): JudgedAnswer {
  if (certificates.length === 0) return { chain: [], refusal: 'no-certificate' };
  // the same key may have been certified before: the newest counts
  const [leaf] = certificates
    .filter((each) => each.spki.equals(spki))
    .sort((a, b) => b.notBefore.getTime() - a.notBefore.getTime());
  if (!leaf) return { chain: [], refusal: 'key' };
  const infos = climb(leaf, certificates);
  const chain = infos.map((certificate, level) => {
    const issuer = infos[level + 1];
    const steps = issuer ? lintLink(certificate, issuer, level) : [];
    return { certificate, findings: [...lintForeignCertificate(certificate, now), ...steps] };
  });
  return { chain, refusal: leafRefusal(leaf, now, accepts) ?? chainRefusal(chain) };
}

function climb(leaf: CertificateInfo, certificates: readonly CertificateInfo[]): CertificateInfo[] {
  const chain = [leaf];
  for (let current = leaf; !current.selfIssued && chain.length < longest; ) {
    const named = certificates.filter((each) => !chain.includes(each) && each.subjectDer.equals(current.issuerDer));
    const issuer = named.find((each) => isSignedBy(current.der, each.spki) === true) ?? named[0];
    if (!issuer) break;
    chain.push(issuer);
    current = issuer;
  }
  return chain;
}

function leafRefusal(leaf: CertificateInfo, now: number, accepts: (leaf: CertificateInfo) => boolean): AnswerRefusal | null {
  if (leaf.notAfter.getTime() <= now) return 'ended';
  if (leaf.notBefore.getTime() > now) return 'not-yet';
  if (isAuthority(leaf)) return 'is-authority';
  const serves = leaf.extendedKeyUsage?.some((oid) => ['serverAuth', 'anyExtendedKeyUsage'].includes(purposeNames[oid] ?? ''));
  if (serves === false) return 'purpose';
  return accepts(leaf) ? null : 'name';
}

function chainRefusal(chain: readonly AnswerLink[]): AnswerRefusal | null {
  const root = chain.at(-1)?.certificate;
  const steps = chain.flatMap(({ findings }) => findings).some(({ rule }) => unsound.includes(rule));
  if (steps) return 'chain-unsound';
  if (!root?.selfIssued || chain.length < 2) return 'chain-incomplete';
  // a name that calls itself its own issuer is no root yet; a hash that nobody verifies any more cannot tell
  return isSignedBy(root.der, root.spki) === false ? 'chain-unsound' : null;
}
