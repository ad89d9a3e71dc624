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

/** What the certificate shall be for, with the answer to what only the project knows. */
export type AnswerUse =
  /** A server; whether the certificate is valid for the name that clients connect to. */
  | { readonly for: 'server'; readonly accepts: (leaf: CertificateInfo) => boolean }
  /** An authority of ours; what else is against it, once it may sign. */
  | {
      readonly for: 'authority';
      readonly against: (certificate: CertificateInfo, above: readonly CertificateInfo[]) => AnswerRefusal | null;
    };

/**
 * Judges what another authority sent back: finds the certificate for our key, climbs to a root that signed itself (RFC 5280
 * §6.1; it must be among the certificates), and says why it cannot be used. Without `spki` it is taken as given, whatever its key:
 * what is no authority. `now` in ms.
 */
export function judgeAnswer(
  certificates: readonly CertificateInfo[],
  { spki, now, use }: { readonly spki: Buffer | null; readonly now: number; readonly use: AnswerUse },
): JudgedAnswer {
  if (certificates.length === 0) return { chain: [], refusal: 'no-certificate' };
  // the same key may have been certified before: the newest counts
  const [leaf] = certificates
    .filter((each) => (spki ? each.spki.equals(spki) : !isAuthority(each)))
    .sort((a, b) => b.notBefore.getTime() - a.notBefore.getTime());
  if (!leaf) return { chain: [], refusal: spki ? 'key' : 'is-authority' };
  const infos = climb(leaf, certificates);
  const chain = infos.map((certificate, level) => {
    const issuer = infos[level + 1];
    // an authority of ours stands between its issuers and the leaves
    const steps = issuer ? lintLink(certificate, issuer, use.for === 'authority' ? level + 1 : level) : [];
    return { certificate, findings: [...lintForeignCertificate(certificate, now), ...steps] };
  });
  const first = timeRefusal(leaf, now) ?? (use.for === 'server' ? serverRefusal(leaf, use.accepts) : authorityRefusal(leaf));
  const refusal = first ?? chainRefusal(chain);
  if (refusal || use.for === 'server') return { chain, refusal };
  return { chain, refusal: weakRefusal(infos, chain) ?? use.against(leaf, infos.slice(1)) };
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

function timeRefusal(leaf: CertificateInfo, now: number): AnswerRefusal | null {
  if (leaf.notAfter.getTime() <= now) return 'ended';
  return leaf.notBefore.getTime() > now ? 'not-yet' : null;
}

function serverRefusal(leaf: CertificateInfo, accepts: (leaf: CertificateInfo) => boolean): AnswerRefusal | null {
  if (isAuthority(leaf)) return 'is-authority';
  const serves = leaf.extendedKeyUsage?.some((oid) => ['serverAuth', 'anyExtendedKeyUsage'].includes(purposeNames[oid] ?? ''));
  if (serves === false) return 'purpose';
  return accepts(leaf) ? null : 'name';
}

/** RFC 5280 §4.2.1.3, §4.2.1.9: an authority says that it is one, and may sign certificates and lists. */
function authorityRefusal(leaf: CertificateInfo): AnswerRefusal | null {
  if (leaf.basicConstraints?.ca !== true) return 'not-authority';
  const usage = leaf.keyUsage;
  return usage?.includes('keyCertSign') && usage.includes('cRLSign') ? null : 'may-not-sign';
}

/**
 * Thousands of certificates hang on it: a step that is signed with a broken hash, or that cannot be checked here at all, is not
 * taken on trust. Purposes of an authority limit those below it, as OpenSSL and Windows read them.
 */
function weakRefusal(infos: readonly CertificateInfo[], chain: readonly AnswerLink[]): AnswerRefusal | null {
  const weak = ['foreign-signature-weak', 'foreign-signature-unknown', 'foreign-key-weak'];
  if (chain.some(({ findings }) => findings.some(({ rule }) => weak.includes(rule)))) return 'chain-weak';
  const unchecked = infos.some((each, level) => {
    const issuer = infos[level + 1];
    return issuer !== undefined && isSignedBy(each.der, issuer.spki) !== true;
  });
  if (unchecked) return 'chain-weak';
  const clients = infos.every(
    ({ extendedKeyUsage }) =>
      extendedKeyUsage?.some((oid) => ['clientAuth', 'anyExtendedKeyUsage'].includes(purposeNames[oid] ?? '')) !== false,
  );
  return clients ? null : 'not-for-devices';
}

function chainRefusal(chain: readonly AnswerLink[]): AnswerRefusal | null {
  const root = chain.at(-1)?.certificate;
  const steps = chain.flatMap(({ findings }) => findings).some(({ rule }) => unsound.includes(rule));
  if (steps) return 'chain-unsound';
  if (!root?.selfIssued || chain.length < 2) return 'chain-incomplete';
  // a name that calls itself its own issuer is no root yet; a hash that nobody verifies any more cannot tell
  return isSignedBy(root.der, root.spki) === false ? 'chain-unsound' : null;
}
