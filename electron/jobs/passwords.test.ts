import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IdentityMode } from '../../shared/model/kit.ts';
import { brokerUsers } from '../authority/credentials.ts';
import { brokerOf } from '../authority/lookup.ts';
import { openTestIdentity } from '../authority/test-identity.ts';
import { verifyHash } from '../broker/mosquitto/password-hash.ts';
import { connectTestClient, type TestClient } from '../broker/testing/mqtt-client.ts';
import { readmeBlocks } from '../broker/testing/readme-commands.ts';
import { verifyVault } from '../vault/verify.ts';
import { addDevices } from './add-devices.ts';
import { changeBrokerSettings } from './change-project.ts';
import { exportState } from './export-state.ts';
import { completePasswords, finishPasswords, makePasswords } from './passwords.ts';
import { rekeyExport } from './rekey-export.ts';
import { replaceAndPublish } from './replace.ts';
import { changeMany } from './revoke-many.ts';
import { LiveProject } from './testing/live-project.ts';

const run = promisify(execFile);
const notAuthorized = 135;

/** What a device reads in its folder on the stick. */
async function settingsOf(live: LiveProject, id: string): Promise<{ username: string; password: string }> {
  const json = await readFile(join(live.stick, 'lab/devices', id, 'mqtt.json'), 'utf8');
  const { username, password } = JSON.parse(json) as { username: string; password: string };
  return { username, password };
}

async function refused(attempt: Promise<TestClient>): Promise<boolean> {
  try {
    await (await attempt).close();
    return false;
  } catch (error) {
    // CONNACK of MQTT 5 §3.2.2.2: bad user name or password, or not authorized
    if (/not authorized|bad user ?name/i.test(String(error))) return true;
    throw error;
  }
}

