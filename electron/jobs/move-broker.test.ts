import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { authoritiesOf, currentCertificate, issuingAuthority, latestCrl } from '../authority/lookup.ts';
import { startMove } from '../authority/moves.ts';
import { createSite } from '../authority/new-authority.ts';
import { projectOverview } from '../authority/project-view.ts';
import { pendingOf, publishCrls } from '../authority/publish-crl.ts';
import { renewAuthority } from '../authority/renew-own.ts';
import { certtool, keytool, nss, openssl } from '../pki/testing/judges.ts';
import { run } from '../pki/testing/run.ts';
import { verifyVault } from '../vault/verify.ts';
import { addDevices } from './add-devices.ts';
import { readAuthorityKey, takeOffline } from './authority-key.ts';
import { finishMove, reissueBelow } from './move-fleet.ts';
import { moveProgress } from './move-progress.ts';
import { rehearseReissue } from './rehearse.ts';
import { renewBroker, renewDevices } from './renew.ts';
import { revokeAndPublish } from './revoke.ts';
import { LiveProject } from './testing/live-project.ts';

/** Site authorities, a root kept offline, and the replacing of authorities: judged by a real Mosquitto. */
let live: LiveProject;
beforeEach(async () => {
  live = await LiveProject.start();
});
afterEach(async () => {
  expect(await verifyVault(live.session)).toMatchObject({ sound: true, findings: [] });
  await live.end();
});

const passphrase = 'kept in the safe of the plant';
const issuing = () => issuingAuthority(live.session, live.projectId);
const root = () => authoritiesOf(live.session, live.projectId)[0] as { id: number; name: string };
const current = (name: string) => currentCertificate(live.session, live.deviceId(name));
const renew = (mode: 'renew' | 'rekey', ...names: string[]) =>
  renewDevices(live.session, live.projectId, { mode, deviceIds: names.map((name) => live.deviceId(name)) });
const offline = async () => (await takeOffline(live.session, root().id, { directory: live.scratch, passphrase })).file;
const handedKey = (file: string) =>
  readAuthorityKey(live.session, authoritiesOf(live.session, live.projectId), { file, passphrase });

