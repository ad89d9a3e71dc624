import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { authoritiesOf, observerCertificate } from '../authority/lookup.ts';
import { createSite } from '../authority/new-authority.ts';
import { keepObserver, renewObserver } from '../authority/renew-own.ts';
import { openTestIdentity } from '../authority/test-identity.ts';
import { verifyVault } from '../vault/verify.ts';
import { takeOffline } from './authority-key.ts';
import { prepareDiagnosis } from './diagnose.ts';
import { planProof, refusalsOf } from './prove-access.ts';
import { revokeAndPublish } from './revoke.ts';
import { type LiveBundle, LiveProject } from './testing/live-project.ts';

/** The observer, once the authority that certified it is out of use. */
let live: LiveProject;
beforeEach(async () => {
  live = await LiveProject.start();
});
afterEach(async () => {
  expect(await verifyVault(live.session)).toMatchObject({ sound: true, findings: [] });
  await live.end();
});

const rootId = () => authoritiesOf(live.session, live.projectId)[0]?.id ?? 0;
const place = () => ({ host: 'localhost', port: live.port });
const issuerOf = (pem: string) => new X509Certificate(pem).issuer.split('\n').find((part) => part.startsWith('CN='));

/** The observer with a certificate of a site authority, which is then revoked. */
async function stranded(reason: 'cACompromise' | 'superseded'): Promise<LiveBundle> {
  const siteId = await createSite(live.session, rootId());
  const first = observerCertificate(live.session, live.projectId);
  await renewObserver(live.session, live.projectId, 'renew');
  await revokeAndPublish(live.session, first?.id ?? 0, { reason: 'superseded' });
  await live.deploy();
  const before = live.observer();
  expect(issuerOf(before.certificate)).toBe('CN=lab Site CA');
  expect(await live.connects(before)).toBe(true);
  const own = live.session.tables.certificate.where('authority_id = ?', siteId)[0]?.id ?? 0;
  await revokeAndPublish(live.session, own, { reason });
  await live.deploy();
  expect(await live.connects(before)).toBe(false);
  return before;
}

it('gets a certificate of the authority that issues now: identity, proof and doctor connect as it', async () => {
  await stranded('cACompromise');
  const proof = await planProof(live.session, { projectId: live.projectId, deviceIds: [] }, true);
  const refused = await refusalsOf(live.session, live.projectId);
  expect(refused.length).toBeGreaterThan(0);
  const doctor = await prepareDiagnosis(live.session, {
    runId: 'one',
    projectId: live.projectId,
    identity: { kind: 'observer' },
    ...place(),
    transport: 'mqtts',
    quick: true,
    serverName: null,
  });
  const request = { projectId: live.projectId, identity: { kind: 'observer' }, ...place() } as const;
  const text = (bytes: Uint8Array | null) => Buffer.from(bytes ?? []).toString();
  const proved = proof.subjects[0]?.identity;
  const tested = openTestIdentity(live.session, request);
  const { identity } = doctor;
  for (const who of [
    { certificate: proved?.certificateChain ?? '', key: text(proved?.key ?? null), ca: proved?.ca ?? '' },
    { certificate: tested.certificateChain, key: text(tested.key), ca: tested.ca },
    { certificate: text(identity.certificate), key: text(identity.key), ca: text(identity.authorities) },
  ]) {
    expect(issuerOf(who.certificate)).toBe('CN=lab Root CA');
    expect(await live.connects(who)).toBe(true);
  }
  // once, not at every look
  expect(await keepObserver(live.session, live.projectId)).toBe(false);
});

it('waits for a key that is kept elsewhere, and says so; one that a person revoked stays revoked', async () => {
  await stranded('superseded');
  const { file } = await takeOffline(live.session, rootId(), {
    directory: live.scratch,
    passphrase: 'kept in the safe of the plant',
  });
  expect(file).toContain('Root');
  expect(await keepObserver(live.session, live.projectId)).toBe(false);
  const alone = () => planProof(live.session, { projectId: live.projectId, deviceIds: [] }, true);
  await expect(alone()).rejects.toMatchObject({ code: 'AUTHORITY_OFFLINE', params: { authority: 'lab Root CA' } });
  const last = live.session.tables.certificate.where("kind = 'observer' ORDER BY id DESC LIMIT 1")[0];
  await revokeAndPublish(live.session, last?.id ?? 0, { reason: 'superseded', publish: false });
  await expect(alone()).rejects.toMatchObject({ code: 'CERTIFICATE_NOT_FOUND' });
  expect(observerCertificate(live.session, live.projectId)).toBeUndefined();
});
