import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BrokerSettings } from '../../shared/model/broker.ts';
import type { JobProgress } from '../../shared/model/job.ts';
import { authorityViews } from '../authority/authority-view.ts';
import { lintStored } from '../authority/certificate-lint.ts';
import { accessOf, brokerCertificate, brokerOf, issuingAuthority, latestCrl } from '../authority/lookup.ts';
import { publishCrls } from '../authority/publish-crl.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { planImport } from '../import/plan-import.ts';
import { readSource, wipeImported } from '../import/read-source.ts';
import { openssl, scriptFolder } from '../import/testing/script-folder.ts';
import { readCrl } from '../pki/read-crl.ts';
import { run } from '../pki/testing/run.ts';
import { backToVersion } from '../vault/testing/older-schema.ts';
import { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { compiledAccess } from './access-input.ts';
import { addDevices } from './add-devices.ts';
import { changeBrokerSettings } from './change-project.ts';
import { exportProject } from './export-project.ts';
import { importProject } from './import-project.ts';
import { reviewOf } from './import-review.ts';
import { provision } from './provision.ts';
import { renewDevices } from './renew.ts';
import { revokeAndPublish } from './revoke.ts';
import { BrokerMachine } from './testing/imported-kit.ts';

let scratch: string;
let vault: Vault;
const file = (name: string) => join(scratch, 'old', name);
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fieldkey-import-'));
  await chmod(scratch, 0o755);
  vault = await testVault(join(scratch, 'v.fieldkey'));
});
afterEach(async () => {
  vault.close();
  await rm(scratch, { recursive: true, force: true });
});

const plan = async (path: string, passphrase?: string) =>
  planImport(await readSource(path, { now: Date.now() + 60_000, passphrase }), Date.now());

/** An openssl ca with an index, so that it can revoke. */
async function revokedByOpenssl(serial: string, reason: string): Promise<void> {
  await writeFile(file('index.txt'), `R\t350101000000Z\t260102030405Z,${reason}\t${serial}\tunknown\t/CN=lost\n`);
  await writeFile(file('crlnumber'), '2328306436\n');
  const config = `[ca]\ndefault_ca=c\n[c]\ndatabase=${file('index.txt')}\ncrlnumber=${file('crlnumber')}\ndefault_md=sha256\n`;
  await writeFile(file('ca.cnf'), config);
  const ca = ['-cert', file('ca/ca.crt'), '-keyfile', file('ca/ca.key'), '-crldays', '30'];
  await openssl('ca', '-config', file('ca.cnf'), '-gencrl', ...ca, '-out', file('ca/crl.pem'));
}

