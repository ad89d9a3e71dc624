import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renewDevices } from '../jobs/renew.ts';
import { releaseAndPublish, revokeAndPublish } from '../jobs/revoke.ts';
import { readCrl } from '../pki/read-crl.ts';
import { certtool, keytool, nss, openssl } from '../pki/testing/judges.ts';
import type { VaultSession } from '../vault/session.ts';
import type { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { createProject } from './create-project.ts';
import { deviceDetail } from './device-view.ts';
import { issueDevices } from './issue-devices.ts';
import { currentCertificate, issuingAuthority, latestCrl, observerCertificate } from './lookup.ts';
import { publishCrl } from './publish-crl.ts';
import { keepObserver, renewAuthority } from './renew-own.ts';
import { testPlan, testVault } from './testing/fixtures.ts';

const day = 86_400_000;
const profile = { key: 'p256', days: 365 } as const;
let folder: string;
let vault: Vault;
let session: VaultSession;
let projectId: number;
let clock: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-renew-'));
  // long enough ago that what tests issue later is valid for judges with a real clock
  clock = Date.now() - 400 * day;
  vault = await testVault(join(folder, 'v.fieldkey'), { now: () => clock });
  session = vault.session;
  projectId = await createProject(session, testPlan());
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

async function add(count: number, name = 'm'): Promise<number[]> {
  const requests = Array.from({ length: count }, (_, i) => ({ id: `${name}-${i + 1}`, role: 'device' as const }));
  await issueDevices(session, projectId, requests, profile);
  return requests.map(({ id }) => session.tables.device.where('name = ?', id)[0]?.id ?? 0);
}
const certificatesOf = (deviceId: number) => session.tables.certificate.where('device_id = ? ORDER BY id', deviceId);
const authority = () => issuingAuthority(session, projectId);
const crl = () => latestCrl(session, authority().id)?.der as Buffer;
const root = () => session.tables.certificate.where("kind = 'root' ORDER BY id")[0]?.der as Buffer;

describe('renewing', () => {
  it('keeps the key, links the one before, leaves it valid; four judges agree', async () => {
    const [deviceId = 0] = await add(1);
    clock += 340 * day;
    session.confirmClock();
    const { done, skipped } = await renewDevices(session, projectId, { mode: 'renew', deviceIds: [deviceId] });
    const [old, fresh] = certificatesOf(deviceId);
    expect(skipped).toEqual([]);
    expect(done).toEqual([expect.objectContaining({ deviceId, id: 'm-1', certificateId: fresh?.id, predecessorId: old?.id })]);
    expect(fresh).toMatchObject({ key_id: old?.key_id, predecessor_id: old?.id, status: 'valid' });
    expect(old?.status).toBe('valid');
    expect(fresh?.not_after).toBeGreaterThan((old?.not_after ?? 0) + 300 * day);
    const of = { root: root(), leaf: fresh?.der as Buffer, crls: [crl()] };
    for (const judge of [certtool, nss, openssl]) expect(await judge(of, { purpose: 'client' })).toMatchObject({ ok: true });
    expect(await keytool([of.leaf])).toMatchObject({ ok: true });
    expect(deviceDetail(session, deviceId, clock).device).toMatchObject({ state: 'valid', certificateId: fresh?.id });
  });

  it('takes those that end in time, and says why others are passed over', async () => {
    const early = await add(2, 'early');
    clock += 200 * day;
    session.confirmClock();
    const [late = 0] = await add(1, 'late');
    clock += 150 * day;
    session.confirmClock();
    await revokeAndPublish(session, certificatesOf(early[1] ?? 0)[0]?.id ?? 0, { reason: 'cessationOfOperation' });
    const first = await renewDevices(session, projectId, { mode: 'renew', withinDays: 30 });
    expect(first.done.map(({ id }) => id)).toEqual(['early-1']);
    expect(first.skipped).toEqual([{ deviceId: early[1], id: 'early-2', why: 'revoked' }]);
    expect((await renewDevices(session, projectId, { mode: 'renew', withinDays: 30 })).done).toEqual([]);
    // the authority's end cuts it: nothing would be won
    clock += 3_100 * day;
    // nobody used this vault for years: the clock is confirmed first
    session.confirmClock();
    await renewDevices(session, projectId, { mode: 'rekey', deviceIds: [late], days: 3650 });
    expect(await renewDevices(session, projectId, { mode: 'renew', deviceIds: [late] })).toMatchObject({
      done: [],
      skipped: [{ id: 'late-1', why: 'issuer-ends' }],
    });
  });

  it('keeps whole chunks when it is cancelled, and goes on with what is left', async () => {
    const deviceIds = await add(450);
    const stop = new AbortController();
    const memory = {};
    const request = { mode: 'renew', deviceIds } as const;
    const first = renewDevices(
      session,
      projectId,
      request,
      { signal: stop.signal, onProgress: ({ done }) => done >= 200 && stop.abort() },
      memory,
    );
    await expect(first).rejects.toMatchObject({ code: 'JOB_CANCELLED', params: { done: 200, total: 450 } });
    const { done } = await renewDevices(session, projectId, request, {}, memory);
    expect(done).toHaveLength(450);
    expect(new Set(done.map(({ certificateId }) => certificateId)).size).toBe(450);
    for (const deviceId of deviceIds) expect(certificatesOf(deviceId)).toHaveLength(2);
    expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  });

  it('renews the observer by itself when it is due, not before', async () => {
    expect(await keepObserver(session, projectId)).toBe(false);
    const before = observerCertificate(session, projectId);
    clock += 340 * day;
    session.confirmClock();
    expect(await keepObserver(session, projectId)).toBe(true);
    expect(observerCertificate(session, projectId)).toMatchObject({ predecessor_id: before?.id, key_id: before?.key_id });
  });

  it('gives an authority a new validity under the same name, key and identifier, and trusts it in its place', async () => {
    const [deviceId = 0] = await add(1);
    clock += 9 * 365 * day;
    session.confirmClock();
    await renewDevices(session, projectId, { mode: 'renew', deviceIds: [deviceId] });
    await renewAuthority(session, authority().id, { validity: { years: 10 } });
    await publishCrl(session, authority().id);
    clock += 2 * 365 * day;
    session.confirmClock();
    await renewDevices(session, projectId, { mode: 'renew', deviceIds: [deviceId] });
    const renewed = session.tables.certificate.where("kind = 'root' ORDER BY id DESC")[0]?.der as Buffer;
    expect(currentCertificate(session, deviceId)?.not_after).toBeGreaterThan(clock);
    for (const row of session.tables.trust.where('1 = 1')) {
      expect(session.tables.certificate.get(row.certificate_id)?.der.equals(renewed)).toBe(true);
    }
    expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  });
});

describe('revoking', () => {
  it('refuses a date in the future or before the certificate, a second time, and a root', async () => {
    const [deviceId = 0] = await add(1);
    const [row] = certificatesOf(deviceId);
    const id = row?.id ?? 0;
    const code = (certificateId: number, at?: number) =>
      revokeAndPublish(session, certificateId, { reason: 'superseded', at }).then(
        () => 'none',
        (error: { code: string }) => error.code,
      );
    expect(await code(id, clock + 1)).toBe('INPUT_INVALID');
    expect(await code(id, (row?.not_before ?? 0) - 1)).toBe('INPUT_INVALID');
    expect(await code(session.tables.certificate.where("kind = 'root'")[0]?.id ?? 0)).toBe('AUTHORITY_IS_ROOT');
    expect(await code(id, row?.not_before)).toBe('none');
    expect(await code(id)).toBe('CERTIFICATE_REVOKED');
    await expect(releaseAndPublish(session, id)).rejects.toMatchObject({ code: 'CERTIFICATE_NOT_HELD' });
    const entry = readCrl(crl()).entries.find(({ serial }) => serial === row?.serial.toString('hex'));
    expect(entry).toMatchObject({ reason: 'superseded', revokedAt: new Date(row?.not_before ?? 0) });
  });

  it('can leave the list for later, and says how much it lacks', async () => {
    const [deviceId = 0] = await add(1);
    const request = { reason: 'certificateHold', publish: false } as const;
    const report = await revokeAndPublish(session, certificatesOf(deviceId)[0]?.id ?? 0, request);
    expect(report.crls).toEqual([expect.objectContaining({ pending: 1 })]);
  });

  it('bounds the next update by a day and the end of the authority', async () => {
    const wrong = [clock + day - 1, clock + 4_000 * day];
    for (const nextUpdate of wrong) {
      await expect(publishCrl(session, authority().id, { nextUpdate })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
    expect((await publishCrl(session, authority().id, { nextUpdate: clock + 90 * day })).nextUpdate).toBe(
      Math.floor((clock + 90 * day) / 1000) * 1000,
    );
  });
});

/** Whatever acts in whatever order: links, numbers and what the list says stay in step. */
it('keeps links, keys and lists in step under random acts', async () => {
  const deviceIds = await add(3);
  const act = fc.record({
    what: fc.constantFrom('renew', 'rekey', 'hold', 'release', 'revoke', 'publish'),
    device: fc.nat(2),
    days: fc.nat(20),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 12 }), async (acts) => {
      let number = latestCrl(session, authority().id)?.number ?? 0;
      for (const { what, device, days } of acts) {
        clock += days * 3_600_000;
        const deviceId = deviceIds[device] ?? 0;
        const target = certificatesOf(deviceId).findLast(({ status }) =>
          what === 'release' ? status === 'hold' : status === 'valid',
        );
        if (what === 'renew' || what === 'rekey') await renewDevices(session, projectId, { mode: what, deviceIds: [deviceId] });
        else if (what === 'publish') await publishCrl(session, authority().id);
        else if (target && what === 'release') await releaseAndPublish(session, target.id);
        else if (target)
          await revokeAndPublish(session, target.id, { reason: what === 'hold' ? 'certificateHold' : 'superseded' });
        const latest = latestCrl(session, authority().id)?.number ?? 0;
        expect(latest).toBeGreaterThanOrEqual(number);
        number = latest;
      }
      for (const deviceId of deviceIds) {
        const rows = certificatesOf(deviceId);
        rows.forEach((row, index) => {
          // a link leads to an older certificate of the same device, and the serials differ
          const before = rows.find(({ id }) => id === row.predecessor_id);
          if (index === 0) expect(row.predecessor_id).toBeNull();
          else expect(before?.id).toBeLessThan(row.id);
        });
      }
      const listed = new Set(readCrl(crl()).entries.map(({ serial }) => serial));
      for (const row of session.tables.certificate.where('device_id IS NOT NULL')) {
        expect(listed.has(row.serial.toString('hex'))).toBe(row.status !== 'valid');
      }
    }),
    { numRuns: 15 },
  );
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
});
