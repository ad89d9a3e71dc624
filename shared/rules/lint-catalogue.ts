/**
 * Every rule of the linter: how bad it is and which document says so. "profile" is Fieldkey's own, stricter choice
 * within what the documents allow.
 */
export const rules = {
  // encoding
  'der-encoding': ['error', 'X.690 §10, RFC 5280 §4.1'],
  size: ['error', 'profile'],

  // certificate fields
  'version-3': ['error', 'RFC 5280 §4.1.2.1'],
  'serial-positive': ['error', 'RFC 5280 §4.1.2.2'],
  'serial-length': ['error', 'RFC 5280 §4.1.2.2'],
  'serial-entropy': ['error', 'CA/Browser Forum BR §7.1'],
  'signature-algorithm-match': ['error', 'RFC 5280 §4.1.1.2'],
  'signature-algorithm-allowed': ['error', 'RFC 5758 §3.2, RFC 4055 §5'],
  'signature-algorithm-parameters': ['error', 'RFC 5758 §3.2, RFC 4055 §5'],
  'signature-verifies': ['error', 'RFC 5280 §4.1.1.3'],
  'unique-ids-absent': ['error', 'RFC 5280 §4.1.2.8'],

  // times
  'time-encoding': ['error', 'RFC 5280 §4.1.2.5'],
  'validity-order': ['error', 'RFC 5280 §4.1.2.5'],
  'validity-begun': ['error', 'profile'],
  'validity-ended': ['error', 'profile'],
  'validity-within-issuer': ['error', 'RFC 5280 §6.1.3 (shell model), profile'],
  'validity-bounds': ['error', 'profile'],

  // names
  'dn-empty': ['error', 'RFC 5280 §4.1.2.4, §4.1.2.6'],
  'dn-string-type': ['error', 'RFC 5280 §4.1.2.4, appendix A.1'],
  'dn-printable-characters': ['error', 'X.680 §41.4'],
  'dn-characters': ['error', 'RFC 3629 §3, profile'],
  'dn-country': ['error', 'RFC 5280 appendix A.1, ISO 3166-1'],
  'dn-length': ['error', 'RFC 5280 appendix A.1'],
  'dn-attribute': ['error', 'profile'],
  'dn-order': ['error', 'profile'],
  'dn-duplicate': ['error', 'profile'],
  'issuer-name': ['error', 'RFC 5280 §4.1.2.4, §6.1.3 (a)(4)'],
  'common-name': ['error', 'profile'],

  // public key
  'key-algorithm': ['error', 'RFC 5480 §2.1, RFC 3279 §2.3.1, profile'],
  'key-ec-point': ['error', 'RFC 5480 §2.2, SP 800-56A §5.6.2.3'],
  'key-rsa-modulus': ['error', 'RFC 8017 §3.1, CA/Browser Forum BR §6.1.6'],
  'key-rsa-exponent': ['error', 'RFC 8017 §3.1, CA/Browser Forum BR §6.1.6'],
  'key-large': ['warning', 'profile'],

  // extensions
  'extension-duplicate': ['error', 'RFC 5280 §4.2'],
  'extension-unknown-critical': ['error', 'RFC 5280 §4.2'],
  'extension-unexpected': ['error', 'profile'],
  'name-constraints': ['error', 'profile'],
  'basic-constraints-present': ['error', 'RFC 5280 §4.2.1.9'],
  'basic-constraints-critical': ['error', 'RFC 5280 §4.2.1.9'],
  'basic-constraints-ca': ['error', 'RFC 5280 §4.2.1.9'],
  'basic-constraints-path-length': ['error', 'RFC 5280 §4.2.1.9'],
  'key-usage-present': ['error', 'RFC 5280 §4.2.1.3'],
  'key-usage-critical': ['error', 'RFC 5280 §4.2.1.3'],
  'key-usage-bits': ['error', 'RFC 5280 §4.2.1.3, RFC 8813 §3'],
  'extended-key-usage': ['error', 'RFC 5280 §4.2.1.12'],
  'extended-key-usage-critical': ['error', 'profile'],
  'subject-key-identifier-present': ['error', 'RFC 5280 §4.2.1.2'],
  'authority-key-identifier-present': ['error', 'RFC 5280 §4.2.1.1'],
  'authority-key-identifier-form': ['error', 'RFC 5280 §4.2.1.1, profile'],
  'authority-key-identifier-match': ['error', 'RFC 5280 §4.2.1.1'],
  'key-identifier-critical': ['error', 'RFC 5280 §4.2.1.1, §4.2.1.2'],
  'san-present': ['error', 'RFC 9525 §3, RFC 5280 §4.2.1.6'],
  'san-critical': ['error', 'RFC 5280 §4.2.1.6'],
  'san-unexpected': ['error', 'profile'],
  'san-ip-length': ['error', 'RFC 5280 §4.2.1.6'],
  'san-dns-syntax': ['error', 'RFC 5280 §4.2.1.6, RFC 1123 §2.1'],
  'san-uri-syntax': ['error', 'RFC 5280 §4.2.1.6, RFC 3986 §3'],
  'san-duplicate': ['error', 'profile'],
  'san-wildcard': ['warning', 'RFC 9525 §7.1'],
  'san-address-as-dns': ['warning', 'RFC 5280 §4.2.1.6'],

  // CRL
  'crl-version': ['error', 'RFC 5280 §5.1.2.1'],
  'crl-number': ['error', 'RFC 5280 §5.2.3'],
  'crl-next-update': ['error', 'RFC 5280 §5.1.2.5'],
  'crl-update-order': ['error', 'RFC 5280 §5.1.2.4, §5.1.2.5'],
  'crl-begun': ['error', 'profile'],
  'crl-ended': ['error', 'profile'],
  'crl-empty-list': ['error', 'RFC 5280 §5.1.2.6'],
  'crl-entry-serial': ['error', 'RFC 5280 §4.1.2.2'],
  'crl-entry-order': ['error', 'profile'],
  'crl-entry-duplicate': ['error', 'RFC 5280 §5.3'],
  'crl-entry-date': ['error', 'profile'],
  'crl-entry-reason': ['error', 'RFC 5280 §5.3.1'],

  // requests
  'request-version': ['error', 'RFC 2986 §4.1'],
  'request-attributes': ['warning', 'RFC 2986 §4.1'],
  'request-extension-unreadable': ['error', 'RFC 2985 §5.4.2, RFC 5280 §4.2'],
  'request-challenge-password': ['warning', 'RFC 2985 §5.4.1'],
  'request-ca': ['warning', 'RFC 5280 §4.2.1.9'],
  'request-san-missing': ['warning', 'RFC 9525 §3'],
  'request-possession': ['error', 'RFC 2986 §3'],

  // what others issued
  'foreign-version-1': ['error', 'RFC 5280 §4.1.2.1, §4.2'],
  'foreign-key-weak': ['error', 'CA/Browser Forum BR §6.1.5, NIST SP 800-131A'],
  'foreign-key-unusual': ['warning', 'RFC 5480 §2.1.1, profile'],
  'foreign-signature-weak': ['error', 'RFC 6151, RFC 6194'],
  'foreign-signature-unknown': ['warning', 'profile'],
  'foreign-validity-long': ['warning', 'profile'],
  'foreign-expired': ['error', 'RFC 5280 §4.1.2.5'],
  'foreign-expires-soon': ['warning', 'profile'],
  'foreign-not-yet-valid': ['error', 'RFC 5280 §4.1.2.5'],
  'foreign-san-missing': ['error', 'RFC 9525 §3'],
  'foreign-ca-constraints': ['error', 'RFC 5280 §4.2.1.9'],
  'foreign-ca-constraints-not-critical': ['warning', 'RFC 5280 §4.2.1.9'],
  'foreign-ca-key-usage': ['warning', 'RFC 5280 §4.2.1.3'],
  'foreign-ca-key-identifier': ['warning', 'RFC 5280 §4.2.1.2'],
  'foreign-authority-key-identifier': ['warning', 'RFC 5280 §4.2.1.1'],
  'foreign-leaf-signs': ['error', 'RFC 5280 §4.2.1.3'],
  'foreign-serial-weak': ['warning', 'CA/Browser Forum BR §7.1'],
  'foreign-self-signed': ['warning', 'RFC 5280 §3.2'],
  'foreign-crl-expired': ['error', 'RFC 5280 §5.1.2.5'],
  'foreign-crl-number': ['warning', 'RFC 5280 §5.2.3'],
  'foreign-key-open': ['warning', 'profile'],
  'foreign-encryption-weak': ['warning', 'NIST SP 800-131A, RFC 8018'],
  'foreign-no-integrity': ['warning', 'RFC 7292 §5.1'],

  // a chain
  'chain-issuer-not-ca': ['error', 'RFC 5280 §6.1.4 (k)'],
  'chain-key-usage': ['error', 'RFC 5280 §6.1.4 (n)'],
  'chain-path-length': ['error', 'RFC 5280 §6.1.4 (m)'],
  'chain-incomplete': ['warning', 'RFC 5280 §6.1'],
} as const satisfies Record<string, readonly ['error' | 'warning', string]>;

export type RuleId = keyof typeof rules;
