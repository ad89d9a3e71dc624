import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseIssuers } from '../authority/choose-issuers.ts';
import { authoritiesOf, brokerCertificate, brokerOf, issuingAuthority, latestCrl } from '../authority/lookup.ts';
import { createSite } from '../authority/new-authority.ts';
import { pendingOf, publishCrls } from '../authority/publish-crl.ts';
import { renewAuthority } from '../authority/renew-own.ts';
import { testPlan, testVault } from '../authority/testing/fixtures.ts';
import { readCrl } from '../pki/read-crl.ts';
import type { ProveOrder } from '../tester/channel.ts';
import { tryRefusal, worstOfEach } from '../tester/prove-refusals.ts';
import { defaultTiming } from '../tester/timing.ts';
import type { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { addDevices } from './add-devices.ts';
import { checklistFacts } from './checklist.ts';
import { exportProject } from './export-project.ts';
import { refusalsOf } from './prove-access.ts';
import { provision } from './provision.ts';
import { retireEnded } from './retire-ended.ts';
import { revokeAndPublish } from './revoke.ts';
import { BrokerMachine } from './testing/imported-kit.ts';
import { LiveProject } from './testing/live-project.ts';

const day = 86_400_000;
const hosts = { names: ['localhost'], addresses: ['127.0.0.1'] };
let scratch: string;
let vault: Vault;
let clock: number;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fieldkey-lists-'));
  await chmod(scratch, 0o755);
  clock = Date.now() - 370 * day;
  vault = await testVault(join(scratch, 'v.fieldkey'), { now: () => clock });
});
afterEach(async () => {
  vault.close();
  await rm(scratch, { recursive: true, force: true });
});

/** So many days on; a person says that the clock is right. */
function later(days: number): void {
  clock += days * day;
  vault.session.confirmClock();
}

const listOf = (authorityId: number) => latestCrl(vault.session, authorityId);
const entries = (authorityId: number) => readCrl(listOf(authorityId)?.der ?? Buffer.alloc(0)).entries;
const certificateOf = (name: string) =>
  vault.session.tables.certificate.where('common_name = ? ORDER BY id DESC LIMIT 1', name)[0]?.id ?? 0;
const ownCertificate = (authorityId: number) => {
  const [row] = vault.session.tables.certificate.where('authority_id = ? ORDER BY id DESC LIMIT 1', authorityId);
  if (!row) throw new Error(`no certificate of authority ${authorityId}`);
  return row;
};

it('a serial that an imported list has, and that is revoked here too, stands on the list once: the earlier date, the stronger reason', async () => {
  const { session } = vault;
  const { projectId } = await provision(session, testPlan());
  const root = issuingAuthority(session, projectId).id;
  const site = await createSite(session, root);
  const own = ownCertificate(site);
  const earlier = clock - 3 * day;
  // what an import of former times left of a site authority that its root had revoked
  session.write(() =>
    session.tables.listedRevocation.insert({
      authority_id: root,
      serial: own.serial,
      revoked_at: earlier,
      reason: 'cACompromise',
    }),
  );
  await publishCrls(session, projectId);
  expect(pendingOf(session, root)).toBe(0);
  const report = await revokeAndPublish(session, own.id, { reason: 'superseded' });
  expect(report.crls).toEqual([
    { authority: 'lab Root CA', number: listOf(root)?.number, nextUpdate: listOf(root)?.next_update, pending: 0 },
  ]);
  expect(entries(root).filter(({ serial }) => serial === own.serial.toString('hex'))).toEqual([
    { serial: own.serial.toString('hex'), revokedAt: new Date(Math.floor(earlier / 1000) * 1000), reason: 'cACompromise' },
  ]);
});

