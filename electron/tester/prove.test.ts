import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ProofReport } from '../../shared/model/proof.ts';
import { differs } from '../../shared/rules/proof-judgement.ts';
import { accessOf } from '../authority/lookup.ts';
import { localPractice } from '../broker/practice/testing/local-practice.ts';
import { changeAccess } from '../jobs/change-project.ts';
import { showChecklist } from '../jobs/checklist.ts';
import { createPractice, openBroker } from '../jobs/practice.ts';
import { finishProof, latestProof, prepareProof } from '../jobs/prove-access.ts';
import { verifyVault } from '../vault/verify.ts';
import { type Lab, openLab } from './testing/lab.ts';
import { localTester } from './testing/local-tester.ts';

/** A real Mosquitto with the kit exactly as it was exported. */
let lab: Lab;
let clock = Date.now();
const tester = localTester();

beforeAll(async () => {
  lab = await openLab({}, { now: () => clock });
});
afterAll(() => lab.close());

const conf = () => join(lab.folder, 'etc/mosquitto/mosquitto.conf');
const acl = () => join(lab.folder, 'etc/mosquitto/acl');

async function prove(who: readonly string[] = ['meter-001', 'meter-002', 'dash-1']): Promise<ProofReport> {
  const { session } = lab.vault;
  const { projectId, port } = lab;
  const deviceIds = who.map((id) => session.tables.device.where('name_folded = ?', id)[0]?.id ?? 0);
  const request = { projectId, host: 'localhost', port, deviceIds };
  const prepared = await prepareProof(session, request);
  const observed = await tester.call('prove', { proofId: 'proof', host: 'localhost', port, ...prepared });
  const { proofId, report } = await finishProof(session, request, prepared, observed);
  expect(latestProof(session, projectId)).toEqual({ proofId, report });
  return report;
}

const cells = (report: ProofReport) =>
  report.checks
    .filter(differs)
    .map(({ who, verb, topic, seen, by }) => `${who} ${verb} ${topic}: ${seen} by ${by}`)
    .sort();

