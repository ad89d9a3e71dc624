import { createHash } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import type { AnswerRefusal } from '../../shared/model/answer.ts';
import { isForeign } from '../authority/broker-chain.ts';
import { brokerCertificate, brokerOf, keyTypeOf, projectById, settingsOf, subjectOf } from '../authority/lookup.ts';
import { changeSettings } from '../authority/project-settings.ts';
import { storeKey } from '../authority/store-certificate.ts';
import { brokerEndpoint } from '../bundle/mqtt-json.ts';
import { judgeAnswer } from '../pki/answer.ts';
import { readCertificateFile } from '../pki/certificate-files.ts';
import { generateKey, keyAlgorithmOf } from '../pki/keys.ts';
import { type CertificateInfo, nameText } from '../pki/read.ts';
import { buildRequest, requestPem } from '../pki/request.ts';
import { brokerCommonName } from '../pki/san.ts';
import { isValidForHost } from '../pki/server-name.ts';
import { softwareSigner } from '../pki/signer.ts';
import { trustText } from '../vault/compare-tables.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { Log, VaultSession } from '../vault/session.ts';
import { type AnsweredCertificate, answeredChain } from './answered-chain.ts';
import { outliveBroker } from './change-project.ts';
import { changedFiles } from './kit-difference.ts';
import { kitNow } from './kit-now.ts';
import { contextOf } from './project-files.ts';
import type { DroppedFile } from './review-requests.ts';

/** The broker's certificate from an authority of somebody else: the request out, the answer in. */

/**
 * Makes a request for the broker's certificate, for its names and addresses as they are now, with a new key that stays in
 * the vault. One that waits for its answer is made again with the same key, unless `newKey`.
 * @throws PROJECT_NOT_FOUND, PROFILE_REFUSED
 */
export function makeBrokerRequest(
  session: VaultSession,
  projectId: number,
  options: { readonly newKey?: boolean } = {},
): Promise<{ pem: string; name: string }> {
  return session.inTurn(async () => {
    const project = projectById(session, projectId);
    const { broker } = contextOf(session, projectId);
    const alternativeNames = { dns: broker.names, ip: broker.addresses };
    const commonName = brokerCommonName(alternativeNames);
    const request = (pkcs8: Buffer) =>
      buildRequest({
        kind: 'broker',
        subject: { ...subjectOf(project), commonName },
        alternativeNames,
        signer: softwareSigner(pkcs8),
      });
    const name = `${project.name}-broker.csr`;
    const pending = options.newKey ? undefined : settingsOf(session, projectId).brokerRequest;
    if (pending && session.hasPrivateKey(pending.keyId)) {
      const key = session.openKey(pending.keyId);
      try {
        return { pem: requestPem(await request(key.pkcs8)), name };
      } finally {
        key.pkcs8.fill(0);
      }
    }
    const key = await generateKey(keyTypeOf(session, projectId));
    const pem = requestPem(await request(key.pkcs8));
    session.write((log) => {
      const keyId = storeKey(session, key);
      changeSettings(session, log, projectId, { brokerRequest: { keyId, at: session.now() } });
      log('certificate.request', { projectId, subject: commonName ?? project.name, detail: { kind: 'broker' } });
    });
    return { pem, name };
  });
}

export interface AnswerGiven {
  /**
   * It is the certificate of a broker that somebody else runs, who has its key: taken as it is, without a request of ours, and the
   * next one as well, whatever its key. The kit has no key then.
   */
  readonly asGiven?: boolean | undefined;
}

/** What was sent back, before anything is stored. */
export interface AnswerReview {
  readonly refusal: AnswerRefusal | null;
  /** From the broker's certificate to the root. */
  readonly chain: readonly AnsweredCertificate[];
  /** Names and addresses of the broker that the certificate is not valid for: devices that use one of them refuse it. */
  readonly missing: readonly string[];
}

/**
 * Judges the certificates of some files as the answer to the request that waits, or as a renewal of the certificate that another
 * authority has issued before, or as whatever somebody else's broker has. Nothing is stored.
 * @throws PROJECT_NOT_FOUND, FILE_TOO_LARGE, FILE_MALFORMED
 */
