import { FieldkeyError } from '../../shared/errors.ts';
import type { KeyAlgorithm } from '../../shared/model/key.ts';
import type { ProjectSubject } from '../../shared/model/subject.ts';
import type { IssuedCertificate } from '../pki/certificate.ts';
import { type IssuedCrl, nextCrlNumber, type RevokedCertificate } from '../pki/crl.ts';
import { type Issuer, prepareIssuer } from '../pki/issuer.ts';
import { generateKey, type KeyPair } from '../pki/keys.ts';
import { buildLintedCrl, issueLinted } from '../pki/linted.ts';
import { softwareSigner } from '../pki/signer.ts';
import { trustText } from '../vault/compare-tables.ts';
import type { Log, VaultSession } from '../vault/session.ts';
import { type Canary, makeCanary, storeCanary } from './canaries.ts';
import { type HandedKey, openIssuer } from './issuer.ts';
import { authorityById, keyTypeOf, projectById, subjectOf } from './lookup.ts';
import { brokerEnds, crlEnd, storeCrl } from './publish-crl.ts';
import { storeCertificate, storeKey } from './store-certificate.ts';

export interface NewAuthority {
  readonly name: string;
  readonly key: KeyAlgorithm;
  readonly years: number;
}

/** An authority with its first revocation list, before it is stored. It brings a canary, revoked from the start. */
export interface PreparedAuthority extends NewAuthority {
  readonly keyPair: KeyPair;
  readonly issued: IssuedCertificate;
  readonly issuer: Issuer;
  readonly canary: Canary;
  readonly crl: IssuedCrl;
}

/** Makes an authority in memory: a root, or with `parent` a site authority (pathLen 0) below it. @throws PROFILE_REFUSED, LINT_FAILED */
export async function prepareAuthority(request: {
  readonly wanted: NewAuthority;
  readonly subject: ProjectSubject;
  readonly parent: Issuer | null;
  readonly now: Date;
  /** End of the broker's certificate, ms: the list shall outlive it. */
  readonly brokerEnds: number;
}): Promise<PreparedAuthority> {
  const { wanted, subject, parent, now } = request;
  const keyPair = await generateKey(wanted.key);
  const signer = softwareSigner(keyPair.pkcs8);
  const common = { subject: { ...subject, commonName: wanted.name }, spki: keyPair.spki, validity: { years: wanted.years }, now };
  const issued = parent
    ? await issueLinted({ kind: 'site', issuer: parent, ...common })
    : await issueLinted({ kind: 'root', issuer: { selfSigned: signer }, ...common });
  const issuer = prepareIssuer(issued.der, signer);
  const canary = await makeCanary(issuer, subject, wanted.key, now);
  const entries: RevokedCertificate[] = [{ serial: canary.issued.serial, revokedAt: now, reason: 'cessationOfOperation' }];
  const nextUpdate = new Date(crlEnd(request.brokerEnds, issued.notAfter.getTime(), now.getTime()));
  const crl = await buildLintedCrl({ issuer, entries, number: nextCrlNumber(undefined, now), now, nextUpdate });
  return { ...wanted, keyPair, issued, issuer, canary, crl };
}

/**
 * Stores it with everything that belongs to it and gives its id: whom the broker trusts (`clients`), and for a root whom
 * devices trust (`broker`) where they trust a root of ours. Only inside `session.write`.
 */
