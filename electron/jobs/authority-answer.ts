import { FieldkeyError } from '../../shared/errors.ts';
import type { AnswerRefusal } from '../../shared/model/answer.ts';
import type { HandedKey } from '../authority/issuer.ts';
import { openSigner } from '../authority/issuer.ts';
import {
  authorityById,
  brokerOf,
  isOutside,
  keyTypeOf,
  lastAuthorityCertificate,
  projectById,
  settingsOf,
  subjectOf,
} from '../authority/lookup.ts';
import { openMoveOf, recordMove } from '../authority/moves.ts';
import { brokerEnds, freeName, requireActive } from '../authority/new-authority.ts';
import { changeSettings } from '../authority/project-settings.ts';
import { crlEnd } from '../authority/publish-crl.ts';
import { storeCertifiedAuthority, storeRenewedAuthority } from '../authority/store-answer.ts';
import { storeKey } from '../authority/store-certificate.ts';
import { type AnswerLink, judgeAnswer } from '../pki/answer.ts';
import { readCertificateFile } from '../pki/certificate-files.ts';
import { nextCrlNumber } from '../pki/crl.ts';
import { octetsToIp } from '../pki/ip.ts';
import { prepareIssuer } from '../pki/issuer.ts';
import { generateKey } from '../pki/keys.ts';
import { readWhole, tag } from '../pki/lint/der-reader.ts';
import type { Finding } from '../pki/lint/finding.ts';
import { attributeText, readName } from '../pki/lint/name.ts';
import { buildLintedCrl } from '../pki/linted.ts';
import { forbiddenNames, type NameConstraints, type Subtree } from '../pki/name-constraints.ts';
import { encodeSubject } from '../pki/names.ts';
import { type CertificateInfo, nameText, readCertificate, shortNames } from '../pki/read.ts';
import { buildRequest, requestPem } from '../pki/request.ts';
import { softwareSigner } from '../pki/signer.ts';
import type { AuthorityRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { outliveBroker } from './change-project.ts';
import { changedFiles, kitHashes } from './kit-difference.ts';
import { brokerKit, contextOf } from './project-files.ts';
import type { DroppedFile } from './review-requests.ts';

/** An authority of ours that somebody else certifies, a company's root: the request out, the answer in. */

export interface AuthorityRequestOptions {
  /** What the new authority is called; counted up where the name is taken. */
  readonly name?: string | undefined;
  /** Asks for a new certificate for this one instead: the same name and key. */
  readonly authorityId?: number | undefined;
  /** A new key, although a request with another one waits for its answer. */
  readonly newKey?: boolean | undefined;
  /** The key of `authorityId`, when it is kept elsewhere. */
  readonly handed?: HandedKey | undefined;
}

/**
 * Makes a request for an authority that issues for one site (basicConstraints CA, pathLen 0; keyCertSign and cRLSign), with a new
 * key that stays in the vault, or for one that is there and shall be renewed. One that waits for its answer is made again
 * with the same key. Gives it as PEM, and the name of its file.
 * @throws PROJECT_NOT_FOUND, AUTHORITY_NOT_FOUND, AUTHORITY_NOT_ACTIVE, AUTHORITY_OUTSIDE, AUTHORITY_OFFLINE, PROFILE_REFUSED
 */
export function makeAuthorityRequest(
  session: VaultSession,
  projectId: number,
  options: AuthorityRequestOptions = {},
): Promise<{ pem: string; name: string }> {
  return session.inTurn(async () => {
    const project = projectById(session, projectId);
    const file = `${project.name}-authority.csr`;
    if (options.authorityId !== undefined) {
      const { pem, authority } = await renewalRequest(session, projectId, options.authorityId, options.handed);
      const request = { keyId: authority.key_id, at: session.now(), name: authority.name, authorityId: authority.id };
      remember(session, projectId, request);
      return { pem, name: file };
    }
    const pending = settingsOf(session, projectId).authorityRequest;
    const again = pending && pending.authorityId === undefined && !options.newKey && session.hasPrivateKey(pending.keyId);
    const name = again && options.name === undefined ? pending.name : wantedName(session, projectId, options.name);
    const pem = async (pkcs8: Buffer) =>
      requestPem(
        await buildRequest({
          kind: 'site',
          subject: { ...subjectOf(project), commonName: name },
          signer: softwareSigner(pkcs8),
        }),
      );
    if (again) {
      const key = session.openKey(pending.keyId);
      try {
        const text = await pem(key.pkcs8);
        if (name !== pending.name) remember(session, projectId, { ...pending, name });
        return { pem: text, name: file };
      } finally {
        key.pkcs8.fill(0);
      }
    }
    const key = await generateKey(keyTypeOf(session, projectId));
    const text = await pem(key.pkcs8);
    session.write((log) => {
      const keyId = storeKey(session, key);
      changeSettings(session, log, projectId, { authorityRequest: { keyId, at: session.now(), name } });
      log('certificate.request', { projectId, subject: name, detail: { kind: 'site' } });
    });
    return { pem: text, name: file };
  });
}

type Pending = NonNullable<ReturnType<typeof settingsOf>['authorityRequest']>;

function remember(session: VaultSession, projectId: number, request: Pending): void {
  session.write((log) => {
    changeSettings(session, log, projectId, { authorityRequest: request });
    log('certificate.request', { projectId, subject: request.name, detail: { kind: 'site' } });
  });
}

function wantedName(session: VaultSession, projectId: number, name: string | undefined): string {
  const wanted = name?.trim() ?? '';
  return freeName(session, projectId, wanted === '' ? `${projectById(session, projectId).name.slice(0, 50)} Site CA` : wanted);
}

/** With the subject byte for byte as it is: what it has signed names its issuer that way. */
async function renewalRequest(session: VaultSession, projectId: number, authorityId: number, handed: HandedKey | undefined) {
  const authority = ours(session, projectId, authorityId);
  const { subjectDer, commonName } = readCertificate(lastAuthorityCertificate(session, authorityId).der);
  const der = await buildRequest({
    kind: 'site',
    subject: { der: subjectDer, commonName },
    signer: openSigner(session, authority, handed),
  });
  return { pem: requestPem(der), authority };
}

function ours(session: VaultSession, projectId: number, authorityId: number): AuthorityRow {
  const authority = authorityById(session, authorityId);
  if (authority.project_id !== projectId) throw new FieldkeyError('AUTHORITY_NOT_FOUND', { authority: String(authorityId) });
  requireActive(authority);
  if (isOutside(session, authority)) throw new FieldkeyError('AUTHORITY_OUTSIDE', { authority: authority.name });
  return authority;
}

/** What was sent back, before anything is stored. */
export interface AuthorityAnswerReview {
  readonly refusal: AnswerRefusal | null;
  /** From the certificate for us to the root. */
  readonly chain: readonly {
    readonly name: string;
    readonly issuer: string;
    readonly serial: string;
    readonly fingerprint: string;
    readonly notAfter: number;
    readonly findings: readonly Finding[];
  }[];
  /** Names of the broker that nobody above allows: its certificate could not be issued by this authority. */
  readonly missing: readonly string[];
  /** The name constraints of the chain, for people: `*.corp.example`, `not 10.0.0.0/255.0.0.0`. */
  readonly constraints: readonly string[];
  /** The authority that the answer renews; null = a new one. */
  readonly renews: string | null;
}

/**
 * Judges the certificates of some files as the answer to the request that waits. Nothing is stored.
 * @throws PROJECT_NOT_FOUND, FILE_TOO_LARGE, FILE_MALFORMED
 */
export function reviewAuthorityAnswer(
  session: VaultSession,
  projectId: number,
  files: readonly DroppedFile[],
): AuthorityAnswerReview {
  const { chain, refusal, missing, constraints, pending } = judged(session, projectId, files);
  return {
    refusal,
    chain: chain.map(({ certificate, findings }) => ({
      name: nameText(certificate.subject),
      issuer: nameText(certificate.issuer),
      serial: certificate.serial,
      fingerprint: certificate.fingerprint,
      notAfter: certificate.notAfter.getTime(),
      findings,
    })),
    missing,
    constraints: constraints.flatMap(constraintTexts),
    renews: pending?.authorityId === undefined ? null : authorityById(session, pending.authorityId).name,
  };
}

export interface TakenAuthority {
  readonly authorityId: number;
  /** The move of the fleet that has begun; null when nobody is replaced. */
  readonly moveId: number | null;
  /** Files of the kit that are new. */
  readonly filesToCopy: readonly string[];
}

/**
 * Takes the answer: an authority of ours below the company's root, which issues for devices from then on. Broker and devices
 * trust that root beside those that they trusted before; the broker keeps its certificate, for devices in the field cannot check
 * another one yet. With `replaces` the fleet moves from that authority to the new one (see moves.ts), and finishing the move
 * gives the broker a certificate of the new one. The answer to a renewal replaces nobody.
 * @throws ANSWER_REFUSED, AUTHORITY_NOT_ACTIVE for `replaces` that is being replaced, and as `reviewAuthorityAnswer`
 */
export async function takeAuthorityAnswer(
  session: VaultSession,
  projectId: number,
  files: readonly DroppedFile[],
  options: { readonly replaces?: number | null } = {},
): Promise<TakenAuthority> {
  const kit = () => kitHashes(brokerKit(session, contextOf(session, projectId)).files);
  const before = kit();
  const taken = await session.inTurn(async () => {
    const { chain, refusal, pending } = judged(session, projectId, files);
    if (refusal !== null || !pending) throw new FieldkeyError('ANSWER_REFUSED', { reason: refusal ?? 'no-request' });
    const [certificate, ...above] = chain.map((link) => link.certificate) as [CertificateInfo, ...CertificateInfo[]];
    if (pending.authorityId !== undefined) {
      const authority = ours(session, projectId, pending.authorityId);
      session.write((log) => sound(() => storeRenewedAuthority(session, log, authority, { certificate, above })));
      return { authorityId: authority.id, moveId: null };
    }
    const replaces = options.replaces ?? null;
    const old = replaces === null ? null : ours(session, projectId, replaces);
    if (old && openMoveOf(session, old.id)) {
      throw new FieldkeyError('AUTHORITY_NOT_ACTIVE', { authority: old.name, state: 'replaced' });
    }
    const crl = await firstList(session, projectId, pending.keyId, certificate, above);
    return session.write((log) => {
      const answer = { certificate, above, keyId: pending.keyId, name: pending.name, crl };
      const authorityId = sound(() => storeCertifiedAuthority(session, log, projectId, answer));
      return { authorityId, moveId: old ? recordMove(session, log, old, authorityId) : null };
    });
  });
  await outliveBroker(session, projectId);
  return { ...taken, filesToCopy: changedFiles(before, kit()) };
}

/** Two certificates of one issuer with one serial number (RFC 5280 §4.1.2.2) cannot both be true. */
function sound<T>(store: () => T): T {
  try {
    return store();
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_CONSTRAINT_UNIQUE')
      throw new FieldkeyError('ANSWER_REFUSED', { reason: 'chain-unsound' }, error);
    throw error;
  }
}

/** An empty list: without one Mosquitto refuses everybody whom the new authority has certified. */
async function firstList(
  session: VaultSession,
  projectId: number,
  keyId: number,
  certificate: CertificateInfo,
  above: readonly CertificateInfo[],
) {
  const key = session.openKey(keyId);
  try {
    session.assertMayIssue();
    const now = new Date(session.now());
    return await buildLintedCrl({
      issuer: prepareIssuer(certificate.der, softwareSigner(key.pkcs8), above),
      entries: [],
      number: nextCrlNumber(undefined, now),
      now,
      nextUpdate: new Date(crlEnd(brokerEnds(session, projectId), certificate.notAfter.getTime(), now.getTime())),
    });
  } finally {
    key.pkcs8.fill(0);
  }
}

interface Judged {
  readonly chain: readonly AnswerLink[];
  readonly refusal: AnswerRefusal | null;
  readonly missing: readonly string[];
  readonly constraints: readonly NameConstraints[];
  readonly pending: Pending | undefined;
}

function judged(session: VaultSession, projectId: number, files: readonly DroppedFile[]): Judged {
  const pending = settingsOf(session, projectId).authorityRequest;
  const key = pending && session.tables.privateKey.get(pending.keyId);
  const certificates = files.flatMap(({ bytes }) => readCertificateFile(bytes));
  if (!pending || !key) return { chain: [], refusal: 'no-request', missing: [], constraints: [], pending: undefined };
  const { chain, refusal } = judgeAnswer(certificates, {
    spki: key.spki,
    now: session.now(),
    use: {
      for: 'authority',
      against: (certificate, above) =>
        otherName(session, pending, certificate) ??
        (devicesForbidden(session, projectId, constraintsOf([certificate, ...above])) ? 'names-forbidden' : null),
    },
  });
  const constraints = constraintsOf(chain.map(({ certificate }) => certificate));
  const broker = brokerOf(session, projectId)?.parsed;
  const subject: never[] = [];
  const missing = broker
    ? forbiddenNames({ dns: broker.names, ip: broker.addresses, uri: [], subject }, constraints.map(withoutDirectories))
    : [];
  return { chain, refusal, missing, constraints, pending };
}

function constraintsOf(certificates: readonly CertificateInfo[]): NameConstraints[] {
  return certificates.flatMap(({ nameConstraints }) => nameConstraints ?? []);
}

/** Only the hosts are asked for: the subject is that of the devices, which is asked for apart. */
function withoutDirectories({ permitted, excluded }: NameConstraints): NameConstraints {
  const hosts = (tree: Subtree) => tree.type !== 'directory';
  return { permitted: permitted.filter(hosts), excluded: excluded.filter(hosts) };
}

/** A device's subject is the project's and its own name. */
function devicesForbidden(session: VaultSession, projectId: number, constraints: readonly NameConstraints[]): boolean {
  const der = encodeSubject({ ...subjectOf(projectById(session, projectId)), commonName: 'device' });
  const subject = readName(der, readWhole(der, tag.sequence));
  return forbiddenNames({ dns: [], ip: [], uri: [], subject }, constraints).length > 0;
}

function otherName(session: VaultSession, { authorityId }: Pending, certificate: CertificateInfo): AnswerRefusal | null {
  if (authorityId === undefined) return null;
  const present = readCertificate(lastAuthorityCertificate(session, authorityId).der);
  const same =
    present.subjectDer.equals(certificate.subjectDer) &&
    certificate.subjectKeyIdentifier !== undefined &&
    present.subjectKeyIdentifier?.equals(certificate.subjectKeyIdentifier) === true;
  return same ? null : 'other-name';
}

function constraintTexts({ permitted, excluded }: NameConstraints): string[] {
  return [...permitted.map(subtreeText), ...excluded.map((tree) => `not ${subtreeText(tree)}`)];
}

function subtreeText(tree: Subtree): string {
  switch (tree.type) {
    case 'dns':
    case 'uri':
      return tree.value === '' ? '*' : tree.value;
    case 'ip':
      return `${octetsToIp(tree.address) ?? ''}/${octetsToIp(tree.mask) ?? ''}`;
    case 'directory':
      return nameText(
        tree.attributes.map((each) => ({ type: shortNames[each.oid] ?? each.oid, value: attributeText(each) ?? '' })),
      );
    default:
      return 'other';
  }
}
