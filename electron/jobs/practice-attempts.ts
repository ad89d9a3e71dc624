import { FieldkeyError } from '../../shared/errors.ts';
import type { PracticeAttempt } from '../../shared/model/local-broker.ts';
import { fillTopic } from '../../shared/rules/topic.ts';
import { accessOf, projectById, trustOf } from '../authority/lookup.ts';
import { openTestIdentity } from '../authority/test-identity.ts';
import type { AttemptOrder, MeterIdentity } from '../broker/practice/channel.ts';
import { prepareIssuer } from '../pki/issuer.ts';
import { keyPem } from '../pki/key-pem.ts';
import { generateKey } from '../pki/keys.ts';
import { issueLinted } from '../pki/linted.ts';
import { certificatePem } from '../pki/pem.ts';
import { softwareSigner } from '../pki/signer.ts';
import type { VaultSession } from '../vault/session.ts';
import { membersOf } from './project-files.ts';

/** Who knocks, and by what the broker's answer to it is recognised. */
export interface OpenedAttempt {
  readonly order: AttemptOrder;
  readonly name: string;
}

/**
 * Prepares a try that a broker has to refuse: with a certificate of an authority that nobody knows, with none, with the
 * canary's (revoked from the first day on), or a message to a topic that its sender may not write. Whoever sends the
 * order wipes `identity.key`.
 * @throws PROJECT_NOT_FOUND, CERTIFICATE_NOT_FOUND, KEY_UNAVAILABLE, VAULT_LOCKED
 */
export async function openAttempt(
  session: VaultSession,
  projectId: number,
  kind: PracticeAttempt,
  place: { readonly host: string; readonly port: number },
): Promise<OpenedAttempt> {
  const ca = trustOf(session, projectId, 'broker')
    .map((row) => certificatePem(row.der))
    .join('');
  const refused = (identity: MeterIdentity | null): OpenedAttempt => ({
    order: { ...place, ca, identity, publish: null },
    name: identity?.id ?? '',
  });
  switch (kind) {
    case 'no-certificate':
      return refused(null);
    case 'stranger':
      return refused(await strangerIdentity(new Date(session.now())));
    case 'revoked':
      return refused(canaryIdentity(session, projectId));
    case 'topic':
      return forgedReading(session, projectId, place, ca);
  }
}

/** A client of an authority that exists for this one moment. */
export async function strangerIdentity(now: Date): Promise<MeterIdentity> {
  const rootKey = await generateKey('p256');
  const signer = softwareSigner(rootKey.pkcs8);
  const root = await issueLinted({
    kind: 'root',
    subject: { commonName: 'Stranger Root CA' },
    spki: rootKey.spki,
    issuer: { selfSigned: signer },
    validity: { years: 1 },
    now,
  });
  const key = await generateKey('p256');
  const { der } = await issueLinted({
    kind: 'device',
    subject: { commonName: 'stranger' },
    spki: key.spki,
    issuer: prepareIssuer(root.der, signer),
    now,
  });
  return { id: 'stranger', certificateChain: certificatePem(der), key: new TextEncoder().encode(keyPem(key.pkcs8)), ca: '' };
}

function canaryIdentity(session: VaultSession, projectId: number): MeterIdentity {
  const [canary] = session.tables.certificate.where(
    "project_id = ? AND kind = 'canary' AND status = 'revoked' ORDER BY id DESC LIMIT 1",
    projectId,
  );
  if (!canary) throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: 'of the canary' });
  if (canary.key_id === null) throw new FieldkeyError('KEY_UNAVAILABLE', { key: canary.common_name });
  const { pkcs8 } = session.openKey(canary.key_id);
  try {
    return {
      id: canary.common_name,
      certificateChain: certificatePem(canary.der),
      key: new TextEncoder().encode(keyPem(pkcs8)),
      ca: '',
    };
  } finally {
    pkcs8.fill(0);
  }
}

/** The dashboard, which only reads, publishes a reading as if it were a meter. */
function forgedReading(
  session: VaultSession,
  projectId: number,
  place: { readonly host: string; readonly port: number },
  ca: string,
): OpenedAttempt {
  const { name: project } = projectById(session, projectId);
  const members = membersOf(session, projectId);
  const sender = members.find((member) => member.role === 'dashboard');
  const meter = members.find((member) => member.role === 'device');
  if (!sender || !meter) throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: 'of a dashboard' });
  const template = accessOf(session, projectId).find((rule) => rule.role === 'device')?.write[0] ?? '{project}/energy/{device}';
  const identity = openTestIdentity(session, {
    projectId,
    identity: { kind: 'device', deviceId: sender.id, takeoverAccepted: true },
    ...place,
  });
  const topic = fillTopic(template, { project, device: meter.name });
  const order = { ...place, ca, identity, publish: { topic, payload: '{"power":0,"forged":true}' } };
  return { order, name: sender.name };
}