export function reviewBrokerAnswer(
  session: VaultSession,
  projectId: number,
  files: readonly DroppedFile[],
  given: AnswerGiven = {},
): AnswerReview {
  const { chain, refusal, missing } = judged(session, projectId, files, given);
  return {
    refusal,
    chain: answeredChain(chain),
    missing,
  };
}

/**
 * Takes the answer: from now on the kit holds that certificate with its issuers, and devices trust its root beside those that
 * they trusted before, so that both kinds of certificate work until the broker has the new one. Whom the broker lets in stays
 * as it is. Gives the files of the kit that are new.
 * @throws ANSWER_REFUSED, and as `reviewBrokerAnswer`
 */
export async function takeBrokerAnswer(
  session: VaultSession,
  projectId: number,
  files: readonly DroppedFile[],
  given: AnswerGiven = {},
): Promise<{ filesToCopy: string[] }> {
  const kit = () => kitNow(session, projectId);
  const before = kit();
  await session.inTurn(async () => {
    const { chain, refusal, keyId: known } = judged(session, projectId, files, given);
    if (refusal !== null || (known === undefined && !given.asGiven))
      throw new FieldkeyError('ANSWER_REFUSED', { reason: refusal ?? 'no-request' });
    session.write((log) => {
      const [leaf, ...issuers] = chain.map(({ certificate }) => certificate);
      const broker = brokerOf(session, projectId);
      if (!leaf || !broker) return;
      const keyId = known ?? session.addPublicKey(keyAlgorithmOf(leaf.spki) ?? 'other', leaf.spki);
      const predecessor = brokerCertificate(session, broker.id);
      insert(session, log, projectId, leaf, {
        kind: 'broker',
        broker_id: broker.id,
        key_id: keyId,
        predecessor_id: predecessor?.id ?? null,
      });
      const ids = issuers.map((each) => foreignId(session, projectId, each) ?? insert(session, log, projectId, each, {}));
      trust(session, log, projectId, ids.at(-1));
      changeSettings(session, log, projectId, { brokerRequest: undefined, brokerAwaits: undefined });
    });
  });
  await outliveBroker(session, projectId);
  return { filesToCopy: changedFiles(before, kit()) };
}

function judged(session: VaultSession, projectId: number, files: readonly DroppedFile[], { asGiven = false }: AnswerGiven) {
  const { broker } = contextOf(session, projectId);
  const given = files.flatMap(({ bytes }) => readCertificateFile(bytes));
  const server = (certificates: readonly CertificateInfo[], spki: Buffer | null) => {
    const { host } = brokerEndpoint(broker);
    const use = { for: 'server', accepts: (leaf: CertificateInfo) => isValidForHost(leaf, host) } as const;
    const { chain, refusal } = judgeAnswer(certificates, { spki, now: session.now(), use });
    const leaf = chain[0]?.certificate;
    const missing = leaf ? [...broker.names, ...broker.addresses].filter((name) => !coversName(leaf, name)) : [];
    return { chain, refusal, missing };
  };
  if (asGiven) {
    const found = server(given, null);
    const leaf = found.chain[0]?.certificate;
    const { refusal, keyId } = leaf ? ofSomebody(session, projectId, leaf) : { refusal: null, keyId: undefined };
    return { ...found, refusal: found.refusal ?? refusal, keyId };
  }
  const { keyId, present } = awaited(session, projectId);
  const key = keyId === undefined ? undefined : session.tables.privateKey.get(keyId);
  // what the broker has already is no answer
  const certificates = given.filter(({ fingerprint }) => fingerprint !== present);
  if (!key) return { chain: [], refusal: 'no-request' as const, missing: [], keyId: undefined };
  return { ...server(certificates, key.spki), keyId: key.id };
}

/**
 * What is against a certificate that was not asked for here, and the id of its key when the vault knows that. With the key of a
 * device or of an authority the kit would carry it to the broker: a key that is here may only be the broker's own, or wait to be.
 */
