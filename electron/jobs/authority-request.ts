import { FieldkeyError } from '../../shared/errors.ts';
import type { HandedKey } from '../authority/issuer.ts';
import { openSigner } from '../authority/issuer.ts';
import {
  authorityById,
  isOutside,
  keyTypeOf,
  lastAuthorityCertificate,
  projectById,
  settingsOf,
  subjectOf,
} from '../authority/lookup.ts';
import { freeName, requireActive } from '../authority/new-authority.ts';
import { changeSettings } from '../authority/project-settings.ts';
import { storeKey } from '../authority/store-certificate.ts';
import { generateKey } from '../pki/keys.ts';
import { readCertificate } from '../pki/read.ts';
import { buildRequest, requestPem } from '../pki/request.ts';
import { softwareSigner } from '../pki/signer.ts';
import type { AuthorityRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';

/** The request for a certificate of somebody else, a company's root, for an authority of ours; the answer: authority-answer.ts. */

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

/** That waits for its answer. */
export type AuthorityRequest = NonNullable<ReturnType<typeof settingsOf>['authorityRequest']>;

function remember(session: VaultSession, projectId: number, request: AuthorityRequest): void {
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
  const authority = activeAuthority(session, projectId, authorityId);
  const { subjectDer, commonName } = readCertificate(lastAuthorityCertificate(session, authorityId).der);
  const der = await buildRequest({
    kind: 'site',
    subject: { der: subjectDer, commonName },
    signer: openSigner(session, authority, handed),
  });
  return { pem: requestPem(der), authority };
}

/** One that may be renewed or replaced. @throws AUTHORITY_NOT_FOUND, AUTHORITY_NOT_ACTIVE, AUTHORITY_OUTSIDE */
export function activeAuthority(session: VaultSession, projectId: number, authorityId: number): AuthorityRow {
  const authority = authorityById(session, authorityId);
  if (authority.project_id !== projectId) throw new FieldkeyError('AUTHORITY_NOT_FOUND', { authority: String(authorityId) });
  requireActive(authority);
  if (isOutside(session, authority)) throw new FieldkeyError('AUTHORITY_OUTSIDE', { authority: authority.name });
  return authority;
}
