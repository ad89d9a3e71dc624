import { FieldkeyError } from '../../shared/errors.ts';
import type { Role } from '../../shared/model/access.ts';
import type { IntakeRefusal, ReviewedRequest } from '../../shared/model/request.ts';
import { checkDeviceId, foldDeviceId, reservedIds } from '../../shared/rules/device-id.ts';
import { accessOf, issuingAuthority, projectById, subjectOf } from '../authority/lookup.ts';
import { keyText } from '../pki/key-description.ts';
import { lintRequest } from '../pki/lint/request.ts';
import { nameText } from '../pki/read.ts';
import { type RequestInfo, readRequestFile } from '../pki/read-request.ts';
import { requestPem } from '../pki/request.ts';
import type { VaultSession } from '../vault/session.ts';
import { lacking } from './change-project.ts';

/** A file as it was dropped. */
export interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What the policy makes of every request, whatever it asks for. */
export interface IntakePolicy {
  /** The subject without its common name, as text; empty when the project has none. */
  readonly subject: string;
  readonly days: number;
  readonly authority: string;
}

export interface RequestReview {
  readonly policy: IntakePolicy;
  readonly requests: readonly ReviewedRequest[];
}

/** So many at once are shown; more come in two goes. */
export const mostRequests = 5_000;
/** ms after which whoever shares the thread gets a turn. */
const breath = 40;

/**
 * Reads dropped files and says of each request what it asks for, what would be issued, and why not. Nothing is stored.
 * A file without any request is one entry with that reason.
 * @throws PROJECT_NOT_FOUND, FILE_TOO_LARGE for more than 5,000 requests
 */
export async function reviewRequests(
  session: VaultSession,
  projectId: number,
  files: readonly DroppedFile[],
  role: Role = 'device',
): Promise<RequestReview> {
  const project = projectById(session, projectId);
  const judge = new IntakeJudge(session, projectId);
  const requests: ReviewedRequest[] = [];
  let rested = performance.now();
  for (const { name, bytes } of files) {
    for (const [position, found] of readable(bytes).entries()) {
      if (performance.now() - rested > breath) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        rested = performance.now();
      }
      if (requests.length >= mostRequests) throw new FieldkeyError('FILE_TOO_LARGE', { file: name, limit: mostRequests });
      requests.push(reviewed(name, position, found, judge, role));
    }
  }
  return {
    policy: {
      subject: subjectText(subjectOf(project)),
      days: project.device_days,
      authority: issuingAuthority(session, projectId).name,
    },
    requests,
  };
}

type Found = ReturnType<typeof readRequestFile>[number];

/** A file that is none is an entry like others: the person sees which of the dropped files it was. */
function readable(bytes: Uint8Array): Found[] {
  try {
    return readRequestFile(bytes);
  } catch (error) {
    if (!(error instanceof FieldkeyError) || error.code !== 'REQUEST_REFUSED') throw error;
    return [{ request: undefined, refusal: error.params.reason as Found['refusal'] & string }] as Found[];
  }
}

function reviewed(file: string, position: number, found: Found, judge: IntakeJudge, role: Role): ReviewedRequest {
  const { request } = found;
  if (!request) {
    return { ...nothing, file, position, role, refusal: found.refusal };
  }
  const id = proposedId(request);
  const { refusal, existing } = judge.see(request, id, role);
  return {
    file,
    position,
    pem: requestPem(request.der),
    fingerprint: request.fingerprint,
    subject: nameText(request.subject),
    key: keyText(request.key),
    names: request.alternativeNames.dns,
    addresses: request.alternativeNames.ip,
    extensions: request.extensions.map(({ name }) => name),
    wantsCa: request.wantsCa,
    findings: lintRequest(request.der),
    id,
    role,
    refusal,
    existing,
  };
}

const nothing = {
  pem: '',
  fingerprint: '',
  subject: '',
  key: '',
  names: [],
  addresses: [],
  extensions: [],
  wantsCa: false,
  findings: [],
  id: '',
  existing: null,
} as const;

/** The common name as it is, when it can be a device's; otherwise what is left of it, for a person to look at. */
export function proposedId({ commonName }: Pick<RequestInfo, 'commonName'>): string {
  if (checkDeviceId(commonName).length === 0) return commonName;
  return commonName
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 63);
}

/** Judges the requests of one list in their order against the project and against each other. */
export class IntakeJudge {
  readonly #session: VaultSession;
  readonly #projectId: number;
  readonly #names = new Set<string>();
  readonly #keys = new Set<string>();

  constructor(session: VaultSession, projectId: number) {
    this.#session = session;
    this.#projectId = projectId;
  }

  see(
    request: RequestInfo,
    id: string,
    role: Role,
  ): { readonly refusal: IntakeRefusal | null; readonly existing: 'renew' | 'rekey' | null } {
    const existing = this.#existing(request, id);
    const refusal = request.refusal ?? this.#refusal(request, id, role, existing);
    this.#names.add(foldDeviceId(id));
    this.#keys.add(request.spkiFingerprint);
    return { refusal, existing };
  }

  #refusal(request: RequestInfo, id: string, role: Role, existing: 'renew' | 'rekey' | null): IntakeRefusal | null {
    if (id === '') return 'id-missing';
    if ((reservedIds as readonly string[]).includes(foldDeviceId(id))) return 'id-reserved';
    if (checkDeviceId(id).length > 0) return 'id-invalid';
    if (this.#names.has(foldDeviceId(id))) return 'name-twice';
    if (this.#keys.has(request.spkiFingerprint)) return 'key-twice';
    if (existing !== 'renew' && this.#keyKnown(request)) return 'key-known';
    if (existing !== null) return 'name-taken';
    return lacking(role, accessOf(this.#session, this.#projectId)).length > 0 ? 'role-without-access' : null;
  }

  #keyKnown({ spkiFingerprint }: RequestInfo): boolean {
    return this.#session.tables.privateKey.where('spki_sha256 = ?', Buffer.from(spkiFingerprint, 'hex')).length > 0;
  }

  /** What the request would mean for the device that has the name already. */
  #existing({ spkiFingerprint }: RequestInfo, id: string): 'renew' | 'rekey' | null {
    const { tables } = this.#session;
    const device = tables.device.where('project_id = ? AND name_folded = ?', this.#projectId, foldDeviceId(id))[0];
    if (!device) return null;
    const key = tables.privateKey.where('spki_sha256 = ?', Buffer.from(spkiFingerprint, 'hex'))[0];
    if (!key) return 'rekey';
    return tables.certificate.where('device_id = ? AND key_id = ? LIMIT 1', device.id, key.id).length > 0 ? 'renew' : 'rekey';
  }
}

/** The project's part of a subject as people read it. */
function subjectText(subject: ReturnType<typeof subjectOf>): string {
  const { country: C, state: ST, city: L, organisation: O, organisationalUnit: OU } = subject;
  const parts = Object.entries({ C, ST, L, O, OU }).flatMap(([type, value]) => (value === undefined ? [] : [{ type, value }]));
  return nameText(parts);
}
