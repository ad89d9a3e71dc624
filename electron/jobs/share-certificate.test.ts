import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { devicesOf } from '../authority/device-view.ts';
import { accessOf, brokerOf, exceptionsOf } from '../authority/lookup.ts';
import { connectTestClient, type TestClient } from '../broker/testing/mqtt-client.ts';
import { verifyVault } from '../vault/verify.ts';
import { compiledAccess } from './access-input.ts';
import { changeAccess, changeBrokerSettings } from './change-project.ts';
import { devicesAtRisk } from './export-state.ts';
import { planProof } from './prove-access.ts';
import { renewDevices } from './renew.ts';
import { changeMany } from './revoke-many.ts';
import { shareCertificate, sharedGroups, unshareCertificate } from './share-certificate.ts';
import { LiveProject } from './testing/live-project.ts';

const notAuthorized = 135;

describe('one certificate for several devices', () => {
  let live: LiveProject;
  const clients: TestClient[] = [];
  const connect = async (id: string) => {
    const { ca, ...identity } = await live.bundle(id);
    const json = JSON.parse(await readFile(join(live.stick, 'lab/devices', id, 'mqtt.json'), 'utf8')) as Record<string, string>;
    const login = json['username'] === undefined ? undefined : { username: json['username'], password: String(json['password']) };
    const client = await connectTestClient({ port: live.port, ca, identity, login, clientId: String(json['client_id']) });
    clients.push(client);
    return client;
  };
  const id = (name: string) => live.deviceId(name);
  const rulesNow = () => ({
    access: accessOf(live.session, live.projectId),
    exceptions: exceptionsOf(live.session, live.projectId),
  });
  const installed = (file: string) => readFile(join(live.installed, file), 'utf8');

  beforeAll(async () => {
    live = await LiveProject.start();
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await live?.end();
  });

  it('needs the broker, which then knows them as one user that may do what each of them may', async () => {
    expect(shareCertificate(live.session, live.projectId, id('m-1'), [id('m-2'), id('m-3')])).toEqual(['m-2', 'm-3']);
    expect(shareCertificate(live.session, live.projectId, id('m-1'), [id('m-2')])).toEqual([]);
    expect(live.changed()).toEqual(['mosquitto.conf', 'acl']);
    await live.deploy();
    expect(await installed('mosquitto.conf')).toContain('use_username_as_clientid false');
    const [one, two] = [await live.bundle('m-1'), await live.bundle('m-2')];
    expect(two.certificate).toBe(one.certificate);
    expect(two.key).toBe(one.key);
    const [first, second, fourth] = [await connect('m-1'), await connect('m-2'), await connect('m-4')];
    for (const client of [first, second]) {
      for (const topic of ['lab/energy/m-1', 'lab/energy/m-2', 'lab/energy/m-3'])
        expect(await client.publish(topic), topic).not.toBe(notAuthorized);
      expect(await client.publish('lab/energy/m-4')).toBe(notAuthorized);
    }
    expect(await fourth.publish('lab/energy/m-2')).toBe(notAuthorized);
    expect(await fourth.publish('lab/energy/m-4')).not.toBe(notAuthorized);
    // each has its own client id: nobody puts the other out
    expect([first.connected, second.connected]).toEqual([true, true]);
    await Promise.all([first, second, fourth].map((client) => client.close()));
  });

  it('by client id each has its own topics only, and what the kit says of client ids is so: nothing proves them', async () => {
    const { access, exceptions } = rulesNow();
    expect(changeAccess(live.session, live.projectId, access, exceptions, 'client').filesToCopy).toEqual(['acl']);
    await live.deploy();
    expect(await installed('acl')).toMatch(/client id, which nothing proves[\s\S]*pattern write lab\/energy\/%c\n/);
    const [first, second, fourth] = [await connect('m-1'), await connect('m-2'), await connect('m-4')];
    const { decide } = compiledAccess(live.session, live.projectId);
    const clients = [
      { client: first, user: 'm-1', clientId: 'm-1' },
      { client: second, user: 'm-1', clientId: 'm-2' },
      { client: fourth, user: 'm-4', clientId: 'm-4' },
    ];
    for (const { client, user, clientId } of clients) {
      for (const device of ['m-1', 'm-2', 'm-3', 'm-4']) {
        const topic = `lab/energy/${device}`;
        const allowed = (await client.publish(topic)) !== notAuthorized;
        expect(allowed, `${clientId} to ${topic}`).toBe(device === clientId);
        expect(decide({ user, clientId, verb: 'write', topic }).allowed).toBe(allowed);
      }
    }
    await Promise.all([first, second, fourth].map((client) => client.close()));
    // a certificate of the project and somebody else's client id
    const { ca, ...identity } = await live.bundle('m-4');
    const liar = await connectTestClient({ port: live.port, ca, identity, clientId: 'm-2' });
    expect(await liar.publish('lab/energy/m-2')).not.toBe(notAuthorized);
    await liar.close();
    const readme = await readFile(join(live.stick, 'lab/broker/README.txt'), 'utf8');
    expect(readme.replace(/\s+/g, ' ')).toContain('WHOEVER HAS ANY CERTIFICATE OF THE PROJECT can send the name of any device');
    // a proof connects as each of them, and sees that it has its own
    const request = { projectId: live.projectId, deviceIds: [id('m-1'), id('m-2')] };
    const { expected } = await planProof(live.session, request);
    const allowed = expected
      .filter((check) => check.verb === 'write' && check.expected)
      .map(({ who, topic }) => `${who} ${topic}`);
    expect(allowed).toEqual(expect.arrayContaining(['m-1 lab/energy/m-1', 'm-2 lab/energy/m-2']));
    expect(allowed).not.toContain('m-2 lab/energy/m-1');
    expect(changeAccess(live.session, live.projectId, access, exceptions, 'user').filesToCopy).toEqual(['acl']);
    await live.deploy();
  });

  it('is marked in the list, in the README of the broker and of each device', async () => {
    const rows = devicesOf(live.session, live.projectId, live.session.now());
    expect(rows.map((row) => [row.id, row.shared, row.serial === rows[0]?.serial])).toEqual([
      ['m-1', 2, true],
      ['m-2', 2, true],
      ['m-3', 2, true],
      ['m-4', 0, false],
    ]);
    expect(sharedGroups(live.session, live.projectId)).toEqual([
      {
        holderId: id('m-1'),
        holder: 'm-1',
        role: 'device',
        devices: ['m-2', 'm-3'].map((name) => ({ deviceId: id(name), id: name, role: 'device' })),
      },
    ]);
    expect(await readFile(join(live.stick, 'lab/broker/README.txt'), 'utf8')).toMatch(/m-1 also serves m-2,\s+m-3/);
    expect(await readFile(join(live.stick, 'lab/devices/m-3/README.txt'), 'utf8')).toMatch(/the same as those of m-1,\s+m-2\./);
    expect(await verifyVault(live.session)).toMatchObject({ sound: true, findings: [] });
  });

  it('is renewed for all at once, and only by the device that it names', async () => {
    const report = await renewDevices(live.session, live.projectId, { deviceIds: [id('m-1'), id('m-2')], mode: 'renew' });
    expect(report.skipped).toEqual([{ deviceId: id('m-2'), id: 'm-2', why: 'shared' }]);
    const rows = devicesOf(live.session, live.projectId, live.session.now());
    expect(rows[2]?.serial).toBe(rows[0]?.serial);
    await live.export();
    expect((await live.bundle('m-3')).certificate).toBe((await live.bundle('m-1')).certificate);
  });

  it('with passwords besides, each of them has only its own rights, and nobody poses as another by its client id', async () => {
    const stored = brokerOf(live.session, live.projectId)?.parsed;
    if (!stored) throw new Error('no broker');
    const kit = { ...stored.kit, identity: 'certificate-password' as const };
    await changeBrokerSettings(live.session, live.projectId, { ...stored, kit });
    await live.deploy();
    expect(await installed('mosquitto.conf')).toContain('use_username_as_clientid true');
    const [first, second] = [await connect('m-1'), await connect('m-2')];
    expect(await second.publish('lab/energy/m-2')).not.toBe(notAuthorized);
    expect(await second.publish('lab/energy/m-1')).toBe(notAuthorized);
    expect(first.connected).toBe(true);
    await Promise.all([first.close(), second.close()]);
    await changeBrokerSettings(live.session, live.projectId, stored);
    await live.deploy();
  });

  it('on a lost stick is the key of the device that it names, also when only another one’s bundle was there', async () => {
    const { exportProject } = await import('./export-project.ts');
    const only = { directory: join(live.scratch, 'only-m-3'), deviceIds: [id('m-3')], withBroker: false };
    const { exportId } = await exportProject(live.session, live.projectId, only);
    expect(devicesAtRisk(live.session, exportId)).toEqual([id('m-1')]);
  });

  it('stops all of them when it is revoked; one that has its own again goes on', async () => {
    await expect(unshareCertificate(live.session, live.projectId, [id('m-3'), id('m-4')])).resolves.toEqual(['m-3']);
    const skipped = { act: 'revoke', deviceIds: [id('m-2')], certificateIds: [], reason: 'superseded' } as const;
    // its own certificate of former times goes, the shared one stays
    expect((await changeMany(live.session, live.projectId, skipped)).certificates).toHaveLength(1);
    expect((await changeMany(live.session, live.projectId, skipped)).skipped).toMatchObject([{ id: 'm-2', why: 'shared' }]);
    await live.deploy();
    const before = await live.bundle('m-2');
    const third = await live.bundle('m-3');
    expect(third.certificate).not.toBe(before.certificate);
    expect(await live.connects(before)).toBe(true);
    await changeMany(live.session, live.projectId, { ...skipped, deviceIds: [id('m-1')], reason: 'keyCompromise' });
    const rows = devicesOf(live.session, live.projectId, live.session.now());
    expect(rows.map(({ state }) => state)).toEqual(['revoked', 'revoked', 'valid', 'valid']);
    await live.deploy();
    expect(await live.connects(before)).toBe(false);
    expect(await live.connects(third)).toBe(true);
    expect(await verifyVault(live.session)).toMatchObject({ sound: true, findings: [] });
  });

  it('is not handed on by a device that uses another’s, and the deed is in the audit record', async () => {
    expect(() => shareCertificate(live.session, live.projectId, id('m-2'), [id('m-4')])).toThrow('CERTIFICATE_NOT_FOUND');
    expect(() => shareCertificate(live.session, live.projectId, id('m-3'), [id('m-1')])).toThrow('INPUT_INVALID');
    live.session.database.prepare('DELETE FROM shared_certificate').run();
    const { findings } = await verifyVault(live.session);
    expect(findings).toContainEqual(expect.stringContaining('m-2 as m-1 is in the audit log and missing in its table'));
  });
});
