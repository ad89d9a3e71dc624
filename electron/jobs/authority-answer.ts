import { FieldkeyError } from '../../shared/errors.ts';
import type { AnswerRefusal } from '../../shared/model/answer.ts';
import {
  authoritiesOf,
  authorityById,
  brokerOf,
  lastAuthorityCertificate,
  projectById,
  settingsOf,
  subjectOf,
} from '../authority/lookup.ts';
import { openMoveOf, recordMove } from '../authority/moves.ts';
import { brokerEnds, crlEnd, publishCrl } from '../authority/publish-crl.ts';
import { storeCertifiedAuthority, storeRenewedAuthority } from '../authority/store-answer.ts';
import { type AnswerLink, judgeAnswer } from '../pki/answer.ts';
import { readCertificateFile } from '../pki/certificate-files.ts';
import { nextCrlNumber } from '../pki/crl.ts';
import { octetsToIp } from '../pki/ip.ts';
import { prepareIssuer } from '../pki/issuer.ts';
import { readWhole, tag } from '../pki/lint/der-reader.ts';
import { attributeText, readName } from '../pki/lint/name.ts';
import { buildLintedCrl } from '../pki/linted.ts';
import { forbiddenNames, type NameConstraints, type Subtree } from '../pki/name-constraints.ts';
import { encodeSubject } from '../pki/names.ts';
import { type CertificateInfo, nameText, readCertificate, shortNames } from '../pki/read.ts';
import { softwareSigner } from '../pki/signer.ts';
import type { VaultSession } from '../vault/session.ts';
import { type AnsweredCertificate, answeredChain } from './answered-chain.ts';
import { type AuthorityRequest, activeAuthority } from './authority-request.ts';
import { outliveBroker } from './change-project.ts';
import { changedFiles } from './kit-difference.ts';
import { kitNow } from './kit-now.ts';
import type { DroppedFile } from './review-requests.ts';

/** An authority of ours that somebody else certifies, a company's root: the answer to authority-request.ts. */

/** What was sent back, before anything is stored. */
export interface AuthorityAnswerReview {
  readonly refusal: AnswerRefusal | null;
  /** From the certificate for us to the root. */
  readonly chain: readonly AnsweredCertificate[];
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
    chain: answeredChain(chain),
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
  const kit = () => kitNow(session, projectId);
  const before = kit();
  const known = new Set(authoritiesOf(session, projectId).map(({ id }) => id));
  const taken = await session.inTurn(async () => {
    const { chain, refusal, pending } = judged(session, projectId, files);
    if (refusal !== null || !pending) throw new FieldkeyError('ANSWER_REFUSED', { reason: refusal ?? 'no-request' });
    const [certificate, ...above] = chain.map((link) => link.certificate) as [CertificateInfo, ...CertificateInfo[]];
    if (pending.authorityId !== undefined) {
      const authority = activeAuthority(session, projectId, pending.authorityId);
      session.write((log) => sound(() => storeRenewedAuthority(session, log, authority, { certificate, above })));
      return { authorityId: authority.id, moveId: null };
    }
    const replaces = options.replaces ?? null;
    const old = replaces === null ? null : activeAuthority(session, projectId, replaces);
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
  // its first list is empty: with the next one it has a canary
  if (!known.has(taken.authorityId)) await publishCrl(session, taken.authorityId);
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
  readonly pending: AuthorityRequest | undefined;
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

function otherName(session: VaultSession, { authorityId }: AuthorityRequest, certificate: CertificateInfo): AnswerRefusal | null {
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