describe('the end of a list', () => {
  it.each([
    ['has ended', 90, 121, 395],
    ['ends soon', 90, 80, 180],
    ['lives long', 397, 10, 417],
  ])('is half a year away at the least where the broker certificate %s', async (_, days, after, expected) => {
    const { session } = vault;
    const { projectId } = await provision(session, testPlan({ broker: { ...hosts, days } }));
    later(after);
    const { crls } = await revokeAndPublish(session, certificateOf('meter-001'), { reason: 'keyCompromise' });
    expect(Math.round(((crls[0]?.nextUpdate ?? 0) - clock) / day)).toBe(expected);
    expect(projectId).toBe(1);
  });

  it('is never after the authority, is that of nobody else, and is as chosen where a person chose it', async () => {
    const { session } = vault;
    const { projectId } = await provision(session, testPlan({ authority: { years: 1 } }));
    const root = issuingAuthority(session, projectId).id;
    later(300);
    await publishCrls(session, projectId);
    expect(listOf(root)?.next_update).toBe(ownCertificate(root).not_after);
    const chosen = clock + 20 * day;
    await publishCrls(session, projectId, { nextUpdate: chosen });
    expect(listOf(root)?.next_update).toBe(Math.floor(chosen / 1000) * 1000);
    await expect(publishCrls(session, projectId, { nextUpdate: clock + 300 * day })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  it('is not tied to a certificate that somebody else renews', async () => {
    const { session } = vault;
    const { projectId } = await provision(session, testPlan({ broker: { ...hosts, days: 90 } }));
    const broker = brokerCertificate(session, brokerOf(session, projectId)?.id ?? 0);
    if (!broker) throw new Error('no broker');
    session.write(() => session.tables.certificate.update({ ...broker, issuer_id: null }));
    await publishCrls(session, projectId);
    const root = issuingAuthority(session, projectId).id;
    expect(Math.round(((listOf(root)?.next_update ?? 0) - clock) / day)).toBe(395);
  });
});

describe('an authority that has ended', () => {
  /** A site authority of a year that ended five days ago, and another one since. */
  async function afterTheFirst(settings: object = {}) {
    const { session } = vault;
    const broker = { ...hosts, days: 825, ...settings };
    const { projectId } = await provision(session, testPlan({ broker, devices: [] }));
    const root = issuingAuthority(session, projectId).id;
    const one = await createSite(session, root, { name: 'one', years: 1 });
    await addDevices(session, projectId, [{ id: 'old-1', role: 'device' }]);
    later(370);
    const two = await createSite(session, root, { name: 'two' });
    return { session, projectId, root, one, two };
  }

  it('is in the way of no list and of no kit: a running broker takes the devices of the other one', async () => {
    const machine = await BrokerMachine.at(scratch);
    const { session, projectId, one } = await afterTheFirst(machine.settings);
    await addDevices(session, projectId, [
      { id: 'm-1', role: 'device' },
      { id: 'm-2', role: 'device' },
    ]);
    expect(await publishCrls(session, projectId)).toMatchObject({
      published: [{ authority: 'lab Root CA' }, { authority: 'two' }],
      offline: [],
      ended: ['one'],
    });
    const over = listOf(one)?.number;
    await revokeAndPublish(session, certificateOf('m-2'), { reason: 'keyCompromise' });
    expect(listOf(one)?.number).toBe(over);
    expect(checklistFacts(session, projectId, null).lists.map(({ authority }) => authority)).toEqual(['lab Root CA', 'two']);
    await exportProject(session, projectId, { directory: join(scratch, 'stick') });
    const kit = join(scratch, 'stick/lab/broker');
    expect((await readFile(join(kit, 'certs/crl.pem'), 'utf8')).match(/BEGIN X509 CRL/g)).toHaveLength(2);
    expect((await readFile(join(kit, 'certs/ca.crt'), 'utf8')).match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    // it may be renewed and come back: an installed list of it is not to be older then
    expect(await readFile(join(kit, 'lists.sh'), 'utf8')).toMatch(/ [0-9a-f]+ 0 left-out one$/m);
    try {
      // install.sh of the kit itself: it refuses a list that has ended
      await machine.install(join(scratch, 'stick/lab'));
      const bundle = (id: string) => join(scratch, 'stick/lab/devices', id);
      expect([await machine.acceptsBundle(bundle('m-1')), await machine.acceptsBundle(bundle('m-2')).catch(() => false)]).toEqual(
        [true, false],
      );
    } finally {
      await machine.stop();
    }
  });

  it('goes out of use when a person says so, or lives on with a new certificate; the last one stays', async () => {
    const { session, projectId, root, one, two } = await afterTheFirst();
    expect(() => retireEnded(session, two)).toThrow('AUTHORITY_NEEDED');
    retireEnded(session, one);
    expect(authoritiesOf(session, projectId).map(({ name, state }) => [name, state])).toEqual([
      ['lab Root CA', 'active'],
      ['one', 'retired'],
      ['two', 'active'],
    ]);
    expect(() => retireEnded(session, one)).toThrow('AUTHORITY_NOT_ACTIVE');
    expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
    later(15 * 365);
    expect(() => retireEnded(session, root)).toThrow('AUTHORITY_NEEDED');
    expect((await publishCrls(session, projectId)).ended).toEqual(['lab Root CA', 'two']);
    await renewAuthority(session, root);
    retireEnded(session, two);
    expect((await publishCrls(session, projectId)).published.map(({ authority }) => authority)).toEqual(['lab Root CA']);
  });

  it('issues nothing more where it was chosen and another one can', async () => {
    const { session, projectId, one, two } = await afterTheFirst();
    chooseIssuers(session, projectId, { devices: one, broker: one });
    expect(issuingAuthority(session, projectId).id).toBe(two);
    await addDevices(session, projectId, [{ id: 'm-1', role: 'device' }]);
    expect(session.tables.certificate.get(certificateOf('m-1'))?.issuer_id).toBe(two);
  });
});

describe('the canary', () => {
  it('of each authority shows whether the broker has its list: one list of before, and it is let in', async () => {
    const live = await LiveProject.start();
    try {
      const { session, projectId } = live;
      const root = issuingAuthority(session, projectId).id;
      const site = await createSite(session, root);
      await addDevices(session, projectId, [{ id: 'm-9', role: 'device' }]);
      // what the proof does with them, on the broker itself
      const refused = async () => {
        const orders = (await refusalsOf(session, projectId)).filter(({ test }) => test === 'revoked');
        const order: ProveOrder = {
          proofId: '',
          host: 'localhost',
          port: live.port,
          ca: orders[0]?.identity?.ca ?? '',
          subjects: [],
          refusals: orders,
          denialDisconnects: false,
        };
        const seen = [];
        for (const each of orders) seen.push(await tryRefusal(order, each, defaultTiming, new AbortController().signal));
        return { seen: seen.map((each) => each.seen), worst: worstOfEach(seen).map((each) => each.seen) };
      };
      await live.deploy();
      expect(await refused()).toEqual({ seen: ['refused', 'refused'], worst: ['refused'] });
      // as if it never had one: the next list brings it, and the broker has the list of before
      const canary = session.tables.certificate.where("kind = 'canary' AND issuer_id = ? AND status = 'revoked'", site)[0];
      if (!canary) throw new Error('no canary');
      session.write(() =>
        session.tables.certificate.update({ ...canary, status: 'valid', revoked_at: null, revocation_reason: null }),
      );
      await publishCrls(session, projectId);
      const fresh = session.tables.certificate.where("kind = 'canary' AND issuer_id = ? AND status = 'revoked'", site);
      expect(fresh.map(({ id }) => id > canary.id)).toEqual([true]);
      expect(await refused()).toEqual({ seen: ['refused', 'accepted'], worst: ['accepted'] });
      await live.deploy();
      expect(await refused()).toEqual({ seen: ['refused', 'refused'], worst: ['refused'] });
    } finally {
      await live.end();
    }
  });
});
