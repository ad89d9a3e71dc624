import { nameHash } from '../../pki/name-hash.ts';
import { crlPem, pemToDer } from '../../pki/pem.ts';
import { nameText } from '../../pki/read.ts';
import { readCrl } from '../../pki/read-crl.ts';
import type { KitList } from '../host/kit-lists.ts';

/** The lists of a PEM text, as a kit wants them. */
export function kitLists(pem: string, more: Partial<KitList> = {}): KitList[] {
  return pemToDer(pem).map(({ der }) => {
    const crl = readCrl(der);
    return {
      pem: crlPem(der),
      issuer: nameText(crl.issuer),
      issuerHash: nameHash(crl.issuerDer),
      keyId: crl.authorityKeyIdentifier?.toString('hex') ?? null,
      number: crl.number ?? null,
      nextUpdate: crl.nextUpdate?.getTime() ?? null,
      needed: true,
      ...more,
    };
  });
}
