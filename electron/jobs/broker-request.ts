import { FieldkeyError } from '../../shared/errors.ts';
import type { IntakeRefusal } from '../../shared/model/request.ts';
import { problem } from '../../shared/problems.ts';
import { checkHostName, checkIpAddress } from '../../shared/rules/host.ts';
import { reissueBroker } from '../authority/broker-certificate.ts';
import type { HandedKey } from '../authority/issuer.ts';
import { brokerOf, issuingAuthority, keyTypeOf, projectById } from '../authority/lookup.ts';
import { keyText } from '../pki/key-description.ts';
import type { Finding } from '../pki/lint/finding.ts';
import { lintRequest } from '../pki/lint/request.ts';
import { nameText } from '../pki/read.ts';
import { type RequestInfo, readRequestFile, requireSound } from '../pki/read-request.ts';
import { requestPem } from '../pki/request.ts';
import type { VaultSession } from '../vault/session.ts';
import { outliveBroker } from './change-project.ts';
import { changedFiles } from './kit-difference.ts';
import { kitNow } from './kit-now.ts';
import { contextOf } from './project-files.ts';

/** A name or an address that the certificate could be for, and who wants it. */
export interface WishedName {
  readonly value: string;
  readonly kind: 'dns' | 'ip';
  /** Devices of the project know the broker by it. */
  readonly inProject: boolean;
  readonly inRequest: boolean;
}

/** The request of whoever runs the broker, beside what would be issued. */
export interface BrokerRequestReview {
  readonly pem: string;
  readonly subject: string;
  /** `P-256`, `RSA-2048`. */
  readonly key: string;
  /** Names of requested extensions: shown, and never granted because of the wish. */
  readonly extensions: readonly string[];
  readonly wantsCa: boolean;
  readonly findings: readonly Finding[];
  readonly names: readonly WishedName[];
  readonly refusal: IntakeRefusal | null;
  readonly days: number;
  readonly authority: string;
}

/**
 * Reads the request of somebody who runs the project's broker and keeps its key. Nothing is stored.
 * @throws PROJECT_NOT_FOUND, REQUEST_REFUSED for a file without a readable request, or with several (`not-a-request`)
 */
export function reviewBrokerRequest(session: VaultSession, projectId: number, bytes: Uint8Array): BrokerRequestReview {
  const request = onlyRequest(bytes);
  const { broker } = contextOf(session, projectId);
  return {
    pem: requestPem(request.der),
    subject: nameText(request.subject),
    key: keyText(request.key),
    extensions: request.extensions.map(({ name }) => name),
    wantsCa: request.wantsCa,
    findings: lintRequest(request.der),
    names: wishedNames(broker, request),
    refusal: request.refusal ?? keyRefusal(session, projectId, request),
    days: broker.days,
    authority: issuingAuthority(session, projectId, 'broker').name,
  };
}

/**
 * Issues the broker's certificate for a key that stays with whoever made the request; the kit has no key from then on. Of the
 * request only the key counts, and those of its names that a person chose beside the project's own; the profile decides
 * everything else. The names become the broker's. The certificate before stays valid. Gives the files of the kit that are new.
 * @throws REQUEST_REFUSED, INPUT_INVALID for no name, or one that neither the project nor the request has; PROJECT_NOT_FOUND,
 *   AUTHORITY_OFFLINE, whatever issuing throws
 */
export async function signBrokerRequest(
  session: VaultSession,
  projectId: number,
  {
    pem,
    names,
    addresses,
    handed,
  }: {
    readonly pem: string;
    readonly names: readonly string[];
    readonly addresses: readonly string[];
    /** The key of who issues, when it is not in the vault. */
    readonly handed?: HandedKey | undefined;
  },
): Promise<{ filesToCopy: string[] }> {
  const request = onlyRequest(Buffer.from(pem, 'latin1'));
  requireSound(request);
  const reason = keyRefusal(session, projectId, request);
  if (reason) throw new FieldkeyError('REQUEST_REFUSED', { reason });
  const { broker } = contextOf(session, projectId);
  const allowed = wishedNames(broker, request);
  const isAllowed = (kind: WishedName['kind'], value: string) =>
    allowed.some((each) => each.kind === kind && each.value === value);
  if (names.length + addresses.length === 0)
    throw new FieldkeyError('INPUT_INVALID', { problems: [problem('missing', {}, 'names')] });
  const strange = [
    ...names.filter((name) => !isAllowed('dns', name)).map((value) => problem('host-name', { value }, 'names')),
    ...addresses.filter((address) => !isAllowed('ip', address)).map((value) => problem('ip-address', { value }, 'addresses')),
  ];
  if (strange.length > 0) throw new FieldkeyError('INPUT_INVALID', { problems: strange });
  const kit = () => kitNow(session, projectId);
  const before = kit();
  const settings = { ...broker, names: [...names], addresses: [...addresses] };
  await reissueBroker(session, projectId, settings, keyTypeOf(session, projectId), {
    outside: { spki: request.spki, outside: true },
    handed,
  });
  await outliveBroker(session, projectId, handed);
  return { filesToCopy: changedFiles(before, kit()) };
}

/** One broker, one request: of a file with several nobody could say which is meant. */
function onlyRequest(bytes: Uint8Array): RequestInfo {
  const found = readRequestFile(bytes);
  const [first] = found;
  if (!first?.request || found.length !== 1)
    throw new FieldkeyError('REQUEST_REFUSED', {
      reason: first?.request ? 'not-a-request' : (first?.refusal ?? 'not-a-request'),
    });
  return first.request;
}

/** A key that the vault knows may only be the broker's own, kept elsewhere: whoever has it already asks for a renewal. */
function keyRefusal(session: VaultSession, projectId: number, { spkiFingerprint }: RequestInfo): IntakeRefusal | null {
  projectById(session, projectId);
  const key = session.tables.privateKey.where('spki_sha256 = ?', Buffer.from(spkiFingerprint, 'hex'))[0];
  if (!key) return null;
  const brokerId = brokerOf(session, projectId)?.id ?? 0;
  const others = session.tables.certificate.where('key_id = ? AND broker_id IS NOT ? LIMIT 1', key.id, brokerId);
  return key.sealed === null && others.length === 0 ? null : 'key-known';
}

function wishedNames(
  project: { readonly names: readonly string[]; readonly addresses: readonly string[] },
  { alternativeNames }: RequestInfo,
): WishedName[] {
  const of = (kind: WishedName['kind'], ours: readonly string[], theirs: readonly string[]): WishedName[] => {
    const fold = (value: string) => value.toLowerCase();
    const asked = new Set(theirs.map(fold));
    const known = new Set(ours.map(fold));
    const sound = theirs.filter((value) => (kind === 'dns' ? checkHostName(value) : checkIpAddress(value)).length === 0);
    const added = new Map(sound.filter((value) => !known.has(fold(value))).map((value) => [fold(value), value]));
    return [
      ...ours.map((value) => ({ value, kind, inProject: true, inRequest: asked.has(fold(value)) })),
      ...[...added.values()].map((value) => ({ value, kind, inProject: false, inRequest: true })),
    ];
  };
  return [...of('dns', project.names, alternativeNames.dns), ...of('ip', project.addresses, alternativeNames.ip)];
}
