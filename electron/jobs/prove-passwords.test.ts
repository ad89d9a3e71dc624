import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ProofReport } from '../../shared/model/proof.ts';
import { differs } from '../../shared/rules/proof-judgement.ts';
import { currentLogin } from '../authority/credentials.ts';
import { connectTestClient } from '../broker/testing/mqtt-client.ts';
import { localTester } from '../tester/testing/local-tester.ts';
import { compiledAccess } from './access-input.ts';
import { showChecklist } from './checklist.ts';
import { makePasswords } from './passwords.ts';
import { finishProof, prepareProof } from './prove-access.ts';
import { changeMany } from './revoke-many.ts';
import { LiveProject } from './testing/live-project.ts';

/** A real Mosquitto that asks for passwords, with the kit as it was exported. */
describe.each(['certificate-password', 'password'] as const)('a proof where clients are known by %s', (identity) => {
  let live: LiveProject;
  let conf: string;
  const tester = localTester();

  beforeAll(async () => {
    live = await LiveProject.start({ identity });
    conf = await readFile(file(), 'utf8');
  });
  afterAll(() => live?.end());
  afterEach(() => writeFile(file(), conf));

  const file = () => join(live.installed, 'mosquitto.conf');
  const prove = async (who = ['m-1', 'm-2']): Promise<ProofReport> => {
    const place = { projectId: live.projectId, host: 'localhost', port: live.port };
    const prepared = await prepareProof(live.session, { ...place, deviceIds: who.map((name) => live.deviceId(name)) });
    const observed = await tester.call('prove', { proofId: 'proof', ...place, ...prepared });
    return (await finishProof(live.session, place, prepared, observed)).report;
  };
  const changed = async (edit: (text: string) => string) => {
    await writeFile(file(), edit(conf));
    await live.restart();
  };
  const wrong = (report: ProofReport) => [
    ...report.checks.filter(differs).map(({ who, verb, topic, seen }) => `${who} ${verb} ${topic} ${seen}`),
    ...report.refusals.filter(({ seen }) => seen === 'accepted').map(({ test }) => test),
  ];
  const certificates = ['no-certificate', 'foreign-authority', 'revoked', 'expired'];

  it('holds: everybody comes in with the own password, and nobody without or with a wrong one', async () => {
    const report = await prove();
    expect(wrong(report)).toEqual([]);
    expect(report.connections.map(({ who, protocolVersion }) => [who, protocolVersion])).toEqual([
      ['observer', 5],
      ['m-1', 5],
      ['m-2', 5],
    ]);
    const passwords = ['no-password', 'wrong-password', ...(identity === 'password' ? ['revoked-password'] : [])];
    const tests = [...(identity === 'password' ? [] : certificates), ...passwords, 'plain', 'plain-1883'];
    expect(report.refusals.map(({ test, seen }) => [test, seen])).toEqual(tests.map((test) => [test, 'refused']));
    expect(report.outcome).toBe('proved');
    const { rows } = await showChecklist(live.session, live.projectId);
    expect(rows.find(({ point }) => point === 'strangers')).toMatchObject({ state: 'green' });
  });

  it('holds while a password is changed: the device is known by its second name and has the same rights', async () => {
    await makePasswords(live.session, live.projectId, { deviceIds: [live.deviceId('m-2')], overlap: true });
    expect((await prove()).connections.map(({ who, protocolVersion }) => [who, protocolVersion])).toContainEqual(['m-2', null]);
    await live.deployByReload();
    const report = await prove();
    expect(wrong(report)).toEqual([]);
    expect(report.outcome).toBe('proved');
    const own = report.checks.find(({ who, verb, topic }) => who === 'm-2' && verb === 'write' && topic === 'lab/energy/m-2');
    expect(own).toMatchObject({ expected: true, seen: 'allowed', rule: 'topic write lab/energy/m-2' });
  });

  it('finds a broker that lets people in without a password, or with any', async () => {
    // with use_username_as_clientid alone Mosquitto refuses whoever has no name
    const lax = (text: string) =>
      text.replace('allow_anonymous false', 'allow_anonymous true').replace(/^use_username_as_clientid .*$/m, '');
    await changed(lax);
    expect(wrong(await prove([]))).toEqual(['no-password']);
    await changed((text) => lax(text).replace(/^password_file .*$/m, ''));
    const any = ['no-password', 'wrong-password', ...(identity === 'password' ? ['revoked-password'] : [])];
    expect(wrong(await prove([]))).toEqual(any);
  });

  it('finds a broker that still takes the passwords of revoked devices, however many kits it is behind', async () => {
    if (identity !== 'password') return;
    await live.restart();
    const state = async () => {
      const { rows } = await showChecklist(live.session, live.projectId);
      return rows.find(({ point }) => point === 'revocation')?.state;
    };
    const seen = async () => (await prove([])).refusals.find(({ test }) => test === 'revoked-password')?.seen;
    const comesIn = async (id: string) => {
      const login = currentLogin(live.session, live.projectId, live.deviceId(id));
      const { ca } = await live.bundle('m-1');
      const connected = connectTestClient({ port: live.port, ca, login });
      return connected.then(
        (client) => client.close().then(() => true),
        () => false,
      );
    };
    expect(await seen()).toBe('refused');
    expect(await comesIn('m-3')).toBe(true);
    for (const [name, act] of [
      ['m-3', 'keyCompromise'],
      ['m-4', 'certificateHold'],
    ] as const) {
      // one act a millisecond, as it is in life
      await new Promise((resolve) => setTimeout(resolve, 2));
      const request = { act: 'revoke', deviceIds: [live.deviceId(name)], certificateIds: [], reason: act } as const;
      await changeMany(live.session, live.projectId, request);
      expect(live.changed()).toEqual(['passwd']);
      // the broker has the file of before: the device comes in, and the proof says so without it
      expect(await comesIn('m-3')).toBe(true);
      expect(await seen()).toBe('accepted');
      expect(await state()).toBe('red');
    }
    expect(await live.deployByReload()).toEqual(['passwd']);
    expect([await comesIn('m-3'), await comesIn('m-4'), await comesIn('m-2')]).toEqual([false, false, true]);
    expect(await seen()).toBe('refused');
    expect(await state()).toBe('green');
    await changeMany(live.session, live.projectId, { act: 'release', deviceIds: [live.deviceId('m-4')], certificateIds: [] });
    // no revoked device is in the file, but it is not the one of now
    expect(await seen()).toBe('untried');
    await live.deployByReload();
    expect(await comesIn('m-4')).toBe(true);
    expect(await seen()).toBe('refused');
    // the canary is nobody who may do anything
    const { decide } = compiledAccess(live.session, live.projectId);
    for (const topic of ['lab/energy/canary', 'lab/commands/canary', 'lab/energy/m-1'])
      for (const verb of ['write', 'read'] as const)
        expect(decide({ user: 'canary', clientId: 'canary', verb, topic }).allowed, `${verb} ${topic}`).toBe(false);
  });

  it('finds a broker that does not look at revoked certificates, although their owners know a password', async () => {
    if (identity === 'password') return;
    await changed((text) => text.replace(/^crlfile .*$/m, ''));
    expect(wrong(await prove([]))).toEqual(['revoked']);
    await changed((text) => text.replace(/^require_certificate true$/m, 'require_certificate false'));
    expect(wrong(await prove([]))).toContain('no-certificate');
  });
});
