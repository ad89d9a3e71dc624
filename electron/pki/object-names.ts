import { oids } from './oids.ts';

/** Names of extensions as RFC 5280 writes them, for people; what is not here is shown as its OID. */
export const extensionNames: Readonly<Record<string, string>> = {
  [oids.subjectKeyIdentifier]: 'subjectKeyIdentifier',
  [oids.keyUsage]: 'keyUsage',
  [oids.subjectAltName]: 'subjectAltName',
  [oids.basicConstraints]: 'basicConstraints',
  [oids.nameConstraints]: 'nameConstraints',
  [oids.crlDistributionPoints]: 'cRLDistributionPoints',
  [oids.certificatePolicies]: 'certificatePolicies',
  [oids.authorityKeyIdentifier]: 'authorityKeyIdentifier',
  [oids.extendedKeyUsage]: 'extKeyUsage',
  [oids.authorityInformationAccess]: 'authorityInfoAccess',
  [oids.netscapeCertType]: 'netscape-cert-type',
  [oids.netscapeComment]: 'netscape-comment',
  '1.3.6.1.5.5.7.1.24': 'tlsfeature',
  '1.3.6.1.4.1.311.20.2': 'microsoft-certificate-template-name',
  '1.3.6.1.4.1.311.21.7': 'microsoft-certificate-template',
};

/** Names of purposes (RFC 5280 §4.2.1.12). */
export const purposeNames: Readonly<Record<string, string>> = {
  [oids.serverAuth]: 'serverAuth',
  [oids.clientAuth]: 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
  '2.5.29.37.0': 'anyExtendedKeyUsage',
};