function ofSomebody(
  session: VaultSession,
  projectId: number,
  leaf: CertificateInfo,
): { refusal: AnswerRefusal | null; keyId: number | undefined } {
  const broker = brokerOf(session, projectId);
  const present = broker && brokerCertificate(session, broker.id);
  const key = session.tables.privateKey.where('spki_sha256 = ?', createHash('sha256').update(leaf.spki).digest())[0];
  if (present?.fingerprint.toString('hex') === leaf.fingerprint) return { refusal: 'in-use', keyId: key?.id };
  if (!key) return { refusal: null, keyId: undefined };
  const others = session.tables.certificate.where('key_id = ? AND broker_id IS NOT ? LIMIT 1', key.id, broker?.id ?? 0);
  const ours = [present?.key_id, settingsOf(session, projectId).brokerRequest?.keyId].includes(key.id);
  return { refusal: others.length > 0 || (key.sealed !== null && !ours) ? 'key-known' : null, keyId: key.id };
}

/**
 * The key that an answer is for: that of the request that waits; or, because whoever issued keeps the request and renews by it, that
 * of the certificate of theirs that the broker has.
 */
function awaited(session: VaultSession, projectId: number): { keyId: number | undefined; present: string | undefined } {
  const pending = settingsOf(session, projectId).brokerRequest;
  if (pending) return { keyId: pending.keyId, present: undefined };
  const broker = brokerOf(session, projectId);
  const row = broker && brokerCertificate(session, broker.id);
  if (!row || !isForeign(row)) return { keyId: undefined, present: undefined };
  return { keyId: row.key_id ?? undefined, present: row.fingerprint.toString('hex') };
}

/** A wildcard of ours is covered by the same wildcard only. */
function coversName(leaf: CertificateInfo, name: string): boolean {
  if (!name.startsWith('*.')) return isValidForHost(leaf, name);
  return leaf.alternativeNames.dns.some((each) => each.toLowerCase() === name.toLowerCase());
}

function foreignId(session: VaultSession, projectId: number, { fingerprint }: CertificateInfo): number | undefined {
  const bytes = Buffer.from(fingerprint, 'hex');
  return session.tables.certificate.where("project_id = ? AND kind = 'foreign' AND fingerprint = ?", projectId, bytes)[0]?.id;
}

function insert(
  session: VaultSession,
  log: Log,
  projectId: number,
  info: CertificateInfo,
  belongs: Partial<Pick<CertificateRow, 'kind' | 'broker_id' | 'key_id' | 'predecessor_id'>>,
): number {
  const row = { kind: 'foreign' as const, broker_id: null, key_id: null, predecessor_id: null, ...belongs };
  const id = session.tables.certificate.insert({
    project_id: projectId,
    // somebody else issued it
    issuer_id: null,
    authority_id: null,
    device_id: null,
    ...row,
    serial: Buffer.from(info.serial, 'hex'),
    common_name: info.commonName === '' ? nameText(info.subject) : info.commonName,
    not_before: info.notBefore.getTime(),
    not_after: info.notAfter.getTime(),
    fingerprint: Buffer.from(info.fingerprint, 'hex'),
    der: info.der,
    status: 'valid',
    revoked_at: null,
    revocation_reason: null,
    created_at: session.now(),
  });
  log('certificate.import', {
    projectId,
    subject: info.commonName,
    detail: {
      kind: row.kind,
      serial: info.serial,
      fingerprint: info.fingerprint,
      place: nameText(info.issuer),
      notAfter: info.notAfter.toISOString(),
    },
  });
  return id;
}

function trust(session: VaultSession, log: Log, projectId: number, certificateId: number | undefined): void {
  if (certificateId === undefined) return;
  const row = { project_id: projectId, purpose: 'broker', certificate_id: certificateId } as const;
  // the same root may be there as that of an authority of ours
  const there = session.database
    .prepare<[number, number], number>(
      `SELECT count(*) FROM trust t JOIN certificate c ON c.id = t.certificate_id
       WHERE t.project_id = ? AND t.purpose = 'broker' AND c.fingerprint = (SELECT fingerprint FROM certificate WHERE id = ?)`,
    )
    .pluck()
    .get(projectId, certificateId);
  if ((there ?? 0) > 0) return;
  session.tables.trust.insert({ ...row, created_at: session.now() });
  const subject = projectById(session, projectId).name;
  log('project.change', { projectId, subject, detail: { trust: trustText(session, projectId) } });
}