describe.each(['certificate-password', 'password'] as const satisfies readonly IdentityMode[])('a broker by %s', (identity) => {
  let live: LiveProject;
  const clients: TestClient[] = [];
  const connect = async (id: string, login: { username: string; password: string }) => {
    const { ca, ...shown } = await live.bundle(id);
    const options = { port: live.port, ca, login, ...(identity === 'password' ? {} : { identity: shown }) };
    const client = await connectTestClient(options);
    clients.push(client);
    return client;
  };
  const login = (id: string) => settingsOf(live, id);

  beforeAll(async () => {
    live = await LiveProject.start({ identity });
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await live?.end();
  });

  it('takes the password of the bundle, refuses a wrong one and none, and another device’s name', async () => {
    const mine = await login('m-1');
    expect(mine).toMatchObject({ username: 'm-1', password: expect.stringMatching(/^[A-Za-z0-9+/]{32}$/) });
    const meter = await connect('m-1', mine);
    expect(await meter.publish('lab/energy/m-1')).not.toBe(notAuthorized);
    expect(await meter.publish('lab/energy/m-2')).toBe(notAuthorized);
    expect(await refused(connect('m-1', { ...mine, password: `${mine.password}x` }))).toBe(true);
    expect(await refused(connect('m-1', { ...mine, username: 'm-2' }))).toBe(true);
    expect(await refused(connect('m-1', { username: 'm-1', password: '' }))).toBe(true);
    await meter.close();
  });

  it('knows whoever shows another’s certificate by user name and password', async () => {
    if (identity === 'password') return;
    const meter = await connect('m-2', await login('m-1'));
    expect(await meter.publish('lab/energy/m-2')).toBe(notAuthorized);
    expect(await meter.publish('lab/energy/m-1')).not.toBe(notAuthorized);
    await meter.close();
    // and the certificate still opens the door
    const { ca } = await live.bundle('m-1');
    await expect(connectTestClient({ port: live.port, ca, login: await login('m-1') })).rejects.toThrow();
  });

  it('takes the observer with the password that nobody was told, and it sees the project', async () => {
    const request = { projectId: live.projectId, identity: { kind: 'observer' }, host: 'localhost', port: live.port } as const;
    const opened = openTestIdentity(live.session, request);
    if (!opened.login) throw new Error('the observer has no password');
    const shown = { certificate: opened.certificateChain, key: Buffer.from(opened.key).toString() };
    const observer = await connectTestClient({
      port: live.port,
      ca: opened.ca,
      login: opened.login,
      ...(identity === 'password' ? {} : { identity: shown }),
    });
    clients.push(observer);
    await observer.subscribe('lab/#');
    const meter = await connect('m-3', await login('m-3'));
    await meter.publish('lab/energy/m-3', '7');
    await expect.poll(() => observer.received).toContain('lab/energy/m-3 7');
    await Promise.all([observer.close(), meter.close()]);
  });

  it('takes the lines of the device’s README as they stand', async () => {
    const folder = join(live.stick, 'lab/devices/m-4');
    const readme = await readFile(join(folder, 'README.txt'), 'utf8');
    const [publish] = readmeBlocks(readme).find(({ title }) => title === 'Try it')?.commands ?? [];
    expect(publish).toBe('XDG_CONFIG_HOME=. mosquitto_pub -q 1 -t lab/energy/m-4 -m test');
    const { stderr } = await run('sh', ['-c', String(publish)], { cwd: folder });
    expect(stderr).not.toContain('Not authorized');
    const { password } = await login('m-4');
    expect(readme).not.toContain(password);
    expect((await readFile(join(live.stick, 'lab/broker/README.txt'), 'utf8')).includes(password)).toBe(false);
  });

  it('writes the same files again when nothing has changed, and those of a new device', async () => {
    expect(live.changed()).toEqual([]);
    expect(await completePasswords(live.session, live.projectId)).toBe(0);
    await addDevices(live.session, live.projectId, [{ id: 'm-5', role: 'device' }]);
    expect(live.changed()).toEqual(['passwd']);
    await live.deployByReload();
    const meter = await connect('m-5', await login('m-5'));
    expect(await meter.publish('lab/energy/m-5')).not.toBe(notAuthorized);
    await meter.close();
  });

  it('lets a device go on with its old password until it has the new one: at no moment is it refused', async () => {
    const before = await login('m-1');
    const other = await connect('m-2', await login('m-2'));
    const meter = await connect('m-1', before);
    await makePasswords(live.session, live.projectId, { deviceIds: [live.deviceId('m-1')], overlap: true });
    expect(live.changed()).toEqual(['acl', 'passwd']);
    await live.deployByReload();
    // the meter knows nothing yet: it stays connected, and could come back
    expect(await meter.publish('lab/energy/m-1')).not.toBe(notAuthorized);
    await (await connect('m-1', before)).close();
    const stays = await connect('m-1', before);

    const after = await login('m-1');
    expect(after).toEqual({ username: 'm-1@2', password: expect.not.stringContaining(before.password) });
    const moved = await connect('m-1', after);
    await moved.subscribe('lab/commands/m-1', 'lab/commands/m-2', 'lab/energy/#');
    expect(await moved.publish('lab/energy/m-1', 'new')).not.toBe(notAuthorized);
    expect(await moved.publish('lab/energy/m-2')).toBe(notAuthorized);
    // a device of that name does not exist
    expect(await moved.publish('lab/energy/m-1@2')).toBe(notAuthorized);
    // the two names are two passwords
    expect(await refused(connect('m-1', { username: 'm-1', password: after.password }))).toBe(true);
    expect(await refused(connect('m-1', { username: 'm-1@2', password: before.password }))).toBe(true);
    expect(stays.connected).toBe(true);

    expect(finishPasswords(live.session, live.projectId, [live.deviceId('m-1')], 'new')).toEqual(['m-1']);
    await live.deployByReload();
    await expect.poll(() => stays.connected).toBe(false);
    expect(await refused(connect('m-1', before))).toBe(true);
    expect([moved.connected, other.connected]).toEqual([true, true]);
    expect(await moved.publish('lab/energy/m-1')).not.toBe(notAuthorized);
    await Promise.all([moved.close(), other.close()]);
    // the next change turns back to the first name
    await makePasswords(live.session, live.projectId, { deviceIds: [live.deviceId('m-1')], overlap: true });
    await live.deployByReload();
    expect((await login('m-1')).username).toBe('m-1');
    await (await connect('m-1', after)).close();
    await (await connect('m-1', await login('m-1'))).close();
  });

  it('takes a change back whose device could not be reached, and begins no second one meanwhile', async () => {
    const request = { deviceIds: [live.deviceId('m-1')], overlap: true };
    await expect(makePasswords(live.session, live.projectId, request)).rejects.toThrow('PASSWORD_CHANGING');
    expect(finishPasswords(live.session, live.projectId, [live.deviceId('m-1'), live.deviceId('m-2')], 'old')).toEqual(['m-1']);
    await live.deployByReload();
    expect((await login('m-1')).username).toBe('m-1@2');
    await (await connect('m-1', await login('m-1'))).close();
    expect(await verifyVault(live.session)).toMatchObject({ sound: true, findings: [] });
  });

  it('refuses the old password at once where it is not trusted any more, and takes one that was typed', async () => {
    const before = await login('m-3');
    const typed = 'cellar 3, left wall';
    await expect(
      makePasswords(live.session, live.projectId, { deviceIds: [live.deviceId('m-3')], typed: 'short', overlap: false }),
    ).rejects.toMatchObject({ params: { problems: [{ path: 'typed', rule: 'too-short' }] } });
    await makePasswords(live.session, live.projectId, { deviceIds: [live.deviceId('m-3')], typed, overlap: false });
    await live.deploy();
    expect(await refused(connect('m-3', before))).toBe(true);
    expect(await login('m-3')).toEqual({ username: 'm-3', password: typed });
    await (await connect('m-3', { username: 'm-3', password: typed })).close();
    const folder = join(live.stick, 'lab/devices/m-3');
    await run('mosquitto_pub', ['-q', '1', '-t', 'lab/energy/m-3', '-m', 'x'], { cwd: folder, env: { XDG_CONFIG_HOME: '.' } });
  });

  it('leaves a revoked device out, and gives a replaced one a new password', async () => {
    const [second, fourth] = [await login('m-2'), await login('m-4')];
    const revoked = { act: 'revoke', deviceIds: [live.deviceId('m-2')], certificateIds: [], reason: 'keyCompromise' } as const;
    await changeMany(live.session, live.projectId, revoked);
    await replaceAndPublish(live.session, live.projectId, { deviceIds: [live.deviceId('m-4')], reason: 'superseded' });
    expect(live.changed()).toContain('passwd');
    await live.deploy();
    const file = await readFile(join(live.installed, 'passwd'), 'utf8');
    expect(file).not.toContain('m-2:');
    expect((await login('m-4')).password).not.toBe(fourth.password);
    // with another's certificate, where one is asked for: the password alone is over too
    expect(await refused(connect('m-1', second))).toBe(true);
    expect(await refused(connect('m-1', fourth))).toBe(true);
    await (await connect('m-4', await login('m-4'))).close();
  });

  it('a lost stick means new passwords as well', async () => {
    const lost = await live.export();
    const before = await login('m-1');
    expect(exportState(live.session, live.projectId).exports.find(({ exportId }) => exportId === lost)).toMatchObject({
      devicesStillAtRisk: 4,
    });
    await rekeyExport(live.session, lost, 'keyCompromise');
    expect(exportState(live.session, live.projectId).exports.find(({ exportId }) => exportId === lost)).toMatchObject({
      devicesStillAtRisk: 0,
    });
    await live.deploy();
    expect(await refused(connect('m-1', before))).toBe(true);
    await (await connect('m-1', await login('m-1'))).close();
    expect(await verifyVault(live.session)).toMatchObject({ sound: true, findings: [] });
  });

  it('goes back to certificates alone: no password file is written, and none is in a bundle', async () => {
    const stored = brokerOf(live.session, live.projectId)?.parsed;
    if (!stored) throw new Error('no broker');
    const users = brokerUsers(live.session, live.projectId);
    for (const { password, hash } of users) expect(await verifyHash(password ?? '', hash)).toBe(true);
    await changeBrokerSettings(live.session, live.projectId, { ...stored, kit: { ...stored.kit, identity: 'certificate' } });
    await live.export();
    await expect(readFile(join(live.stick, 'lab/broker/passwd'))).rejects.toThrow('ENOENT');
    await expect(readFile(join(live.stick, 'lab/devices/m-1/mosquitto_pub'))).rejects.toThrow('ENOENT');
    expect(await login('m-1')).toEqual({ username: undefined, password: undefined });
  });
});