it('issues from a site authority below a root that is kept offline; both lists count', async () => {
  const old = { first: await live.bundle('m-1'), second: await live.bundle('m-2') };
  const siteId = await createSite(live.session, root().id);
  expect(issuing()).toMatchObject({ id: siteId, name: 'lab Site CA' });
  const file = await offline();
  expect((await stat(file)).mode & 0o077).toBe(0);
  expect(await run('openssl', ['pkey', '-in', file, '-passin', `pass:${passphrase}`, '-noout'])).toMatchObject({ ok: true });
  expect((await run('openssl', ['pkey', '-in', file, '-passin', 'pass:wrong', '-noout'])).ok).toBe(false);

  await addDevices(live.session, live.projectId, [{ id: 'late-1', role: 'device' }]);
  await renew('rekey', 'm-1');
  await renewBroker(live.session, live.projectId, 'rekey');
  expect(await live.deploy()).toEqual(expect.arrayContaining(['certs/ca.crt', 'certs/server.crt', 'certs/crl.pem']));
  const fresh = { first: await live.bundle('m-1'), late: await live.bundle('late-1') };
  expect(fresh.late.certificate.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  for (const who of [...Object.values(old), ...Object.values(fresh), live.observer()])
    expect(await live.connects(who)).toBe(true);
  const leaf = current('late-1')?.der as Buffer;
  const own = (id: number) => live.session.tables.certificate.where('authority_id = ?', id)[0]?.der as Buffer;
  const crls = [root().id, siteId].map((id) => latestCrl(live.session, id)?.der as Buffer);
  const evidence = { root: own(root().id), intermediates: [own(siteId)], leaf, crls };
  for (const judge of [openssl, certtool, nss]) expect(await judge(evidence, { purpose: 'client' })).toMatchObject({ ok: true });
  expect(await keytool([own(siteId), leaf])).toMatchObject({ ok: true });

  // without the root's key nothing is signed in its name, and the error says where to go
  await expect(publishCrls(live.session, live.projectId)).resolves.toMatchObject({ offline: ['lab Root CA'] });
  await expect(createSite(live.session, root().id)).rejects.toMatchObject({ code: 'AUTHORITY_OFFLINE' });
  await expect(renewAuthority(live.session, siteId)).rejects.toMatchObject({ code: 'AUTHORITY_OFFLINE' });
  const fromRoot = current('m-2')?.id ?? 0;
  const waiting = await revokeAndPublish(live.session, fromRoot, { reason: 'cessationOfOperation' });
  expect(waiting.crls).toEqual([expect.objectContaining({ authority: 'lab Root CA', pending: 1 })]);
  // the key is brought for one signing and is not in the vault afterwards
  const handed = await handedKey(file);
  await publishCrls(live.session, live.projectId, { handed });
  await renewAuthority(live.session, siteId, { handed });
  expect(pendingOf(live.session, root().id)).toBe(0);
  await expect(createSite(live.session, root().id)).rejects.toMatchObject({ code: 'AUTHORITY_OFFLINE' });
  await revokeAndPublish(live.session, current('late-1')?.id ?? 0, { reason: 'keyCompromise' });
  await live.deploy();
  for (const who of [old.second, fresh.late]) expect(await live.connects(who)).toBe(false);
  for (const who of [fresh.first, await live.bundle('m-3')]) expect(await live.connects(who)).toBe(true);
});

it('removes a key from the vault only when its file opens again, and takes no other key', async () => {
  await writeFile(join(live.scratch, 'lab-lab-Root-CA.key.pem'), 'somebody’s');
  await expect(offline()).rejects.toMatchObject({ code: 'EXPORT_NOT_WRITABLE' });
  await expect(takeOffline(live.session, root().id, { directory: live.scratch, passphrase: 'short' })).rejects.toMatchObject({
    code: 'PASSPHRASE_WEAK',
  });
  await renew('renew', 'm-1');
  await rm(join(live.scratch, 'lab-lab-Root-CA.key.pem'));
  const file = await offline();
  await expect(renew('renew', 'm-1')).rejects.toMatchObject({ code: 'AUTHORITY_OFFLINE', params: { authority: 'lab Root CA' } });
  await expect(readAuthorityKey(live.session, [], { file, passphrase })).rejects.toMatchObject({ code: 'AUTHORITY_KEY_OTHER' });
  const wrong = readAuthorityKey(live.session, authoritiesOf(live.session, live.projectId), {
    file,
    passphrase: 'wrong passphrase',
  });
  await expect(wrong).rejects.toMatchObject({ code: 'KEY_PASSPHRASE_WRONG' });
  // a row that has a key again, with its right seal, is found
  const keyId = live.session.tables.certificate.where("kind = 'root'")[0]?.key_id ?? 0;
  const { pkcs8 } = await handedKey(file);
  const row = live.session.tables.privateKey.get(keyId);
  live.session.write(() => row && live.session.tables.privateKey.update({ ...row, sealed: pkcs8 }));
  expect((await verifyVault(live.session)).findings).toEqual([
    expect.stringContaining('was taken out of the vault and is in it again'),
    // these bytes are not even sealed
    expect.stringContaining('does not open'),
  ]);
  live.session.write(() => row && live.session.tables.privateKey.update(row));
});

it('replaces the root while the fleet moves: old and new devices are taken until it is finished', async () => {
  const old = await live.bundle('m-1');
  const rehearsed = await rehearseReissue(live.session, root().id, { mode: 'rekey', compromised: false });
  expect(rehearsed).toMatchObject({ newAuthorities: ['lab Root CA G2'], devices: 4, skipped: [], broker: false });
  expect(rehearsed.seconds).toBeGreaterThan(0);
  expect(authoritiesOf(live.session, live.projectId)).toHaveLength(1);
  expect(live.session.tables.certificate.where('device_id IS NOT NULL')).toHaveLength(4);

  const moveId = await startMove(live.session, root().id);
  await expect(startMove(live.session, root().id)).rejects.toMatchObject({ code: 'AUTHORITY_NOT_ACTIVE' });
  expect(await live.deploy()).toEqual(expect.arrayContaining(['certs/ca.crt', 'certs/crl.pem']));
  expect(moveProgress(live.session, moveId)).toMatchObject({ devices: 4, trusting: 4, reissued: 0, moved: 0 });
  const trusting = await live.bundle('m-1');
  expect(trusting.ca.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  await renew('renew', 'm-1', 'm-2');
  expect(moveProgress(live.session, moveId)).toMatchObject({ reissued: 2, moved: 0 });
  await live.export();
  expect(moveProgress(live.session, moveId)).toMatchObject({ trusting: 4, reissued: 2, moved: 2 });
  const fresh = await live.bundle('m-1');
  for (const who of [old, trusting, fresh, await live.bundle('m-3'), live.observer()])
    expect(await live.connects(who)).toBe(true);

  await expect(finishMove(live.session, moveId)).rejects.toMatchObject({
    code: 'MOVE_INCOMPLETE',
    params: { remaining: 2, total: 4 },
  });
  await renew('rekey', 'm-3');
  await live.export();
  const left = await live.bundle('m-4');
  expect(await finishMove(live.session, moveId, { force: true })).toMatchObject({ moved: 3, finishedAt: expect.any(Number) });
  await live.deploy();
  for (const who of [fresh, await live.bundle('m-3'), live.observer()]) expect(await live.connects(who)).toBe(true);
  for (const who of [old, left]) expect(await live.connects(who)).toBe(false);
  const { authorities } = projectOverview(live.session, live.projectId, Date.now());
  expect(authorities.map(({ name }) => name)).toEqual(['lab Root CA G2']);
  // whoever was left behind is issued anew by the new root
  await renew('rekey', 'm-4');
  await live.export();
  expect(await live.connects(await live.bundle('m-4'))).toBe(true);
});

it('issues everything below a compromised site authority anew; whoever still has its key gets nowhere', async () => {
  const siteId = await createSite(live.session, root().id);
  await renew('rekey', 'm-1', 'm-2', 'm-3');
  await live.deploy();
  const stolen = await live.bundle('m-1');
  expect(await live.connects(stolen)).toBe(true);
  const report = await reissueBelow(live.session, siteId, { mode: 'rekey', compromised: true });
  expect(report.done.map(({ id }) => id)).toEqual(['m-1', 'm-2', 'm-3']);
  expect(report.move.finishedAt).not.toBeNull();
  await live.deploy();
  // its certificate is complete with the chain to the root that the broker still trusts
  expect(stolen.certificate.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  expect(await live.connects(stolen)).toBe(false);
  for (const id of ['m-1', 'm-2', 'm-3', 'm-4']) expect(await live.connects(await live.bundle(id))).toBe(true);
  expect(await live.connects(live.observer())).toBe(true);
});

it('replaces a compromised root with its site authority in one job', async () => {
  await createSite(live.session, root().id);
  await renew('rekey', 'm-1', 'm-2', 'm-3', 'm-4');
  await live.deploy();
  const old = await live.bundle('m-1');
  const report = await reissueBelow(live.session, root().id, { mode: 'rekey', compromised: true });
  expect(report.done).toHaveLength(4);
  const files = await live.deploy();
  expect(files).toEqual(expect.arrayContaining(['certs/ca.crt', 'certs/server.crt', 'certs/server.key', 'certs/crl.pem']));
  expect(await live.connects(old)).toBe(false);
  const fresh = await live.bundle('m-1');
  expect(fresh.ca.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
  for (const id of ['m-1', 'm-4']) expect(await live.connects(await live.bundle(id))).toBe(true);
  expect(await live.connects(live.observer())).toBe(true);
  const ca = await readFile(join(live.installed, 'certs/ca.crt'), 'utf8');
  expect(ca.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
});
