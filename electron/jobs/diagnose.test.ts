import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DoctorReport, type DoctorStep, doctorSteps, stepOf } from '../../shared/model/doctor.ts';
import { newConnection, type OwnConnection } from '../../shared/model/own-connection.ts';
import { issuingAuthority, latestCrl } from '../authority/lookup.ts';
import { makeTestAuthority } from '../broker/testing/certificates.ts';
import { crlPem } from '../pki/pem.ts';
import { fixesOf } from '../tester/doctor/fixes.ts';
import { linked } from '../tester/doctor/order.ts';
import { type Lab, openLab } from '../tester/testing/lab.ts';
import { localTester } from '../tester/testing/local-tester.ts';
import { verifyVault } from '../vault/verify.ts';
import { showChecklist } from './checklist.ts';
import { listConnections, putConnection, removeConnection } from './connections/own-connections.ts';
import { readIdentityFiles } from './connections/read-files.ts';
import { type DoctorRequest, finishDiagnosis, prepareDiagnosis } from './diagnose.ts';
import { keptDiagnoses, keptDiagnosis } from './kept-diagnoses.ts';
import { revokeAndPublish } from './revoke.ts';

/** A real Mosquitto with the kit exactly as it was exported. */
let lab: Lab;
const tester = localTester({ connect: 3_000, probe: 500 });
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

const device = (name: string) => {
  const [row] = lab.vault.session.tables.device.where('project_id = ? AND name_folded = ?', lab.projectId, name);
  return { kind: 'device', deviceId: row?.id ?? 0, takeoverAccepted: true } as const;
};

let runs = 0;
async function examine(changes: Partial<DoctorRequest> = {}): Promise<DoctorReport> {
  const { session } = lab.vault;
  const { projectId, port } = lab;
  const place = { runId: `examination-${++runs}`, projectId, host: 'localhost', port, transport: 'mqtts', quick: false } as const;
  const order = await prepareDiagnosis(session, { ...place, identity: { kind: 'observer' }, serverName: null, ...changes });
  return finishDiagnosis(session, projectId, await tester.call('diagnose', order));
}

const outcomes = (report: DoctorReport) => Object.fromEntries(report.steps.map(({ step, outcome }) => [step, outcome]));
const all = (outcome: string, ...others: [DoctorStep, string][]) => ({
  ...Object.fromEntries(doctorSteps.map((step) => [step, outcome])),
  ...Object.fromEntries(others),
});
const codes = (report: DoctorReport) => report.steps.flatMap(({ findings }) => findings.map(({ code }) => code));
const acts = () =>
  [...lab.vault.session.audit.entries()]
    .map(({ entry: { action, detail } }) => ({ action, ...detail }))
    .filter(({ action }) => action.startsWith('doctor.'))
    .slice(-2);

