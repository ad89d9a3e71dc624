import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lintStored } from '../authority/certificate-lint.ts';
import { listDevices } from '../authority/device-view.ts';
import { issuingAuthority, latestCrl } from '../authority/lookup.ts';
import { createSite } from '../authority/new-authority.ts';
import { renewAuthority } from '../authority/renew-own.ts';
import { testPlan, testVault } from '../authority/testing/fixtures.ts';
import { readCrl } from '../pki/read-crl.ts';
import type { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { addDevices } from './add-devices.ts';
import { provision } from './provision.ts';
import { renewDevices } from './renew.ts';
import { changeMany, type ManyMemory } from './revoke-many.ts';

const day = 86_400_000;
let folder: string;
let vault: Vault;
let projectId: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-many-'));
  vault = await testVault(join(folder, 'v.fieldkey'));
  ({ projectId } = await provision(vault.session, testPlan({ devices: [{ pattern: 'm-{1..5}' }] })));
});
afterEach(async () => {
  expect(await verifyVault(vault.session)).toMatchObject({ sound: true, findings: [] });
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const ids = () => vault.session.tables.device.where('project_id = ? ORDER BY id', projectId).map(({ id }) => id);
const certificates = (deviceId: number) => vault.session.tables.certificate.where('device_id = ? ORDER BY id', deviceId);
const listed = () => {
  const crl = latestCrl(vault.session, issuingAuthority(vault.session, projectId).id);
  return new Set(readCrl(crl?.der as Buffer).entries.map(({ serial }) => serial));
};
const serialsOf = (deviceId: number) => certificates(deviceId).map(({ serial }) => serial.toString('hex'));

describe('many certificates at once', () => {
  it('takes everything that a device has, tells who was passed over, and publishes once', async () => {
    const [one = 0, two = 0, three = 0] = ids();
    await renewDevices(vault.session, projectId, { mode: 'rekey', deviceIds: [one] });
    const lists = () => vault.session.tables.crl.where('number > 0').length;
    const before = lists();
    const first = await changeMany(vault.session, projectId, {
      deviceIds: [one, two],
      certificateIds: [],
      act: 'revoke',
      reason: 'cessationOfOperation',
    });
    expect(first.certificates.map(({ serial }) => serial)).toEqual([...serialsOf(one), ...serialsOf(two)]);
    expect(first.skipped).toEqual([]);
    expect(first.crls).toMatchObject([{ pending: 0 }]);
    expect(lists()).toBe(before + 1);
    for (const serial of [...serialsOf(one), ...serialsOf(two)]) expect(listed()).toContain(serial);
    for (const serial of serialsOf(three)) expect(listed()).not.toContain(serial);
    const again = await changeMany(vault.session, projectId, {
      deviceIds: [two, three],
      certificateIds: [],
      act: 'revoke',
      reason: 'superseded',
    });
    expect(again.skipped).toEqual([{ deviceId: two, id: 'm-2', why: 'revoked' }]);
    expect(again.certificates).toHaveLength(1);
  });

  it('holds and releases; what is not on hold is passed over; the table says who is', async () => {
    const [one = 0, two = 0] = ids();
    const hold = { deviceIds: [one], certificateIds: [], act: 'revoke', reason: 'certificateHold' } as const;
    await changeMany(vault.session, projectId, hold);
    const row = () => listDevices(vault.session, query, Date.now()).rows[0];
    const query = { projectId, search: 'm-1', offset: 0, limit: 1 };
    expect(row()).toMatchObject({ state: 'hold' });
    expect((await changeMany(vault.session, projectId, hold)).skipped).toMatchObject([{ why: 'hold' }]);
    const released = await changeMany(vault.session, projectId, { deviceIds: [one, two], certificateIds: [], act: 'release' });
    expect(released.certificates).toHaveLength(1);
    expect(released.skipped).toEqual([{ deviceId: two, id: 'm-2', why: 'not-held' }]);
    expect(row()).toMatchObject({ state: 'valid' });
    for (const serial of serialsOf(one)) expect(listed()).not.toContain(serial);
  });

  it('whoever cancels keeps what was done, the list says so, and the rest is completed by the same memory', async () => {
    const wanted = Array.from({ length: 405 }, (_, index) => ({ id: `x-${index}`, role: 'device' as const }));
    await addDevices(vault.session, projectId, wanted);
    const signal = { aborted: false };
    const memory: ManyMemory = {};
    const request = { deviceIds: ids(), certificateIds: [], act: 'revoke', reason: 'superseded' } as const;
    const control = { signal, onProgress: () => (signal.aborted = true) };
    await expect(changeMany(vault.session, projectId, request, control, memory)).rejects.toMatchObject({
      code: 'JOB_CANCELLED',
      params: { done: 200, total: 410 },
    });
    // one more on it than revoked: the canary
    expect(listed().size).toBe(201);
    expect((await changeMany(vault.session, projectId, request, {}, memory)).certificates).toHaveLength(410);
    expect(listed().size).toBe(411);
  });

  it('refuses what is not of a device of this project, and a day in the future', async () => {
    const root = vault.session.tables.certificate.where("kind = 'root'")[0]?.id ?? 0;
    const revoke = { act: 'revoke', reason: 'superseded', deviceIds: [], certificateIds: [] } as const;
    await expect(changeMany(vault.session, projectId, { ...revoke, certificateIds: [root] })).rejects.toMatchObject({
      code: 'CERTIFICATE_NOT_FOUND',
    });
    await expect(changeMany(vault.session, projectId, { ...revoke, deviceIds: [99_999] })).rejects.toMatchObject({
      code: 'DEVICE_NOT_FOUND',
    });
    await expect(changeMany(vault.session, projectId, { ...revoke, at: Date.now() + day })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });
});

describe('what is told about certificates', () => {
  it('lists devices by the end of their certificate; a revoked one ends nothing', async () => {
    const ends = certificates(ids()[0] ?? 0)[0]?.not_after ?? 0;
    const found = (endsFrom: number | undefined, endsBefore: number | undefined) =>
      listDevices(vault.session, { projectId, search: '', offset: 0, limit: 9, endsFrom, endsBefore }, Date.now()).total;
    expect([found(undefined, ends - day), found(ends - day, ends + day), found(ends + day, undefined)]).toEqual([0, 5, 0]);
    await changeMany(vault.session, projectId, {
      deviceIds: [ids()[0] ?? 0],
      certificateIds: [],
      act: 'revoke',
      reason: 'superseded',
    });
    expect(found(ends - day, ends + day)).toBe(4);
  });

  it('finds nothing wrong with anything of ours, also below a renewed authority and a site authority', async () => {
    const root = issuingAuthority(vault.session, projectId).id;
    await renewAuthority(vault.session, root);
    await createSite(vault.session, root);
    await addDevices(vault.session, projectId, [{ id: 'below-site', role: 'device' }]);
    const all = vault.session.tables.certificate.where('project_id = ? ORDER BY id', projectId);
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(['root', 'canary', 'broker', 'observer', 'device', 'site']));
    for (const row of all) {
      const { findings, rules } = lintStored(vault.session, row.id);
      expect(findings, row.kind).toEqual([]);
      expect(rules.length).toBeGreaterThan(50);
      expect(rules.every(({ source }) => source !== '')).toBe(true);
    }
  });
});
