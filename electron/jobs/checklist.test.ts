import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChecklistFacts, type CheckPoint, checkPointNames, confirmablePoints } from '../../shared/model/checklist.ts';
import type { ProofObserved, RefusalTest } from '../../shared/model/proof.ts';
import { refusalTests } from '../../shared/model/proof.ts';
import { judgeChecklist } from '../../shared/rules/checklist.ts';
import { testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { drillShares, makeShares } from '../vault/recovery.ts';
import type { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { takeOffline } from './authority-key.ts';
import { changeBrokerSettings } from './change-project.ts';
import { checklistFacts, confirmPoint, showChecklist } from './checklist.ts';
import { finishProof, prepareProof } from './prove-access.ts';
import { provision } from './provision.ts';
import { shareCertificate } from './share-certificate.ts';

const day = 86_400_000;
let folder: string;
let file: string;
let vault: Vault;
let projectId: number;
let clock: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-checklist-'));
  file = join(folder, 'v.fieldkey');
  clock = Date.now();
  vault = await testVault(file, { now: () => clock });
  ({ projectId } = await provision(vault.session, testPlan({ devices: [{ pattern: 'm-{1..3}' }] })));
});
afterEach(async () => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const show = () => showChecklist(vault.session, projectId);
const facts = (): ChecklistFacts => checklistFacts(vault.session, projectId, null);
const row = async (point: CheckPoint) => {
  const found = (await show()).rows.find((each) => each.point === point);
  return { state: found?.state, facts: found?.evidence.map((each) => each.fact) };
};
/** The state of a point with some of what it is judged by otherwise. */
const judged = (point: CheckPoint, change: Partial<ChecklistFacts>) =>
  judgeChecklist({ ...facts(), ...change }).find((each) => each.point === point)?.state;
const withKit = (kit: object): Partial<ChecklistFacts> => {
  const { broker } = facts();
  return broker ? { broker: { ...broker, kit: { ...broker.kit, ...kit } } } : {};
};

/** A proof as a broker would have given it that does what the rules say, but for what is told. */
async function prove(
  wrong: { checks?: number; accepted?: readonly RefusalTest[]; untried?: readonly RefusalTest[]; version?: string } = {},
) {
  const place = { projectId, host: '127.0.0.1', port: 8883 };
  const device = vault.session.tables.device.where('name = ?', 'm-1')[0];
  const prepared = await prepareProof(vault.session, { ...place, deviceIds: [device?.id ?? 0] });
  let left = wrong.checks ?? 0;
  const observed: ProofObserved = {
    connections: [],
    topics: prepared.expected.map(({ who, verb, topic, expected }) => {
      const other = left > 0 && verb === 'write' && expected;
      if (other) left--;
      return { who, verb, topic, seen: expected !== other ? 'allowed' : 'denied', by: 'delivery', reasonCode: null };
    }),
    refusals: refusalTests.map((test) => ({
      test,
      seen: wrong.accepted?.includes(test) ? 'accepted' : wrong.untried?.includes(test) ? 'untried' : 'refused',
      cause: null,
      alert: null,
    })),
    version: wrong.version ?? null,
    stopped: null,
  };
  await finishProof(vault.session, place, prepared, observed);
}

describe('a new project', () => {
  it('has nothing green that nothing shows', async () => {
    const { rows, counts } = await show();
    expect(rows.map(({ point }) => point)).toEqual(checkPointNames);
    expect(Object.fromEntries(rows.map(({ point, state }) => [point, state]))).toEqual({
      unique: 'green',
      identity: 'green',
      rotation: 'green',
      hostname: 'green',
      tls: 'unknown',
      strangers: 'unknown',
      access: 'unknown',
      limits: 'amber',
      updates: 'unknown',
      network: 'amber',
      logging: 'unknown',
      expiry: 'green',
      revocation: 'unknown',
      keyOffline: 'amber',
      hsm: 'unknown',
      backup: 'red',
      recovery: 'amber',
      record: 'green',
    });
    expect(counts).toEqual({ red: 1, amber: 4, unknown: 7, green: 6 });
  });
});

describe('a proof on the broker', () => {
  it('makes its points green, or red, or leaves them open', async () => {
    await prove();
    for (const point of ['tls', 'strangers', 'access', 'revocation'] as const)
      expect((await row(point)).state, point).toBe('green');
    await prove({ checks: 1, accepted: ['plain-1883', 'no-certificate', 'revoked'] });
    for (const point of ['tls', 'strangers', 'access', 'revocation'] as const)
      expect((await row(point)).state, point).toBe('red');
    await prove({ untried: ['plain', 'expired', 'revoked'] });
    for (const point of ['tls', 'strangers', 'revocation'] as const) expect((await row(point)).state, point).toBe('unknown');
    expect((await row('access')).state).toBe('green');
  });

  it('is as good as a check of the doctor, whichever is newer', async () => {
    await prove();
    const { finishedAt, refusals, host, port } = proved();
    const letIn = refusals.map((each) => ({ ...each, seen: 'accepted' as const }));
    const checked = (at: number) => ({ checked: { finishedAt: at, refusals: letIn, host, port } });
    expect(judged('strangers', checked(finishedAt - 1))).toBe('green');
    expect(judged('strangers', checked(finishedAt + 1))).toBe('red');
    expect(judged('strangers', { ...checked(finishedAt), proof: null })).toBe('red');
    expect(judged('strangers', { checked: null, proof: null })).toBe('unknown');
    // it tries no topics of a fleet
    expect(judged('access', { checked: checked(finishedAt).checked, proof: null })).toBe('unknown');
  });

  it('counts less when it is old, and when the broker was changed after it', async () => {
    await prove();
    clock += 1000;
    const broker = facts().broker;
    expect(broker?.changedAt).toBe(clock - 1000);
    expect(judged('access', { now: clock + 181 * day })).toBe('amber');
    await changeBrokerSettings(vault.session, projectId, {
      ...brokerInput(),
      kit: { ...brokerInput().kit, networks: ['192.168.4.0/24'] },
    });
    expect(await row('access')).toEqual({ state: 'amber', facts: ['rulesFine', 'proofBefore', 'accessProved'] });
    expect((await row('tls')).state).toBe('amber');
  });

  it('is incomplete, or the rules are risky: amber', async () => {
    await prove();
    const { proof } = facts();
    expect(judged('access', { proof: proof && { ...proof, checks: [] } })).toBe('amber');
    expect(judged('access', { risks: 2 })).toBe('amber');
  });
});

function brokerInput() {
  const [stored] = vault.session.tables.broker.where('project_id = ?', projectId);
  return JSON.parse(stored?.settings ?? '{}');
}

describe('what the vault shows', () => {
  it('devices: certificates that are due, ended, shared, or valid for too long', async () => {
    const { devices } = facts();
    expect(devices).toMatchObject({ total: 3, certified: 3, sharing: 0, ended: 0, due: 0 });
    expect(judged('unique', { devices: { ...devices, sharing: 2 } })).toBe('red');
    expect(judged('unique', { devices: { ...devices, certified: 0 } })).toBe('unknown');
    expect(judged('rotation', { devices: { ...devices, days: 1097 } })).toBe('amber');
    expect(judged('rotation', { devices: { ...devices, certified: 0 } })).toBe('unknown');
    clock += 350 * day;
    expect(await row('rotation')).toEqual({ state: 'amber', facts: ['validityFine', 'devicesDue'] });
    clock += 30 * day;
    expect(await row('rotation')).toEqual({ state: 'red', facts: ['validityFine', 'devicesEnded'] });
  });

  it('one certificate for several devices is found', async () => {
    const [first, second] = vault.session.tables.device.where('project_id = ? ORDER BY id', projectId);
    shareCertificate(vault.session, projectId, first?.id ?? 0, [second?.id ?? 0]);
    expect(await row('unique')).toEqual({ state: 'red', facts: ['devicesShared'] });
    expect(facts().devices.sharing).toBe(2);
  });

  it('two devices on one key are found in the tables themselves', () => {
    const certificate = vault.session.tables.certificate.where("kind = 'device' ORDER BY id");
    const [first, second] = certificate;
    if (!first || !second) throw new Error('no certificates');
    vault.session.tables.certificate.update({ ...second, key_id: first.key_id });
    expect(facts().devices.sharing).toBe(2);
  });

  it('the broker: its names, its settings', () => {
    expect(judged('hostname', { broker: null })).toBe('unknown');
    const { broker } = facts();
    expect(broker?.uncovered).toEqual([]);
    if (broker) {
      expect(judged('hostname', { broker: { ...broker, uncovered: ['broker.example'] } })).toBe('red');
      expect(judged('hostname', { broker: { ...broker, uncovered: null } })).toBe('red');
      expect(judged('limits', { broker: { ...broker, maxConnections: 3 } })).toBe('red');
      // RabbitMQ's limit is that of a virtual host: a piece of somebody else's broker sets none
      const rabbit = { ...broker, target: 'rabbitmq-3', kit: { ...broker.kit, connectionRate: 20 } } as const;
      expect(judged('limits', { broker: rabbit })).toBe('green');
      expect(judged('limits', { broker: { ...rabbit, kit: { ...rabbit.kit, form: 'drop-in' } } })).toBe('amber');
    }
    expect(judged('identity', withKit({ identity: 'certificate-password' }))).toBe('green');
    expect(judged('identity', withKit({ identity: 'password' }))).toBe('amber');
    expect(judged('identity', { broker: null })).toBe('unknown');
    expect(judged('limits', withKit({ connectionRate: 20 }))).toBe('green');
    expect(judged('limits', { broker: null })).toBe('unknown');
    expect(judged('logging', withKit({ logWeeks: 4 }))).toBe('amber');
    expect(judged('logging', withKit({ connectionMessages: false }))).toBe('amber');
  });

  it('a check of the record that was made elsewhere counts, and is not made again', async () => {
    const { sound, entries } = await verifyVault(vault.session);
    const madeAt = clock;
    clock += 5_000;
    const of = async () => (await show()).rows.find(({ point }) => point === 'record')?.evidence;
    expect(await of()).toEqual([{ fact: 'recordSound', state: 'green', at: madeAt, params: { entries } }]);
    expect(sound).toBe(true);
    // something was written since
    confirmPoint(vault.session, projectId, { point: 'hsm', note: 'token', withdraw: false });
    expect(await of()).toMatchObject([{ at: clock, params: { entries: entries + 1 } }]);
  });

  it('the version that the broker told: fixed, too old, another one than the kit is for, or of another software', () => {
    const version = (text: string, age = 0) => judged('updates', { version: { text, at: clock - age * day } });
    expect(version('mosquitto version 2.0.21')).toBe('green');
    expect(version('mosquitto version 2.0.19')).toBe('green');
    expect(version('mosquitto version 2.0.11')).toBe('amber');
    expect(version('mosquitto version 2.1.2')).toBe('amber');
    expect(version('mosquitto version 2.0.21', 181)).toBe('amber');
    expect(version('something else')).toBe('unknown');
  });

  it('the version is that of the last proof that saw one, as long as the broker is of that software', async () => {
    expect((await row('updates')).facts).toEqual(['versionNone']);
    await prove({ version: 'mosquitto version 2.0.18' });
    expect(facts().version).toEqual({ text: 'mosquitto version 2.0.18', at: clock });
    const seenAt = clock;
    clock += day;
    await prove();
    expect(facts().version?.at).toBe(seenAt);
    await prove({ version: 'mosquitto version 2.0.21' });
    expect(await row('updates')).toEqual({ state: 'green', facts: ['versionSeen'] });
    const target = 'rabbitmq-3' as const;
    await changeBrokerSettings(vault.session, projectId, { ...brokerInput(), target });
    expect(facts().version).toBeNull();
  });

  it('what ends: in time, soon, over; and a warning that is too short', async () => {
    expect(judged('expiry', { warnDays: 10 })).toBe('amber');
    const { ends } = facts();
    const [first] = ends;
    expect(judged('expiry', { now: (first?.notAfter ?? 0) - 20 * day })).toBe('amber');
    expect(judged('expiry', { now: (first?.notAfter ?? 0) + 1 })).toBe('red');
  });

  it('revocation lists: in force, near their end, ended, missing', async () => {
    await prove();
    const next = facts().lists[0]?.nextUpdate ?? 0;
    const at = (days: number) =>
      judged('revocation', { now: next - days * day, proof: { ...proved(), finishedAt: next - 70 * day } });
    expect([61, 60, 14, 0].map(at)).toEqual(['green', 'amber', 'red', 'red']);
    expect(judged('revocation', { lists: [{ authority: 'lab', nextUpdate: null }] })).toBe('red');
  });

  it('a key that is taken out, or belongs to somebody else', async () => {
    const root = vault.session.tables.authority.where('project_id = ?', projectId)[0];
    expect(judged('keyOffline', { roots: [{ name: 'x', key: 'outside', since: null }] })).toBe('green');
    await takeOffline(vault.session, root?.id ?? 0, { directory: folder, passphrase: 'a passphrase for the key file' });
    const found = (await show()).rows.find(({ point }) => point === 'keyOffline');
    expect(found).toMatchObject({ state: 'green', evidence: [{ fact: 'keyOffline', at: clock }] });
  });

  it('recovery cards: none, never tried, tried, tried long ago', async () => {
    const { cards } = await makeShares(vault.session, file, { passphrase: testSecret.passphrase, threshold: 2, count: 3 });
    expect(await row('recovery')).toEqual({ state: 'amber', facts: ['cardsUntried'] });
    await drillShares(
      vault.session,
      cards.slice(0, 2).map(({ text }) => text),
    );
    expect(await row('recovery')).toEqual({ state: 'green', facts: ['cardsProved'] });
    expect(judged('recovery', { now: clock + 367 * day })).toBe('amber');
  });

  it('the record: not checked, sound, changed behind our back', async () => {
    expect(judged('record', { record: null })).toBe('unknown');
    expect(await row('record')).toEqual({ state: 'green', facts: ['recordSound'] });
    vault.session.database.prepare("UPDATE audit SET subject = 'nobody' WHERE seq = 2").run();
    expect((await showChecklist(vault.session, projectId, true)).rows.find(({ point }) => point === 'record')?.state).toBe('red');
  });
});

function proved() {
  const { proof } = facts();
  if (!proof) throw new Error('no proof');
  return proof;
}

describe('what a person confirms', () => {
  it('counts for a year, stands in the record with who and when, and can be taken back', async () => {
    for (const point of confirmablePoints)
      confirmPoint(vault.session, projectId, { point, note: `saw ${point}`, withdraw: false });
    for (const point of ['updates', 'logging', 'keyOffline', 'hsm'] as const)
      expect((await row(point)).state, point).toBe('green');
    // the networks are still missing in the settings
    expect(await row('network')).toEqual({ state: 'amber', facts: ['networksNone', 'confirmed'] });
    expect(judged('network', withKit({ networks: ['10.0.0.0/8'] }))).toBe('green');
    const { rows } = await show();
    expect(rows.find(({ point }) => point === 'hsm')?.confirmation).toEqual({ at: clock, operator: 'Ana', note: 'saw hsm' });
    for (const point of ['updates', 'logging', 'keyOffline', 'hsm'] as const)
      expect(judged(point, { now: clock + 367 * day }), point).toBe('amber');
    confirmPoint(vault.session, projectId, { point: 'hsm', note: 'token was lost', withdraw: true });
    expect(await row('hsm')).toEqual({ state: 'unknown', facts: ['unconfirmed'] });
    const log = vault.session.database
      .prepare<[], { action: string; detail: string }>(
        "SELECT action, detail FROM audit WHERE action LIKE 'checklist.%' ORDER BY seq",
      )
      .all();
    expect(log).toHaveLength(confirmablePoints.length + 1);
    expect(log.at(-1)).toEqual({
      action: 'checklist.withdraw',
      detail: JSON.stringify({ point: 'hsm', note: 'token was lost' }),
    });
    expect(await verifyVault(vault.session)).toMatchObject({ sound: true, findings: [] });
  });

  it('of one project says nothing of another one', async () => {
    const other = await provision(vault.session, testPlan({ project: 'other', devices: [] }));
    confirmPoint(vault.session, projectId, { point: 'hsm', note: 'token 7', withdraw: false });
    expect(checklistFacts(vault.session, other.projectId, null).confirmations).toEqual({});
  });
});