describe('a broker with the kit of the project', () => {
  it('passes every step as a device: seen by the observer, and refusing whom it has to', async () => {
    const report = await examine({ identity: device('meter-001') });
    expect(outcomes(report)).toEqual(all('passed'));
    expect(codes(report)).toEqual([]);
    expect(report.verdict).toEqual({ outcome: 'healthy', step: null, cause: null });
    expect(report).toMatchObject({ project: 'lab', operator: 'Ana', identity: { kind: 'device', id: 'meter-001' } });
    const { tls, connack, loopback, access, negative } = Object.fromEntries(
      doctorSteps.map((step) => [step, stepOf(report, step).evidence]),
    ) as { [S in DoctorStep]: ReturnType<typeof stepOf<S>>['evidence'] };
    expect(tls).toMatchObject({ protocol: 'TLSv1.3', nameMatches: true, recreated: false });
    // both chains are the same: what the broker shows is what the project issued for it
    expect(tls?.presented[0]).toEqual(tls?.expected[0]);
    expect(connack?.capabilities).toMatchObject({ maximumPacketSize: 1_048_576, receiveMaximum: 20, topicAliasMaximum: 10 });
    expect(connack?.capabilities.software).toMatch(/^mosquitto version 2/);
    expect(loopback?.trips).toMatchObject([
      { from: 'meter-001', to: 'observer', topic: 'lab/energy/meter-001', reasonCode: 0, milliseconds: expect.any(Number) },
      { from: 'observer', to: 'meter-001', topic: 'lab/commands/meter-001', reasonCode: 0, milliseconds: expect.any(Number) },
    ]);
    expect(access?.checks.length).toBeGreaterThan(10);
    expect(negative?.refusals.map(({ test, seen, alert }) => [test, seen, alert])).toEqual([
      ['no-certificate', 'refused', 116],
      ['foreign-authority', 'refused', 48],
      ['revoked', 'refused', 44],
      ['expired', 'refused', 45],
      ['plain', 'refused', null],
      ['plain-1883', 'refused', null],
    ]);
    // it refused a certificate for its dates, so its clock lies within those of the one that it took
    const { notBefore = 0, notAfter = 0 } = stepOf(report, 'files').evidence?.chain[0] ?? {};
    expect(report.clocks).toMatchObject({ broker: null, source: null, after: notBefore, before: notAfter });
    expect(acts()).toEqual([
      { action: 'doctor.begin', host: 'localhost', port: lab.port, who: 'meter-001', identity: 'device' },
      {
        action: 'doctor.finish',
        host: 'localhost',
        port: lab.port,
        who: 'meter-001',
        outcome: 'healthy',
        step: null,
        cause: null,
        diagnosis: expect.any(Number),
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });

  it('tells each step as it comes, and wipes the keys', async () => {
    tester.steps.length = 0;
    const report = await examine({ quick: true });
    const ended = tester.steps.flatMap(({ report: step }) => (step ? [step.step] : []));
    expect(ended).toEqual(doctorSteps);
    const begun = tester.steps.flatMap(({ step, report: ended }) => (ended ? [] : [step]));
    expect(begun).toEqual(doctorSteps);
    expect(outcomes(report)).toEqual(all('passed', ['access', 'skipped'], ['negative', 'skipped']));
    // alone it cannot see what goes from devices to it and back, and says so
    expect(codes(report)).toEqual(['one-identity-only']);
    const text = JSON.stringify(report);
    expect(text).not.toContain('PRIVATE KEY');
  });

  it('is broken off at once, and says how far it came', async () => {
    const { session } = lab.vault;
    const request = {
      runId: 'cut-off',
      projectId: lab.projectId,
      host: 'localhost',
      port: lab.port,
      transport: 'mqtts',
      quick: false,
      serverName: null,
    } as const;
    const order = await prepareDiagnosis(session, { ...request, identity: device('meter-002') });
    const running = tester.call('diagnose', order);
    while (!tester.steps.some(({ runId, step, report }) => runId === 'cut-off' && step === 'loopback' && report === null))
      await new Promise((resolve) => setTimeout(resolve, 5));
    await tester.call('stopDiagnosis', { runId: 'cut-off' });
    const report = await running;
    expect(outcomes(report)).toEqual(all('passed', ['loopback', 'skipped'], ['access', 'skipped'], ['negative', 'skipped']));
    expect(stepOf(report, 'loopback').skipped).toBe('cancelled');
    expect(report.verdict.outcome).toBe('cancelled');
  });
});

describe('connections of the project', () => {
  const { tls } = newConnection;
  const settings: OwnConnection = {
    ...newConnection,
    name: 'as on the stick',
    host: 'localhost',
    clientId: 'meter-002',
    subscriptions: [{ filter: 'lab/commands/meter-002', qos: 1 }],
  };
  const put = async (changes: Partial<OwnConnection> = {}) => {
    const file = async (name: string) => ({ name, bytes: await readFile(join(lab.folder, 'stick/lab/devices/meter-002', name)) });
    const read = await readIdentityFiles([await file('client.crt'), await file('client.key')], undefined);
    if (!('key' in read)) throw new Error(read.problem);
    const { certificate, key } = read;
    const all = { ...settings, port: lab.port, ...changes };
    const written = { ...all, tls: { ...all.tls, certificate } };
    return putConnection(lab.vault.session, lab.projectId, { id: null, settings: written }, { key });
  };

  it('is tried with all that it says; as a device only when that was agreed to', async () => {
    const { id, device: behind } = await put();
    expect(behind?.id).toBe('meter-002');
    await expect(examine({ identity: { kind: 'own', ownId: id } })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const report = await examine({ identity: { kind: 'own', ownId: id, takeoverAccepted: true } });
    expect(report.identity).toMatchObject({
      kind: 'own',
      id: 'meter-002',
      deviceId: behind?.deviceId,
      connection: { connectionId: id, name: 'as on the stick' },
    });
    // the quality of service is that of the connection, and nobody said that a topic of the doctor's own is free
    expect(stepOf(report, 'subscribe').evidence?.filters).toEqual([
      { who: 'meter-002', filter: 'lab/commands/meter-002', reasonCode: 1 },
    ]);
    expect(codes(report)).toEqual(['publish-refused']);
    // it is the project's broker, so it is held to what the project promises
    expect(stepOf(report, 'negative').evidence?.refusals.every(({ seen }) => seen === 'refused')).toBe(true);
    expect(stepOf(report, 'negative').evidence?.refusals).toHaveLength(6);
    expect(JSON.stringify(report)).not.toContain('PRIVATE KEY');
    expect(acts()).toMatchObject([{ who: 'as on the stick', identity: 'own' }, { outcome: 'remarks' }]);
  });

  it('what it says wrong is changed in it; one that takes any certificate is told so', async () => {
    const other = await makeTestAuthority(join(lab.folder, 'another'));
    const strict = await put({ name: 'another root', tls: { ...tls, trust: 'file', ca: other.ca } });
    const own = (ownId: number) => examine({ identity: { kind: 'own', ownId, takeoverAccepted: true }, quick: true });
    const refused = await own(strict.id);
    expect(refused.verdict.cause).toMatchObject({
      code: 'broker-other-root',
      fixes: [{ fix: 'change-connection', params: { connectionId: strict.id, connection: 'another root' } }],
    });
    const lax = await put({ name: 'anybody', tls: { ...tls, trust: 'file', ca: other.ca, verify: false } });
    const taken = await own(lax.id);
    expect(stepOf(taken, 'tls').findings.map(({ code }) => code)).toEqual(['not-verified']);
    expect(stepOf(taken, 'connack').outcome).toBe('passed');
    // whose certificate is in the vault gets another one there
    const observer = {
      ...settings,
      name: 'as the observer',
      port: lab.port,
      speaksAs: { kind: 'observer' } as const,
      clientId: '',
    };
    const { id } = putConnection(lab.vault.session, lab.projectId, { id: null, settings: observer }, {});
    const weak = await prepareDiagnosis(lab.vault.session, {
      ...{ runId: 'as-observer', projectId: lab.projectId, host: 'localhost', port: lab.port, transport: 'mqtts', quick: true },
      serverName: null,
      identity: { kind: 'own', ownId: id },
    });
    expect(fixesOf('client-certificate-weak', linked(weak))).toEqual([{ fix: 'renew-observer', params: {} }]);
    expect(fixesOf('client-certificate-unknown-authority', linked(weak))).toMatchObject([{ fix: 'change-connection' }]);
    for (const each of [weak.identity, ...weak.refusals.map(({ identity }) => identity)]) each?.key?.fill(0);
  });
});

describe('the last report of each', () => {
  const kept = (deviceId: number | null = null) =>
    keptDiagnoses(lab.vault.session, { projectId: lab.projectId, deviceId, limit: 20 });

  it('is kept in the place of the one before, and is what the person saw', async () => {
    const { session } = lab.vault;
    const { deviceId } = device('meter-001');
    const [before] = kept(deviceId);
    const report = await examine({ identity: device('meter-001'), quick: true });
    const [after, ...others] = kept(deviceId);
    expect(others).toEqual([]);
    expect(after).toMatchObject({ diagnosisId: before?.diagnosisId, quick: true, verdict: { outcome: 'healthy' } });
    expect(keptDiagnosis(session, lab.projectId, after?.diagnosisId ?? 0)).toEqual(report);
    expect(keptDiagnosis(session, lab.projectId + 1, after?.diagnosisId ?? 0)).toBe(null);
    // the newest first, and what was broken off is not among them
    // the quick one tried nobody who has to be refused: what was seen of them before stays evidence
    const points = (await showChecklist(session, lab.projectId)).rows.filter(
      ({ point }) => point === 'strangers' || point === 'tls',
    );
    expect(points.map(({ evidence }) => evidence.at(-1)?.fact)).toEqual(['refused', 'refused']);
    expect(points.map(({ evidence }) => evidence.at(-1)?.state)).toEqual(['green', 'green']);
    expect(kept().map(({ identity: { kind, id, connection } }) => connection?.name ?? `${kind} ${id}`)).toEqual([
      'device meter-001',
      'anybody',
      'another root',
      'as on the stick',
      'observer observer',
    ]);
    expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  });

  it('goes with its connection; an earlier one that is put back, or one that is taken out, is found', async () => {
    const { session } = lab.vault;
    for (const { id } of listConnections(session, lab.projectId)) removeConnection(session, lab.projectId, id);
    expect(kept().some(({ identity }) => identity.kind === 'own')).toBe(false);
    expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
    const { deviceId } = device('meter-001');
    const read = () => session.database.prepare('SELECT * FROM diagnosis WHERE device_id = ?').get(deviceId) as never;
    const columns = 'id, project_id, kind, device_id, connection_id, at, report, mac';
    const place = columns.split(', ').map((name) => `@${name}`);
    const write = session.database.prepare(`REPLACE INTO diagnosis (${columns}) VALUES (${place})`);
    const earlier = read();
    await examine({ identity: device('meter-001'), quick: true });
    const newest = read();
    write.run(earlier);
    expect((await verifyVault(session)).sound).toBe(false);
    session.database.prepare('DELETE FROM diagnosis WHERE device_id = ?').run(deviceId);
    expect((await verifyVault(session)).sound).toBe(false);
    write.run(newest);
    expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  });
});

describe('what is wrong is named, with what the vault can do about it', () => {
  it('a name that the certificate lacks', async () => {
    const report = await examine({ host: '127.0.0.2' });
    expect(report.verdict).toMatchObject({
      outcome: 'failed',
      step: 'tls',
      cause: { code: 'broker-name-mismatch', alternatives: [] },
    });
    expect(report.verdict.cause?.fixes).toEqual([
      { fix: 'reissue-broker', params: { name: '127.0.0.2' } },
      { fix: 'server-name', params: { name: '127.0.0.1' } },
    ]);
    // and it was foreseen
    expect(stepOf(report, 'predicted').findings).toMatchObject([
      { code: 'own-broker-lacks-name', fixes: [{ fix: 'reissue-broker', params: { name: '127.0.0.2' } }] },
    ]);
    expect(stepOf(report, 'tls').evidence).toMatchObject({ name: '127.0.0.2', nameMatches: false });
    expect(outcomes(report)).toEqual({
      ...all('skipped', ['files', 'passed'], ['predicted', 'warned'], ['tcp', 'passed'], ['tls', 'failed']),
    });
    expect(stepOf(report, 'dns').skipped).toBe('address-given');
    expect(stepOf(report, 'connack').skipped).toBe('failed-before');
    // the fix helps: for this run another name is looked for
    const named = await examine({ host: '127.0.0.2', serverName: 'localhost', quick: true });
    expect(named.verdict.outcome).toBe('remarks');
    expect(codes(named)).toContain('server-name-overridden');
  });

  it('nobody, somebody without a certificate, and a password that nobody asked for', async () => {
    const project = { kind: 'project' } as const;
    const bare = await examine({ identity: { kind: 'none', trust: project, clientId: null } });
    expect(bare.verdict).toMatchObject({
      step: 'admission',
      cause: { code: 'client-certificate-required', alert: 116, fixes: [{ fix: 'as-observer' }, { fix: 'as-device' }] },
    });
    expect(outcomes(bare)).toMatchObject({ tls: 'passed', admission: 'failed', connack: 'skipped' });
    const login = { username: 'meter-001', password: 'guessed' };
    const password = await examine({ identity: { kind: 'password', login, trust: project, clientId: null } });
    expect(password.verdict).toMatchObject({ step: 'admission', cause: { code: 'client-certificate-required' } });
    expect(JSON.stringify(password)).not.toContain('guessed');
    const nobody = await examine({ identity: { kind: 'none', trust: { kind: 'public' }, clientId: null } });
    expect(nobody.verdict).toMatchObject({
      step: 'tls',
      cause: { code: 'broker-other-root', fixes: [{ fix: 'choose-authority' }] },
    });
  });

  it('files of a bundle, as they lie on the stick', async () => {
    const at = (name: string) => join(lab.folder, 'stick/lab/devices/meter-002', name);
    const files = {
      kind: 'files',
      certificate: at('client.crt'),
      key: at('client.key'),
      passphrase: null,
      clientId: 'meter-002',
      login: null,
    } as const;
    const report = await examine({ identity: { ...files, trust: { kind: 'file', path: at('ca.crt') } } });
    // outside of the topics of its role it may publish nothing, and its project is not asked
    expect(report.verdict.outcome).toBe('remarks');
    expect(codes(report)).toEqual(['publish-refused']);
    expect(stepOf(report, 'negative').evidence?.refusals.map(({ test, seen }) => `${test} ${seen}`)).toEqual([
      'no-certificate refused',
      'foreign-authority refused',
      'plain refused',
      'plain-1883 refused',
    ]);
    expect(stepOf(report, 'access').skipped).toBe('no-project');
    const wrong = await examine({
      identity: { ...files, key: join(lab.folder, 'stick/lab/devices/meter-001/client.key'), trust: { kind: 'project' } },
    });
    expect(wrong.verdict).toMatchObject({ step: 'files', cause: { code: 'key-mismatch', params: { client: 'meter-002' } } });
    expect(outcomes(wrong)).toEqual(all('skipped', ['files', 'failed']));
  });

  it('an access list that somebody changed by hand', async () => {
    const acl = join(lab.folder, 'etc/mosquitto/acl');
    const before = await readFile(acl, 'utf8');
    await writeFile(acl, before.replace('pattern write lab/energy/%u', 'pattern write lab/energy/#'));
    await lab.restart();
    const report = await examine({ identity: device('meter-001') });
    expect(report.verdict).toMatchObject({ step: 'access', cause: { code: 'access-differs', fixes: [{ fix: 'export-kit' }] } });
    expect(codes(report)).toEqual(['access-differs', 'access-other-rule']);
    expect(stepOf(report, 'negative').skipped).toBe('failed-before');

    await writeFile(acl, before);
    await lab.restart();
  });

  it('a device that was revoked: foreseen, let in while the broker has the old list, refused with the new one', async () => {
    const { session } = lab.vault;
    const { deviceId } = device('dash-1');
    const [row] = session.tables.certificate.where('device_id = ?', deviceId);
    await revokeAndPublish(session, row?.id ?? 0, { reason: 'keyCompromise' });
    const before = await examine({ identity: device('dash-1') });
    expect(codes(before)).toEqual(expect.arrayContaining(['client-revoked', 'let-in-revoked']));
    expect(before.verdict.outcome).toBe('remarks');
    expect(stepOf(before, 'access').skipped).toBe('not-possible');
    const list = latestCrl(session, issuingAuthority(session, lab.projectId).id);
    await writeFile(join(lab.folder, 'etc/mosquitto/certs/crl.pem'), crlPem(list?.der ?? Buffer.alloc(0)));
    await lab.restart();
    const after = await examine({ identity: device('dash-1') });
    expect(after.verdict).toMatchObject({
      step: 'admission',
      cause: {
        code: 'client-certificate-revoked',
        alert: 44,
        fixes: [{ fix: 'replace-device', params: { device: 'dash-1' } }, { fix: 'other-device' }],
      },
    });
    expect(outcomes(after)).toMatchObject({ predicted: 'warned', tls: 'passed', admission: 'failed' });
    expect(await verifyVault(session)).toMatchObject({ sound: true });
  });
});
