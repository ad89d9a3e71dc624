import type { RuleId } from '../../shared/rules/lint-catalogue.ts';
import type { Finding } from '../pki/lint/finding.ts';

type Values = Finding['params'];

const day = (ms: unknown) => new Date(Number(ms)).toISOString().slice(0, 10);

/** The rules of the linter that files of others can break, as sentences; our own profile's rules are named as they are. */
const sentences: Partial<Record<RuleId, (p: Values) => string>> = {
  'der-encoding': (p) => `is not encoded as DER asks for (${p['where']}: ${p['reason']})`,
  size: (p) => `is far too large (${p['octets']} bytes)`,
  'extension-duplicate': (p) => `has the extension ${p['oid']} twice; programs disagree on which one counts`,
  'key-algorithm': () => 'has a key that is neither RSA nor EC on P-256 or P-384; devices in the field cannot read it',
  'key-ec-point': () => 'has an EC key that is not an uncompressed point on its curve',
  'key-rsa-modulus': (p) => `has an RSA key of ${p['bits']} bits; 2048 to 4096 are right`,
  'key-rsa-exponent': () => 'has an RSA key with an exponent below 65537',
  'key-large': (p) => `has an RSA key of ${p['bits']} bits; chains of such keys are too large for small devices`,
  'issuer-name': () => 'names another issuer than the certificate that should have issued it',
  'authority-key-identifier-match': () => 'points to another key of its issuer (AKI and SKI differ)',
  'validity-within-issuer': () => 'is valid outside of the validity of its issuer',
  'signature-verifies': () => 'has a signature that does not verify under the key of its issuer',
  'crl-begun': () => 'begins in the future; Mosquitto refuses every client while it does',
  'crl-next-update': () => 'has no nextUpdate, so nobody notices when it is out of date',
  'request-version': (p) => `is of version ${p['version']}; there is only version 1`,
  'request-attributes': () => 'leaves the attributes out; strict readers refuse it',
  'request-extension-unreadable': (p) => `asks for an extension that cannot be read (${p['where']})`,
  'request-challenge-password': () => 'carries a challenge password that everybody can read',
  'request-ca': () => 'asks to become an authority',
  'request-san-missing': () => 'is for a server and names no host (subjectAltName); clients compare nothing else',
  'request-possession': () => 'has a signature that does not fit its key: no proof that whoever made it has the key',
  'foreign-version-1': (p) => `is of version ${p['version']} without extensions: every program must guess what it is for`,
  'foreign-key-weak': (p) => `has a weak key (${p['key']})`,
  'foreign-key-unusual': (p) => `has a key that many devices cannot read (${p['key']})`,
  'foreign-signature-weak': (p) => `is signed with a broken hash (${p['algorithm']}); current software refuses it`,
  'foreign-signature-unknown': (p) => `is signed in a way that many devices cannot read (${p['algorithm']})`,
  'foreign-validity-long': (p) => `is valid for ${p['days']} days; nobody will replace it in time when it must be`,
  'foreign-expired': (p) => `expired on ${day(p['notAfter'])}`,
  'foreign-expires-soon': (p) => `expires on ${day(p['notAfter'])}`,
  'foreign-not-yet-valid': (p) => `is valid only from ${day(p['notBefore'])}`,
  'foreign-san-missing': (p) =>
    `is for a server and has "${p['commonName']}" only as common name; current clients look at subjectAltName alone`,
  'foreign-ca-constraints': () => 'is used as an authority and does not say so (basicConstraints); many programs refuse it',
  'foreign-ca-constraints-not-critical': () => 'is an authority whose basicConstraints is not critical',
  'foreign-ca-key-usage': () => 'is an authority without keyUsage keyCertSign',
  'foreign-ca-key-identifier': () =>
    'is an authority without subjectKeyIdentifier; with two roots of one name programs pick the wrong one',
  'foreign-authority-key-identifier': () => 'has no authorityKeyIdentifier',
  'foreign-leaf-signs': () => 'is no authority and may sign certificates all the same (keyCertSign)',
  'foreign-serial-weak': () => 'has a short serial number that can be guessed',
  'foreign-self-signed': () => 'signed itself: each device must trust it by itself, and it cannot be revoked',
  'foreign-crl-expired': (p) => `should have been replaced on ${day(p['nextUpdate'])}; Mosquitto refuses every client with it`,
  'foreign-crl-number': () => 'has no number, so an old list cannot be told from a new one',
  'foreign-key-open': () => 'can be read by whoever has the file (not encrypted)',
  'foreign-encryption-weak': (p) => `is encrypted in an outdated way (${p['scheme']})`,
  'foreign-no-integrity': () => 'is not protected against changes (no MAC)',
  'chain-issuer-not-ca': () => 'was issued by a certificate that is no authority',
  'chain-key-usage': () => 'was issued by an authority whose keyUsage does not allow that',
  'chain-path-length': (p) => `lies below an authority that allows ${p['allowed']} more levels, not ${p['found']}`,
  'chain-incomplete': () => 'its issuer is not among these files, so the chain was not checked',
};

/** One finding as a line: `error: has a weak key (RSA-1024) [CA/Browser Forum BR §6.1.5]`. */
export function findingLine({ rule, severity, source, params }: Finding): string {
  return `${severity}: ${sentences[rule]?.(params) ?? rule} [${source}]`;
}