export function storeAuthority(
  session: VaultSession,
  log: Log,
  projectId: number,
  parentId: number | null,
  prepared: PreparedAuthority,
): number {
  const now = session.now();
  const keyId = storeKey(session, prepared.keyPair);
  const { name, issued, canary, crl } = prepared;
  const authorityId = session.tables.authority.insert({
    project_id: projectId,
    parent_id: parentId,
    name,
    key_id: keyId,
    state: 'active',
    created_at: now,
  });
  const detail = { key: prepared.key, years: prepared.years, ...(parentId === null ? {} : { parent: parentId }) };
  log('authority.create', { projectId, subject: name, detail });
  const certificateId = storeCertificate(session, log, issued, {
    projectId,
    kind: parentId === null ? 'root' : 'site',
    commonName: name,
    issuerId: parentId ?? authorityId,
    authorityId,
    keyId,
  });
  storeCanary(session, log, projectId, authorityId, canary);
  for (const purpose of parentId === null ? (['broker', 'clients'] as const) : (['clients'] as const)) {
    if (purpose === 'broker' && !trustsOurs(session, projectId)) continue;
    session.tables.trust.insert({ project_id: projectId, purpose, certificate_id: certificateId, created_at: now });
  }
  const subject = projectById(session, projectId).name;
  log('project.change', { projectId, subject, detail: { trust: trustText(session, projectId) } });
  storeCrl(session, log, { projectId, authorityId, crl, entries: 1 });
  return authorityId;
}

/** False where the broker has a certificate of somebody else's authority: then devices need none of ours. */
export function trustsOurs(session: VaultSession, projectId: number): boolean {
  return session.tables.trust
    .where("project_id = ? AND purpose = 'broker'", projectId)
    .some((row) => session.tables.certificate.get(row.certificate_id)?.kind === 'root');
}

/**
 * Creates a site authority below an authority of the project: from then on it issues for devices and broker, unless the
 * project chose otherwise. The kit trusts both and holds both lists; bundles carry the site authority's certificate. The
 * broker needs the new kit before devices come with new certificates. Gives its id.
 * @throws AUTHORITY_NOT_FOUND, AUTHORITY_NOT_ACTIVE, AUTHORITY_OFFLINE without the parent's key, PROFILE_REFUSED (issuer-path-length)
 */
export function createSite(
  session: VaultSession,
  parentId: number,
  options: { readonly name?: string; readonly key?: KeyAlgorithm; readonly years?: number; readonly handed?: HandedKey } = {},
): Promise<number> {
  return session.inTurn(async () => {
    const parent = authorityById(session, parentId);
    requireActive(parent);
    const projectId = parent.project_id;
    const project = projectById(session, projectId);
    const wanted = {
      name: freeName(session, projectId, options.name ?? `${project.name.slice(0, 50)} Site CA`),
      key: options.key ?? keyTypeOf(session, projectId),
      years: options.years ?? 5,
    };
    const prepared = await prepareAuthority({
      wanted,
      subject: subjectOf(project),
      parent: openIssuer(session, parentId, options.handed),
      now: new Date(session.now()),
      brokerEnds: brokerEnds(session, projectId),
    });
    return session.write((log) => storeAuthority(session, log, projectId, parentId, prepared));
  });
}

/** @throws AUTHORITY_NOT_ACTIVE */
export function requireActive({ name, state }: { readonly name: string; readonly state: string }): void {
  if (state !== 'active') throw new FieldkeyError('AUTHORITY_NOT_ACTIVE', { authority: name, state });
}

/** Two authorities of one name would be mixed up by whoever looks for an issuer by its name: G2, G3 … are counted up. */
export function freeName(session: VaultSession, projectId: number, wanted: string): string {
  const taken = new Set(session.tables.authority.where('project_id = ?', projectId).map(({ name }) => name));
  const base = wanted.replace(/ G\d+$/, '');
  for (let generation = 1; ; generation++) {
    const name = generation === 1 ? wanted : `${base.slice(0, 58)} G${generation}`;
    if (!taken.has(name)) return name;
  }
}

/** An authority and everything below it. */
export function subtreeOf(session: VaultSession, authorityId: number): number[] {
  return session.database
    .prepare<[number], number>(
      `WITH RECURSIVE below (id) AS (VALUES (?) UNION SELECT a.id FROM authority a JOIN below b ON a.parent_id = b.id)
       SELECT id FROM below`,
    )
    .pluck()
    .all(authorityId);
}
