import { FieldkeyError, isErrorReport } from '../../shared/errors.ts';
import { revocationReasons } from '../../shared/model/certificate.ts';
import type { ListRefusal, TakenOverLists } from '../../shared/model/deployed-list.ts';
import { isOutside, latestCrl } from '../authority/lookup.ts';
import { revokeCertificate } from '../authority/revoke.ts';
import { crlNumberMaximum } from '../pki/crl.ts';
import { isCrlSignedBy, isPartialCrl } from '../pki/crl-signature.ts';
import { DerError, readTlv } from '../pki/lint/der-reader.ts';
import { pemToDer } from '../pki/pem.ts';
import { nameText, readCertificate } from '../pki/read.ts';
import { type CrlEntry, type CrlInfo, crlSizeLimit, readCrl } from '../pki/read-crl.ts';
import type { AuthorityRow, CertificateRow } from '../vault/rows.ts';
import type { Log, VaultSession } from '../vault/session.ts';
import { afterRevoking } from './revoke.ts';

/** A file that may hold revocation lists; `name` stands in errors. */
export interface ListFile {
  readonly name: string;
  readonly bytes: Buffer;
}

function refuse(reason: ListRefusal, list: string): FieldkeyError<'CRL_REFUSED'> {
  return new FieldkeyError('CRL_REFUSED', { reason, list });
}

/**
 * Revocation lists as a broker has them: PEM or DER, one or several after each other in a file.
 * @throws CRL_REFUSED (none, damaged), FILE_TOO_LARGE
 */
export function readDeployedLists(files: readonly ListFile[]): CrlInfo[] {
  return files.flatMap(({ name, bytes }) => {
    try {
      return parts(name, bytes).map((der) => readCrl(der));
    } catch (error) {
      if (error instanceof DerError || (isErrorReport(error) && error.code === 'FILE_MALFORMED')) throw refuse('damaged', name);
      throw error;
    }
  });
}

function parts(name: string, bytes: Buffer): Buffer[] {
  const text = bytes.toString('latin1');
  if (text.includes('-----BEGIN')) {
    // base64 has four characters for three octets, and its line ends
    const blocks = pemToDer(text, crlSizeLimit * 2).filter(({ label }) => label === 'X509 CRL');
    if (blocks.length === 0) throw refuse('none', name);
    return blocks.map(({ der }) => der);
  }
  // a list begins as every SEQUENCE does
  if (bytes[0] !== 0x30) throw refuse('none', name);
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { end } = readTlv(bytes, at, bytes.length);
    found.push(bytes.subarray(at, end));
    at = end;
  }
  return found;
}

/** A list that was signed by an authority of the vault. */
export interface DeployedList {
  readonly crl: CrlInfo;
  readonly authority: AuthorityRow;
}

/**
 * Finds the authority of each list by its name and its signature (RFC 5280 §6.3.3 (b), (g)). Changes nothing: also for a vault
 * that is only read. The oldest come first.
 * @throws CRL_REFUSED (other-issuer, signature, partial, number)
 */
export function fitLists(session: VaultSession, lists: readonly CrlInfo[]): DeployedList[] {
  const authorities = session.tables.authority.where('1 = 1 ORDER BY id').map((authority) => ({
    authority,
    certificates: session.tables.certificate.where('authority_id = ?', authority.id).map(({ der }) => readCertificate(der)),
  }));
  const fitting = lists.flatMap((crl) => {
    const { der, issuer, issuerDer, number } = crl;
    const list = nameText(issuer);
    const named = authorities.filter(({ certificates }) => certificates.some((each) => each.subjectDer.equals(issuerDer)));
    if (named.length === 0) throw refuse('other-issuer', list);
    const its = named.filter(({ certificates }) => certificates.some(({ spki }) => isCrlSignedBy(der, spki)));
    if (its.length === 0) throw refuse('signature', list);
    if (isPartialCrl(der)) throw refuse('partial', list);
    if (number !== undefined && (number < 0n || number > BigInt(crlNumberMaximum))) throw refuse('number', `${list}: ${number}`);
    return its.map(({ authority }) => ({ crl, authority }));
  });
  return fitting.toSorted((a, b) => Number((a.crl.number ?? 0n) - (b.crl.number ?? 0n)));
}

