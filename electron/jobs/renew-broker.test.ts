import { afterAll, beforeAll, expect, it } from 'vitest';
import { brokerCertificate, brokerOf, currentCertificate, issuingAuthority, latestCrl } from '../authority/lookup.ts';
import { publishCrls } from '../authority/publish-crl.ts';
import { renewAuthority, renewObserver } from '../authority/renew-own.ts';
import { readCrl } from '../pki/read-crl.ts';
import { openssl } from '../pki/testing/judges.ts';
import { verifyVault } from '../vault/verify.ts';
import { exportState } from './export-state.ts';
import { renewBroker, renewDevices } from './renew.ts';
import { releaseAndPublish, revokeAndPublish } from './revoke.ts';
import { LiveProject } from './testing/live-project.ts';

/** Renewing, revoking, holding: each judged by a real Mosquitto with the files that the program names. */
let live: LiveProject;
beforeAll(async () => {
  live = await LiveProject.start();
});
afterAll(() => live?.end());

const current = (name: string) => currentCertificate(live.session, live.deviceId(name));
const renew = (mode: 'renew' | 'rekey', ...names: string[]) =>
  renewDevices(live.session, live.projectId, { mode, deviceIds: names.map((name) => live.deviceId(name)) });

it('takes a renewed and a re-keyed device without a new file, and their old certificates until they are revoked', async () => {
  const old = { renewed: await live.bundle('m-1'), rekeyed: await live.bundle('m-2') };
  const before = { renewed: current('m-1'), rekeyed: current('m-2') };
  await renew('renew', 'm-1');
  await renew('rekey', 'm-2');
  expect(exportState(live.session, live.projectId)).toMatchObject({ changedKitFiles: [], devicesToExport: 2 });
  await live.export();
  expect(exportState(live.session, live.projectId)).toMatchObject({ devicesToExport: 0 });
  const fresh = { renewed: await live.bundle('m-1'), rekeyed: await live.bundle('m-2') };
  expect(fresh.renewed.key).toBe(old.renewed.key);
  expect(fresh.renewed.certificate).not.toBe(old.renewed.certificate);
  expect(fresh.rekeyed.key).not.toBe(old.rekeyed.key);
  for (const who of [...Object.values(old), ...Object.values(fresh)]) expect(await live.connects(who)).toBe(true);

  // the predecessor is revoked by an act of its own; its successor with the same key goes on
  await revokeAndPublish(live.session, before.renewed?.id ?? 0, { reason: 'superseded' });
  expect(await live.deploy()).toEqual(['certs/crl.pem']);
  expect(await live.connects(old.renewed)).toBe(false);
  expect(await live.connects(fresh.renewed)).toBe(true);
  expect(await live.connects(old.rekeyed)).toBe(true);
});

it('refuses who is on hold, and takes them again after the release', async () => {
  const who = await live.bundle('m-3');
  const certificateId = current('m-3')?.id ?? 0;
  const held = await revokeAndPublish(live.session, certificateId, { reason: 'certificateHold' });
  expect(held.crls).toEqual([expect.objectContaining({ pending: 0 })]);
  await live.deploy();
  expect(await live.connects(who)).toBe(false);
  await releaseAndPublish(live.session, certificateId);
  const crl = latestCrl(live.session, issuingAuthority(live.session, live.projectId).id);
  expect(readCrl(crl?.der as Buffer).entries.map((entry) => entry.serial)).not.toContain(current('m-3')?.serial.toString('hex'));
  await live.deploy();
  expect(await live.connects(who)).toBe(true);
});

it('revokes with a compromised key every certificate that has it', async () => {
  const before = await live.bundle('m-4');
  const first = current('m-4');
  await renew('renew', 'm-4');
  await live.export();
  const after = await live.bundle('m-4');
  const report = await revokeAndPublish(live.session, first?.id ?? 0, { reason: 'keyCompromise' });
  expect(report.certificates.map(({ commonName }) => commonName)).toEqual(['m-4', 'm-4']);
  await live.deploy();
  for (const who of [before, after]) expect(await live.connects(who)).toBe(false);
  expect((await renew('renew', 'm-4')).skipped).toEqual([expect.objectContaining({ id: 'm-4', why: 'revoked' })]);
});

it('renews broker and observer: same key or a new one, and the fleet goes on', async () => {
  const certificate = () => {
    const row = brokerCertificate(live.session, brokerOf(live.session, live.projectId)?.id ?? 0);
    return { id: row?.id, key: row?.key_id, predecessor: row?.predecessor_id };
  };
  const before = certificate();
  // a certificate that lives longer needs a list that does not end before it
  expect((await renewBroker(live.session, live.projectId, 'renew')).filesToCopy).toContain('certs/server.crt');
  expect(certificate()).toMatchObject({ key: before.key, predecessor: before.id });
  expect((await renewBroker(live.session, live.projectId, 'rekey')).filesToCopy).toContain('certs/server.key');
  expect(certificate().key).not.toBe(before.key);
  await renewObserver(live.session, live.projectId, 'renew');
  await live.deploy();
  for (const who of [await live.bundle('m-1'), await live.bundle('m-2'), live.observer()]) {
    expect(await live.connects(who)).toBe(true);
  }
});

it('renews the root with the same key: old devices go on with the old root and with the new one', async () => {
  const authority = issuingAuthority(live.session, live.projectId);
  const old = await live.bundle('m-1');
  const id = await renewAuthority(live.session, authority.id, { validity: { years: 20 } });
  await publishCrls(live.session, live.projectId);
  expect(await live.deploy()).toEqual(expect.arrayContaining(['certs/ca.crt']));
  const fresh = await live.bundle('m-1');
  expect(fresh.certificate).toBe(old.certificate);
  expect(fresh.ca).not.toBe(old.ca);
  for (const who of [old, fresh]) expect(await live.connects(who)).toBe(true);
  const roots = live.session.tables.certificate.where("kind = 'root' ORDER BY id");
  expect(roots.at(-1)).toMatchObject({ id, predecessor_id: roots[0]?.id, key_id: roots[0]?.key_id });
  const leaf = current('m-1')?.der as Buffer;
  const crl = latestCrl(live.session, authority.id)?.der as Buffer;
  for (const { der: root } of roots) {
    expect(await openssl({ root, leaf, crls: [crl] }, { purpose: 'client' })).toMatchObject({ ok: true });
  }
  expect(await verifyVault(live.session)).toMatchObject({ sound: true, findings: [] });
});
