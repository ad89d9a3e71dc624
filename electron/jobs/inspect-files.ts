import type { CallOutput } from '../../shared/contract.ts';
import { type InspectedObject, type InspectOptions, inspectFile } from '../pki/inspect.ts';
import { lintChains } from '../pki/lint/chain.ts';
import type { Finding } from '../pki/lint/finding.ts';
import { nameText } from '../pki/read.ts';
import type { DroppedFile } from './review-requests.ts';

type Inspected = CallOutput<'files.inspect'>[number];

/** What files are and what is wrong with them, also between the certificates of all of them. Nothing is stored. */
export async function inspectFiles(files: readonly DroppedFile[], options: InspectOptions): Promise<Inspected[]> {
  const found: { file: string; object: InspectedObject }[] = [];
  const passphrase = options.passphrase === '' ? undefined : options.passphrase;
  for (const { name, bytes } of files)
    for (const object of await inspectFile(bytes, { ...options, passphrase })) found.push({ file: name, object });
  const certificates = found.flatMap(({ object }) => (object.kind === 'certificate' ? [object.certificate] : []));
  const links = lintChains(certificates);
  const linkOf = new Map(certificates.map((certificate, index) => [certificate, links[index] ?? []]));
  return found.map(({ file, object }) =>
    factsOf(file, object, object.kind === 'certificate' ? (linkOf.get(object.certificate) ?? []) : []),
  );
}

function factsOf(file: string, object: InspectedObject, links: readonly Finding[]): Inspected {
  const certificate = object.kind === 'certificate' ? object.certificate : undefined;
  const crl = object.kind === 'crl' ? object.crl : undefined;
  return {
    file,
    kind: object.kind,
    name: object.name,
    notAfter: (certificate?.notAfter ?? crl?.nextUpdate)?.getTime() ?? null,
    serial: certificate?.serial ?? null,
    issuer: certificate ? nameText(certificate.issuer) : null,
    entries: crl?.entries.length ?? null,
    closed:
      (object.kind === 'private-key' && object.encrypted && object.spkiFingerprint === undefined) ||
      (object.kind === 'pkcs12' && !object.opened),
    refusal: object.kind === 'request' ? (object.request.refusal ?? null) : null,
    findings: [...object.findings, ...links].map((finding) => ({ ...finding, params: { ...finding.params } })),
  };
}