describe('a broker with the exported kit', () => {
  it('is proved: every cell as the project says, every wrong connection refused for its own reason', async () => {
    const report = await prove();
    expect(cells(report)).toEqual([]);
    expect(report.refusals).toEqual([
      { test: 'no-certificate', seen: 'refused', cause: 'client-certificate-required', alert: 116 },
      { test: 'foreign-authority', seen: 'refused', cause: 'client-certificate-unknown-authority', alert: 48 },
      { test: 'revoked', seen: 'refused', cause: 'client-certificate-revoked', alert: 44 },
      { test: 'expired', seen: 'refused', cause: 'client-certificate-expired', alert: 45 },
      { test: 'plain', seen: 'refused', cause: 'closed-by-broker', alert: null },
      { test: 'plain-1883', seen: 'refused', cause: 'unreachable', alert: null },
    ]);
    expect(report.connections.map(({ who, protocolVersion, lost }) => [who, protocolVersion, lost])).toEqual([
      ['observer', 5, 0],
      ['meter-001', 5, 0],
      ['meter-002', 5, 0],
      ['dash-1', 5, 0],
    ]);
    const cell = (who: string, verb: string, topic: string) =>
      report.checks.find((check) => check.who === who && check.verb === verb && check.topic === topic);
    expect(cell('meter-001', 'write', 'lab/energy/meter-001')).toMatchObject({
      expected: true,
      seen: 'allowed',
      by: 'reason-code',
      rule: 'pattern write lab/energy/%u',
    });
    expect(cell('meter-001', 'write', 'lab/energy/meter-002')).toMatchObject({
      expected: false,
      seen: 'denied',
      reasonCode: 135,
    });
    expect(cell('meter-001', 'read', 'lab/commands/meter-001')).toMatchObject({
      expected: true,
      seen: 'allowed',
      by: 'delivery',
    });
    expect(cell('meter-001', 'read', 'lab/commands/meter-002')).toMatchObject({
      expected: false,
      seen: 'denied',
      by: 'delivery',
    });
    expect(cell('meter-001', 'read', '$SYS/broker/version')).toMatchObject({ expected: false, seen: 'denied' });
    expect(cell('observer', 'read', '$SYS/broker/version')).toMatchObject({ expected: true, seen: 'allowed' });
    expect(cell('dash-1', 'read', 'lab/energy/meter-001')).toMatchObject({ expected: true, seen: 'allowed' });
    // everything that is allowed was seen to be
    expect(report.checks.filter(({ expected, seen }) => expected && seen === 'untried')).toEqual([]);
    expect(report.outcome).toBe('proved');
    expect(tester.progress.at(-1)).toEqual([14, 14]);
  });

  it('says which version the broker is of, and the checklist takes that as evidence', async () => {
    const report = await prove([]);
    expect(report.brokerVersion).toMatch(/^mosquitto version \d+\.\d+\.\d+$/);
    const { rows } = await showChecklist(lab.vault.session, lab.projectId);
    const updates = rows.find(({ point }) => point === 'updates');
    expect(updates?.evidence[0]).toMatchObject({ fact: 'versionSeen', params: { version: report.brokerVersion } });
  });

  it('is broken off while the broker hangs: nobody stays connected, and it is noted, not kept', async () => {
    const { session } = lab.vault;
    const before = latestProof(session, lab.projectId)?.proofId;
    const device = session.tables.device.where("name_folded = 'meter-001'")[0]?.id ?? 0;
    const request = { projectId: lab.projectId, host: 'localhost', port: lab.port, deviceIds: [device] };
    const prepared = await prepareProof(session, request);
    tester.progress.length = 0;
    const proving = tester.call('prove', { proofId: 'broken', host: 'localhost', port: lab.port, ...prepared });
    await expect.poll(() => tester.progress.at(-1)?.[0], { interval: 1 }).toBeGreaterThanOrEqual(2);
    // both are connected now; from here on nothing is answered, and a proof alone would wait for minutes
    process.kill(lab.broker.pid, 'SIGSTOP');
    const begun = performance.now();
    try {
      await tester.call('stopProof', { proofId: 'broken' });
      const observed = await proving;
      expect(performance.now() - begun).toBeLessThan(4_000);
      expect(observed.stopped).not.toBeNull();
      await expect(finishProof(session, request, prepared, observed)).rejects.toMatchObject({
        code: 'PROOF_CANCELLED',
        params: { who: ['observer', 'meter-001'], messages: observed.stopped?.messages, refusals: observed.refusals.length },
      });
    } finally {
      process.kill(lab.broker.pid, 'SIGCONT');
    }
    expect(latestProof(session, lab.projectId)?.proofId).toBe(before);
    const noted = session.database.prepare("SELECT detail FROM audit WHERE action = 'proof.cancel'").pluck().get();
    expect(JSON.parse(String(noted))).toMatchObject({ port: lab.port, who: 'observer, meter-001' });
    expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
    const left = async () =>
      ((await lab.broker.log()).match(/Client meter-001 (disconnected|closed its connection)/g) ?? []).length;
    const came = async () => ((await lab.broker.log()).match(/ as meter-001 \(/g) ?? []).length;
    await expect.poll(async () => (await came()) - (await left())).toBe(0);
    // and it can be done right afterwards
    expect((await prove(['meter-001'])).outcome).toBe('proved');
  });

  it('leaves nothing behind: the canary that has ended is made once, keys are wiped, the vault is sound', async () => {
    const { session } = lab.vault;
    const request = { projectId: lab.projectId, host: 'localhost', port: lab.port, deviceIds: [] };
    const canaries = () => session.tables.certificate.where("kind = 'canary'").map(({ status }) => status);
    await prepareProof(session, request);
    expect(canaries().sort()).toEqual(['revoked', 'valid']);
    expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
    expect(await lab.broker.log()).not.toMatch(/retain/);
  });
});

describe('a broker that is not as the project says', () => {
  let before: { conf: string; acl: string };
  beforeAll(async () => {
    before = { conf: await readFile(conf(), 'utf8'), acl: await readFile(acl(), 'utf8') };
  });
  afterEach(async () => {
    await writeFile(conf(), before.conf);
    await writeFile(acl(), before.acl);
    await lab.restart();
  });
  const with_ = async (change: { conf?: (text: string) => string; acl?: (text: string) => string }) => {
    if (change.conf) await writeFile(conf(), change.conf(before.conf));
    if (change.acl) await writeFile(acl(), change.acl(before.acl));
    await lab.restart();
  };

  it('with one rule changed by hand: exactly that difference, and that the list is another one', async () => {
    await with_({ acl: (text) => text.replace('pattern read lab/commands/%u', 'pattern read lab/commands/+') });
    const report = await prove();
    expect(cells(report)).toEqual([
      'meter-001 read lab/commands/fieldkey-proof: allowed by delivery',
      'meter-001 read lab/commands/meter-002: allowed by delivery',
      'meter-002 read lab/commands/fieldkey-proof: allowed by delivery',
    ]);
    expect(report.explanations).toMatchObject([{ kind: 'other-rule' }]);
    expect(report.outcome).toBe('refuted');
  });

  it('with an older kit: says since when', async () => {
    clock += 3_600_000;
    const { session } = lab.vault;
    const rules = accessOf(session, lab.projectId);
    const changedAt = clock;
    changeAccess(
      session,
      lab.projectId,
      rules.map((rule) => (rule.role === 'device' ? { ...rule, write: ['{project}/new/{device}'] } : rule)),
    );
    clock += 3_600_000;
    changeAccess(
      session,
      lab.projectId,
      rules.map((rule) => (rule.role === 'device' ? { ...rule, read: ['{project}/all'] } : rule)),
    );
    try {
      const report = await prove(['meter-001']);
      expect(cells(report)).toEqual([
        'observer write lab/all: denied by reason-code',
        'observer write lab/commands/fieldkey-proof: allowed by reason-code',
      ]);
      const [explanation] = report.explanations;
      expect(report.explanations).toMatchObject([{ kind: 'older-list', checks: expect.any(Array) }]);
      expect(explanation?.at).toBeLessThan(changedAt);
    } finally {
      changeAccess(session, lab.projectId, rules);
    }
  });

  it('without a list: everything is allowed', async () => {
    await with_({ conf: (text) => text.replace(/^acl_file .*$/m, '') });
    const report = await prove(['meter-001']);
    expect(report.explanations).toMatchObject([{ kind: 'everything-allowed' }]);
  });

  it('without the identity of the certificate as user name: nothing is allowed', async () => {
    await with_({
      conf: (text) =>
        text
          .replace(/^use_identity_as_username true$/m, 'allow_anonymous true')
          .replace('allow_anonymous false', '')
          .replace(/^use_username_as_clientid true$/m, ''),
    });
    const report = await prove(['meter-001']);
    expect(report.explanations).toMatchObject([{ kind: 'nothing-allowed' }]);
  });

  it('without a revocation list: the revoked canary is let in', async () => {
    await with_({ conf: (text) => text.replace(/^crlfile .*$/m, '') });
    const report = await prove(['meter-001']);
    expect(cells(report)).toEqual([]);
    expect(report.refusals.filter(({ seen }) => seen !== 'refused')).toEqual([
      { test: 'revoked', seen: 'accepted', cause: null, alert: null },
    ]);
    expect(report.outcome).toBe('refuted');
  });

  it('without asking for certificates: who has none is let in', async () => {
    await with_({
      conf: (text) =>
        text
          .replace('allow_anonymous false', 'allow_anonymous true')
          .replace(/^require_certificate true$/m, '')
          .replace(/^use_identity_as_username true$/m, '')
          .replace(/^use_username_as_clientid true$/m, '')
          .replace(/^crlfile .*$/m, ''),
    });
    const report = await prove([]);
    expect(report.refusals.find(({ test }) => test === 'no-certificate')).toMatchObject({ seen: 'accepted' });
  });

  it('that is not there: nothing is proved, and the observer says why', async () => {
    await lab.stop();
    try {
      const report = await prove(['meter-001']);
      expect(report.outcome).toBe('incomplete');
      expect(report.connections[0]).toMatchObject({ protocolVersion: null, failure: { cause: 'refused' } });
      expect(report.checks.every(({ seen }) => seen === 'untried')).toBe(true);
      expect(report.refusals.every(({ seen }) => seen === 'untried')).toBe(true);
    } finally {
      await lab.start();
    }
  });

  it('with a device that is taken over again and again: untried, not wrong', async () => {
    const other = localTester();
    const identity = () => lab.identity('meter-001');
    let fighting = true;
    const fight = (async () => {
      for (let n = 0; fighting; n++) {
        const order = { connectionId: `twin-${n}`, host: 'localhost', port: lab.port, reconnects: false, identity: identity() };
        await other.call('connect', order);
      }
    })();
    try {
      const report = await prove(['meter-001', 'meter-002']);
      expect(cells(report)).toEqual([]);
      expect(report.connections.find(({ who }) => who === 'meter-001')?.lost).toBeGreaterThan(0);
      expect(report.outcome).toBe('incomplete');
    } finally {
      fighting = false;
      await fight;
      await other.closeAll();
    }
  });
});

it('on a broker that speaks 3.1.1 only, writing is seen by what is delivered', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fieldkey-proof-'));
  const practice = localPractice();
  const { vault, projectId } = await createPractice(join(folder, 'practice.fieldkey'), 'Ana');
  try {
    const { session } = vault;
    const host = '127.0.0.1';
    const { port } = await practice.call('startBroker', openBroker(session, projectId, { host, port: 0 }));
    const deviceIds = session.tables.device.where("name_folded = 'meter-001' OR role = 'dashboard'").map(({ id }) => id);
    expect(deviceIds).toHaveLength(2);
    const request = { projectId, host, port, deviceIds };
    const prepared = await prepareProof(session, request);
    const observed = await tester.call('prove', { proofId: 'practice', host, port, ...prepared });
    const { report } = await finishProof(session, request, prepared, observed);
    expect(cells(report)).toEqual([]);
    expect(report.connections.map(({ protocolVersion }) => protocolVersion)).toEqual([4, 4, 4]);
    const write = (who: string, topic: string) =>
      report.checks.find((check) => check.who === who && check.verb === 'write' && check.topic === topic);
    expect(write('meter-001', 'practice/energy/meter-001')).toMatchObject({ seen: 'allowed', by: 'delivery' });
    // the observer would have seen it
    expect(write('dashboard', 'practice/energy/meter-001')).toMatchObject({ seen: 'denied', by: 'delivery' });
    // nobody may read there, so nobody can tell
    expect(write('meter-001', 'fieldkey-proof/outside')).toMatchObject({ seen: 'untried' });
    expect(report.outcome).toBe('incomplete');
    expect(report.refusals.map(({ test, seen }) => `${test} ${seen}`)).toEqual([
      'no-certificate refused',
      'foreign-authority refused',
      'revoked refused',
      'expired refused',
      'plain refused',
      'plain-1883 refused',
    ]);
  } finally {
    await practice.call('stop', undefined);
    vault.close();
    await rm(folder, { recursive: true, force: true });
  }
});