/**
 * Puts the revocations of deployed lists into the vault, in one transaction: a certificate that is here is revoked with the
 * list's date and reason; one that is not here stays on every list to come by its serial. What the vault has revoked stays
 * revoked, whatever a list lacks. A list that is newer than the vault's own is kept as the authority's newest one, so that no kit
 * goes back behind it, also where no new one can be signed.
 */
export function takeOverLists(session: VaultSession, lists: readonly DeployedList[]): TakenOverLists {
  return session.write((log) => {
    let takenOver = 0;
    let unknown = 0;
    for (const { crl, authority } of lists) {
      // what a company's authority lists is none of our business: it signs nothing of what is here but ours
      if (isOutside(session, authority)) continue;
      const done = takeOver(session, log, crl, authority);
      takenOver += done.takenOver;
      unknown += done.unknown;
    }
    return { brought: lists.length, takenOver, unknown };
  });
}

function takeOver(session: VaultSession, log: Log, crl: CrlInfo, authority: AuthorityRow) {
  const number = crl.number === undefined ? undefined : Number(crl.number);
  const last = latestCrl(session, authority.id);
  const newer = last === undefined || (number === undefined ? crl.thisUpdate.getTime() > last.this_update : number > last.number);
  let revoked = 0;
  let listed = 0;
  let raised = 0;
  for (const entry of crl.entries) {
    const [row] = session.tables.certificate.where(
      'issuer_id = ? AND serial = ?',
      authority.id,
      Buffer.from(entry.serial, 'hex'),
    );
    if (row) revoked += revokeKnown(session, log, row, { entry, newer, number }) ? 1 : 0;
    else {
      const done = listUnknown(session, authority.id, entry);
      if (done === 'new') listed++;
      if (done === 'for-good') raised++;
    }
  }
  const kept = newer && number !== undefined && crl.nextUpdate !== undefined;
  if (kept)
    session.tables.crl.insert({
      authority_id: authority.id,
      number,
      this_update: crl.thisUpdate.getTime(),
      next_update: crl.nextUpdate.getTime(),
      entries: crl.entries.length,
      der: crl.der,
      created_at: session.now(),
    });
  log('crl.import', {
    projectId: authority.project_id,
    subject: authority.name,
    detail: { authority: authority.id, number: number ?? 0, entries: crl.entries.length, revoked, listed, kept },
  });
  return { takenOver: revoked + listed + raised, unknown: listed + raised };
}

/** A reason that we do not give ourselves counts as none (RFC 5280 §5.3.1). */
function reasonOf({ reason }: CrlEntry) {
  return revocationReasons.find((each) => each === reason) ?? 'unspecified';
}

/** False = the vault says so already, or knows better. */
function revokeKnown(
  session: VaultSession,
  log: Log,
  row: CertificateRow,
  { entry, newer, number }: { readonly entry: CrlEntry; readonly newer: boolean; readonly number: number | undefined },
): boolean {
  const reason = reasonOf(entry);
  const hold = reason === 'certificateHold';
  // nobody looks for a root on its own list
  if (row.status === 'revoked' || row.kind === 'root') return false;
  // a hold of an older list may have been lifted since
  if (hold && (row.status === 'hold' || !newer)) return false;
  const fromList: Log = (action, given) => log(action, { ...given, detail: { ...given.detail, deployedList: number ?? 0 } });
  const at = Math.max(Math.min(entry.revokedAt.getTime(), session.now()), row.not_before);
  revokeCertificate(session, fromList, row, reason, at);
  afterRevoking(session, log, row, reason);
  return true;
}

/** `for-good`: it was on hold. */
function listUnknown(session: VaultSession, authorityId: number, entry: CrlEntry): 'new' | 'for-good' | 'known' {
  const reason = reasonOf(entry);
  const serial = Buffer.from(entry.serial, 'hex');
  const [known] = session.tables.listedRevocation.where('authority_id = ? AND serial = ?', authorityId, serial);
  const row = { authority_id: authorityId, serial, revoked_at: entry.revokedAt.getTime(), reason };
  if (!known) session.tables.listedRevocation.insert(row);
  else if (known.reason === 'certificateHold' && reason !== 'certificateHold')
    session.tables.listedRevocation.update({ ...known, ...row });
  else return 'known';
  return known ? 'for-good' : 'new';
}