describe('an import', () => {
  it('takes the hashes of password files along: whoever had a password goes on with it', async () => {
    await scriptFolder(file);
    await run('mosquitto_passwd', ['-b', '-c', file('meter-1/passwd'), 'meter-1', 'of old times']);
    const [line = ''] = (await readFile(file('meter-1/passwd'), 'utf8')).split('\n');
    await writeFile(file('meter-2/passwd'), 'stranger:$7$101$AAAAAAAAAAAAAAAA$BBBB\n');
    const planned = await plan(join(scratch, 'old'));
    const review = reviewOf(planned);
    expect(review.devices).toMatchObject([
      { id: 'meter-1', password: true },
      { id: 'meter-2', password: false },
    ]);
    expect(review.leftOut).toContainEqual({ place: 'meter-2/passwd', name: 'stranger', why: 'password' });
    const { session } = vault;
    const { projectId } = await importProject(session, planned, { project: 'old', digest: review.digest });
    const settings = brokerOf(session, projectId)?.parsed as BrokerSettings;
    const kit = { ...settings.kit, identity: 'certificate-password' as const };
    await changeBrokerSettings(session, projectId, { ...settings, kit });
    await mkdir(join(scratch, 'out'));
    await exportProject(session, projectId, { directory: join(scratch, 'out') });
    const users = (await readFile(join(scratch, 'out/old/broker/passwd'), 'utf8')).split('\n');
    expect(users).toContain(line);
    expect(
      users
        .map((each) => each.split(':')[0])
        .filter(Boolean)
        .toSorted(),
    ).toEqual(['meter-1', 'meter-2', 'observer']);
    expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  });

  it('of the certificate script: the old device goes on, a new one comes, on a real broker with our kit', async () => {
    await scriptFolder(file);
    // a serial of a certificate that nobody kept
    await revokedByOpenssl('77AA', 'keyCompromise');
    await rm(file('index.txt'));
    const before = await readFile(file('ca/ca.key'));
    const planned = await plan(join(scratch, 'old'));
    const review = reviewOf(planned);
    expect(review).toMatchObject({
      source: 'script',
      authorities: [{ place: 'ca/ca.crt', keyHere: true, issues: true, revoked: 1 }],
      broker: { names: ['mqtt.lab.com'], addresses: ['192.0.2.1'] },
      devices: [
        { id: 'meter-1', role: 'device', keyHere: true, revoked: false, password: true },
        { id: 'meter-2', role: 'device', keyHere: true, revoked: false, password: true },
      ],
    });
    expect(review.devices[0]?.findings.map(({ rule }) => rule)).toContain('foreign-version-1');

    const machine = await BrokerMachine.at(scratch);
    const { session } = vault;
    await expect(importProject(session, planned, { project: 'old', digest: 'other' })).rejects.toMatchObject({
      code: 'IMPORT_CHANGED',
    });
    const report = await importProject(session, planned, { project: 'old', digest: review.digest, broker: machine.settings });
    expect(report).toMatchObject({ authorities: 1, devices: 2, certificates: 4, keys: 4, revoked: 1 });
    expect(await verifyVault(session)).toEqual(expect.objectContaining({ sound: true, findings: [] }));
    expect(await readFile(file('ca/ca.key'))).toEqual(before);
    await expect(importProject(session, planned, { project: 'again', digest: review.digest })).rejects.toMatchObject({
      code: 'IMPORT_ALREADY',
    });

    const { projectId } = report;
    // judged as what others issue; what we issue below that authority, by our own rules
    const rulesOf = (id: number) => lintStored(session, id).findings.map(({ rule }) => rule);
    expect(rulesOf(currentId('meter-1'))).toContain('foreign-version-1');
    expect(rulesOf(currentId('meter-1')).filter((rule) => !rule.startsWith('foreign-'))).toEqual([]);
    const [observer] = session.tables.certificate.where("kind = 'observer'");
    expect(lintStored(session, observer?.id ?? 0)).toMatchObject({
      findings: [],
      rules: expect.arrayContaining([expect.objectContaining({ rule: 'serial-entropy' })]),
    });
    const { id: authorityId } = issuingAuthority(session, projectId);
    expect(authorityViews(session, projectId, session.now())).toMatchObject([{ authorityId, imported: true }]);
    const crl = latestCrl(session, authorityId);
    expect(crl?.number).toBeGreaterThan(0x2328306436);
    const listed = () => readCrl(latestCrl(session, authorityId)?.der ?? Buffer.alloc(0)).entries.map(({ serial }) => serial);
    expect(listed()).toContain('77aa');
    await publishCrls(session, projectId);
    expect(listed()).toContain('77aa');

    await addDevices(session, projectId, [{ id: 'meter-3', role: 'device' }]);
    expect((await renewDevices(session, projectId, { mode: 'renew', deviceIds: [deviceId('meter-2')] })).done).toHaveLength(1);
    await exportProject(session, projectId, { directory: join(scratch, 'stick') });
    try {
      await machine.install(join(scratch, 'stick/old'));
      const bundle = (id: string) => join(scratch, 'stick/old/devices', id);
      // what the meter has had for years, unchanged
      const asBefore = () => machine.accepts(file('meter-1/ca.crt'), file('meter-1/client.crt'), file('meter-1/client.key'));
      expect(await asBefore()).toBe(true);
      for (const id of ['meter-2', 'meter-3']) expect(await machine.acceptsBundle(bundle(id))).toBe(true);

      await revokeAndPublish(session, currentId('meter-1'), { reason: 'keyCompromise' });
      await exportProject(session, projectId, { directory: join(scratch, 'stick-2') });
      await machine.install(join(scratch, 'stick-2/old'));
      expect(await asBefore()).toBe(false);
      expect(await machine.acceptsBundle(bundle('meter-3'))).toBe(true);
    } finally {
      await machine.stop();
    }
    const ours = brokerCertificate(session, brokerOf(session, projectId)?.id ?? 0);
    expect(ours?.predecessor_id).not.toBeNull();
  });

  it('says what it cannot take: no key, a weak authority, no authority at all', async () => {
    await mkdir(file('.'), { recursive: true });
    const ca = (name: string, key: string[], more: string[] = []) =>
      openssl(
        'req',
        '-x509',
        '-nodes',
        ...key,
        '-days',
        '3650',
        '-subj',
        `/CN=${name}`,
        '-keyout',
        file(`${name}.key`),
        '-out',
        file(`${name}.crt`),
        ...more,
      );
    await ca('weak', ['-newkey', 'rsa:1024']);
    await ca('whole', ['-newkey', 'rsa:2048']);
    await rm(file('whole.key'));
    const planned = await plan(join(scratch, 'old'));
    expect(planned.leftOut).toContainEqual({ place: 'weak.crt', name: 'weak', why: 'authority-key-weak' });
    expect(reviewOf(planned).authorities).toMatchObject([{ name: 'whole', keyHere: false, issues: false }]);
    await expect(
      importProject(vault.session, planned, { project: 'x', digest: planned.digest, broker: { names: ['a.example'] } }),
    ).rejects.toMatchObject({ code: 'IMPORT_NO_AUTHORITY' });
    expect(vault.session.tables.project.where('1')).toEqual([]);
  });

  it('leaves nothing behind when it is cancelled, wherever it stands, and wipes the keys that it read', async () => {
    await scriptFolder(file);
    const { session } = vault;
    const before = session.audit.head;
    for (const where of ['read', 'check', 'issue', 'store', 'between devices'] as const) {
      let stop = false;
      const signal = {
        get aborted() {
          // in the middle of the transaction: one device is stored, one is not
          if (where === 'between devices' && session.tables.device.where('1').length === 1) stop = true;
          return stop;
        },
      };
      const control = {
        signal,
        onProgress: ({ step, done }: JobProgress) => {
          if (step === where && (step === 'store' || done > 0)) stop = true;
        },
      };
      const whole = async () => {
        const imported = await readSource(join(scratch, 'old'), { now: Date.now() + 60_000, control });
        try {
          const planned = await planImport(imported, Date.now(), control);
          await importProject(session, planned, { project: 'old', digest: planned.digest }, control);
        } finally {
          wipeImported(imported);
          expect(imported.keys.every(({ pkcs8 }) => pkcs8.every((byte) => byte === 0))).toBe(true);
        }
      };
      await expect(whole(), where).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
      expect(session.tables.project.where('1')).toEqual([]);
      expect(session.tables.privateKey.where('1')).toEqual([]);
      expect(session.audit.head).toEqual(before);
    }
    // and nothing of it is in the way of doing it after all
    const planned = await plan(join(scratch, 'old'));
    const roles = { 'meter-2': 'billing' } as const;
    await expect(
      importProject(session, planned, { project: 'old', digest: planned.digest, roles: { 'meter-3': 'gateway' } }),
    ).rejects.toMatchObject({ code: 'DEVICE_NOT_FOUND', params: { device: 'meter-3' } });
    await importProject(session, planned, { project: 'old', digest: planned.digest, roles });
    expect(session.tables.device.where('1 = 1 ORDER BY name').map(({ name, role }) => [name, role])).toEqual([
      ['meter-1', 'device'],
      ['meter-2', 'billing'],
    ]);
    // a role of one's own is one of the project: without topics, until it gets some
    const projectId = session.tables.project.where('1')[0]?.id ?? 0;
    expect(accessOf(session, projectId).find(({ role }) => role === 'billing')).toEqual({ role: 'billing', write: [], read: [] });
    const decide = compiledAccess(session, projectId).decide;
    expect(decide({ user: 'meter-2', clientId: 'meter-2', verb: 'read', topic: 'old/commands/meter-1' }).allowed).toBe(false);
  });

  it('works in a vault of the version before', async () => {
    const { projectId } = await provision(vault.session, testPlan());
    const published = await publishCrls(vault.session, projectId);
    vault.close();
    const older = join(scratch, 'v.fieldkey');
    backToVersion(older, 7);
    vault = Vault.open(older, { kdfCost: testKdfCost });
    await vault.unlock(testSecret.passphrase, testSecret.operator);
    expect(vault.session.tables.listedRevocation.where('1')).toEqual([]);
    const { number } = (await publishCrls(vault.session, projectId)).published[0] ?? { number: 0 };
    expect(number).toBeGreaterThan(published.published[0]?.number ?? Number.POSITIVE_INFINITY);
    await scriptFolder(file);
    const planned = await plan(join(scratch, 'old'));
    expect(await importProject(vault.session, planned, { project: 'old', digest: planned.digest })).toMatchObject({ devices: 2 });
    expect(await verifyVault(vault.session)).toMatchObject({ sound: true });
  });

  const deviceId = (name: string) => vault.session.tables.device.where('name = ?', name)[0]?.id ?? 0;
  const currentId = (name: string) =>
    vault.session.tables.certificate.where('device_id = ? ORDER BY id DESC LIMIT 1', deviceId(name))[0]?.id ?? 0;
});
