import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openIssuer } from '../authority/issuer.ts';
import { latestCrl } from '../authority/lookup.ts';
import { createSite } from '../authority/new-authority.ts';
import { pendingOf } from '../authority/publish-crl.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { buildCrl, crlNumberMaximum } from '../pki/crl.ts';
import { isPartialCrl } from '../pki/crl-signature.ts';
import { certificatePem, crlPem } from '../pki/pem.ts';
import { readCrl } from '../pki/read-crl.ts';
import { restoreBackup, writeBackup } from '../vault/backup.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { addDevices } from './add-devices.ts';
import { readAuthorityKey, takeOffline } from './authority-key.ts';
import { fitLists, readDeployedLists } from './deployed-lists.ts';
import { provision } from './provision.ts';
import { publishAboveDeployed } from './restore-backup.ts';
import { releaseAndPublish, revokeAndPublish } from './revoke.ts';

const day = 86_400_000;
let folder: string;
let file: string;
let older: string;
let vault: Vault;
let projectId: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-deployed-'));
  file = join(folder, 'v.fieldkey');
  older = join(folder, 'older.fieldkey');
  vault = await testVault(file);
  ({ projectId } = await provision(vault.session, testPlan({ devices: [{ pattern: 'm-{1..4}' }] })));
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const newest = (session: VaultSession, name: string): CertificateRow =>
  session.tables.certificate.where('common_name = ? ORDER BY id DESC', name)[0] as CertificateRow;
const root = (session: VaultSession) => session.tables.authority.where('parent_id IS NULL')[0]?.id ?? 0;
const deployedDer = () => latestCrl(vault.session, root(vault.session))?.der as Buffer;
const lists = (...ders: Buffer[]) => readDeployedLists([{ name: 'crl.pem', bytes: Buffer.from(ders.map(crlPem).join('')) }]);
const entries = (session: VaultSession) =>
  new Map(readCrl(latestCrl(session, root(session))?.der as Buffer).entries.map((entry) => [entry.serial, entry.reason]));

/** Keeps the state of this moment, to which `back` goes. */
function remember(): void {
  vault.session.database.pragma('wal_checkpoint(TRUNCATE)');
  copyFileSync(file, older);
}
async function back(): Promise<VaultSession> {
  vault.close();
  rmSync(`${older}-wal`, { force: true });
  vault = Vault.open(older, { kdfCost: testKdfCost });
  return vault.unlock(testSecret.passphrase, testSecret.operator);
}
const revoke = (name: string, reason: 'keyCompromise' | 'superseded' | 'certificateHold') =>
  revokeAndPublish(vault.session, newest(vault.session, name).id, { reason });

describe('the list of a broker, brought to an older vault', () => {
  it('revokes what is known with its date and reason, keeps what is not, and publishes above it', async () => {
    await revoke('m-4', 'superseded');
    remember();
    const at = newest(vault.session, 'm-1').not_before;
    await revokeAndPublish(vault.session, newest(vault.session, 'm-1').id, { reason: 'keyCompromise', at });
    await revoke('m-2', 'certificateHold');
    await addDevices(vault.session, projectId, [{ id: 'late-1', role: 'device' }]);
    const late = newest(vault.session, 'late-1').serial.toString('hex');
    await revoke('late-1', 'keyCompromise');
    const der = deployedDer();
    const session = await back();
    expect(newest(session, 'm-1').status).toBe('valid');
    const done = await publishAboveDeployed(session, lists(der));
    expect(done).toMatchObject({ brought: 1, takenOver: 3, unknown: 1, withheld: [] });
    expect(done.published[0]?.number).toBeGreaterThan(Number(readCrl(der).number));
    expect(newest(session, 'm-1')).toMatchObject({ status: 'revoked', revocation_reason: 'keyCompromise', revoked_at: at });
    expect(newest(session, 'm-2')).toMatchObject({ status: 'hold', revocation_reason: 'certificateHold' });
    const now = entries(session);
    for (const serial of readCrl(der).entries.map((entry) => entry.serial)) expect(now.has(serial), serial).toBe(true);
    expect(now.get(late)).toBe('keyCompromise');
    const told = session.database
      .prepare<[], { action: string; detail: string }>(
        "SELECT action, detail FROM audit WHERE action IN ('crl.import', 'certificate.revoke', 'certificate.hold') AND detail LIKE '%\"deployedList\"%' OR action = 'crl.import' ORDER BY seq",
      )
      .all();
    expect(told.map(({ action }) => action).toSorted()).toEqual(['certificate.hold', 'certificate.revoke', 'crl.import']);
    expect(JSON.parse(told.at(-1)?.detail ?? '')).toMatchObject({ revoked: 2, listed: 1, kept: true });
    expect(await verifyVault(session)).toMatchObject({ findings: [] });
    // once more: nothing is new, and the unknown one is on every later list
    expect(await publishAboveDeployed(session, lists(der))).toMatchObject({ takenOver: 0, unknown: 0 });
    expect(entries(session).get(late)).toBe('keyCompromise');
    expect(await verifyVault(session)).toMatchObject({ findings: [] });
    // a row taken away is seen
    session.database.exec('DELETE FROM listed_revocation');
    expect((await verifyVault(session)).findings.join()).toContain('revocations');
  });

  it('keeps what it lacks revoked, and no hold comes back that was lifted since', async () => {
    await revoke('m-3', 'certificateHold');
    const before = deployedDer();
    await releaseAndPublish(vault.session, newest(vault.session, 'm-3').id);
    await revoke('m-1', 'keyCompromise');
    const { session } = vault;
    expect(await publishAboveDeployed(session, lists(before))).toMatchObject({ takenOver: 0 });
    expect(newest(session, 'm-3').status).toBe('valid');
    expect(newest(session, 'm-1').status).toBe('revoked');
    const now = entries(session);
    expect(now.has(newest(session, 'm-3').serial.toString('hex'))).toBe(false);
    expect(now.has(newest(session, 'm-1').serial.toString('hex'))).toBe(true);
  });

  it('is what a kit gets of an authority whose key is elsewhere', async () => {
    const passphrase = 'kept in the safe of the plant';
    const key = await takeOffline(vault.session, root(vault.session), { directory: folder, passphrase });
    expect(existsSync(key.file)).toBe(true);
    remember();
    const offline = newest(vault.session, 'm-1').id;
    const authorities = vault.session.tables.authority.where('1 = 1');
    const handed = await readAuthorityKey(vault.session, authorities, { file: key.file, passphrase });
    await revokeAndPublish(vault.session, offline, { reason: 'keyCompromise', handed });
    const der = deployedDer();
    const session = await back();
    const done = await publishAboveDeployed(session, lists(der));
    expect(done).toMatchObject({ takenOver: 1, published: [], withheld: [{ code: 'AUTHORITY_OFFLINE' }] });
    expect(latestCrl(session, root(session))?.der.equals(der)).toBe(true);
    expect(pendingOf(session, root(session))).toBe(0);
    expect(await verifyVault(session)).toMatchObject({ findings: [] });
  });

  it('takes a revoked site authority out of use', async () => {
    await createSite(vault.session, root(vault.session), { name: 'Site 1' });
    remember();
    const { id: own, authority_id: authorityId } = vault.session.tables.certificate.where("kind = 'site'")[0] as CertificateRow;
    await revokeAndPublish(vault.session, own, { reason: 'cACompromise' });
    const der = deployedDer();
    const session = await back();
    expect(await publishAboveDeployed(session, lists(der))).toMatchObject({ takenOver: 1 });
    expect(session.tables.authority.get(authorityId ?? 0)?.state).toBe('compromised');
    expect(await verifyVault(session)).toMatchObject({ findings: [] });
  });
});

describe('what is no list for this vault', () => {
  const refusal = (bytes: Buffer) => {
    try {
      fitLists(vault.session, readDeployedLists([{ name: 'given.pem', bytes }]));
      return 'taken';
    } catch (error) {
      const { code, params } = error as { code: string; params: { reason: string } };
      return `${code} ${params.reason}`;
    }
  };

  it('is refused by its kind, and taken in every form that brokers use', async () => {
    await revoke('m-1', 'keyCompromise');
    const der = deployedDer();
    const other = await testVault(join(folder, 'other.fieldkey'));
    // the same names, another key
    await provision(other.session, testPlan({ devices: [] }));
    const twin = latestCrl(other.session, root(other.session))?.der as Buffer;
    await provision(other.session, testPlan({ project: 'elsewhere', devices: [] }));
    const stranger = latestCrl(other.session, other.session.tables.authority.where('1 = 1 ORDER BY id DESC')[0]?.id ?? 0);
    other.close();
    const changed = Buffer.from(der);
    const serial = changed.indexOf(newest(vault.session, 'm-1').serial);
    changed[serial] = (changed[serial] ?? 0) ^ 1;
    const issuer = openIssuer(vault.session, root(vault.session));
    const common = { issuer, entries: [], now: new Date(), nextUpdate: new Date(Date.now() + day) };
    const numbered = async (number: bigint) => (await buildCrl({ ...common, number })).der;
    expect({
      pem: refusal(Buffer.from(crlPem(der))),
      der: refusal(der),
      twoDer: refusal(Buffer.concat([der, der])),
      windows: refusal(Buffer.from(`some words\r\n${crlPem(der).replaceAll('\n', '\r\n')}`)),
      highest: refusal(await numbered(BigInt(crlNumberMaximum))),
      tooHigh: refusal(await numbered(BigInt(crlNumberMaximum) + 1n)),
      absurd: refusal(await numbered(2n ** 62n)),
      text: refusal(Buffer.from('this is no list')),
      certificate: refusal(Buffer.from(certificatePem(newest(vault.session, 'm-1').der))),
      empty: refusal(Buffer.alloc(0)),
      cut: refusal(der.subarray(0, der.length - 7)),
      cutPem: refusal(Buffer.from(crlPem(der).slice(0, -60))),
      behind: refusal(Buffer.concat([der, Buffer.from([1])])),
      changed: refusal(changed),
      twin: refusal(twin),
      stranger: refusal(stranger?.der as Buffer),
    }).toEqual({
      pem: 'taken',
      der: 'taken',
      twoDer: 'taken',
      windows: 'taken',
      highest: 'taken',
      tooHigh: 'CRL_REFUSED number',
      absurd: 'CRL_REFUSED number',
      text: 'CRL_REFUSED none',
      certificate: 'CRL_REFUSED none',
      empty: 'CRL_REFUSED none',
      cut: 'CRL_REFUSED damaged',
      cutPem: 'CRL_REFUSED damaged',
      behind: 'CRL_REFUSED damaged',
      changed: 'CRL_REFUSED signature',
      twin: 'CRL_REFUSED signature',
      stranger: 'CRL_REFUSED other-issuer',
    });
  });

  it('is a list of changes, of a part, or of others: told by what it has', async () => {
    await revoke('m-1', 'keyCompromise');
    const der = deployedDer();
    // cRLNumber, or the reason of an entry, becomes another extension (id-ce 20 and 21)
    const patched = (from: number, to: number) => {
      const bytes = Buffer.from(der);
      bytes[bytes.lastIndexOf(Buffer.from([0x06, 0x03, 0x55, 0x1d, from])) + 4] = to;
      return isPartialCrl(bytes);
    };
    expect(isPartialCrl(der)).toBe(false);
    expect([patched(20, 27), patched(20, 28), patched(21, 29), patched(20, 60)]).toEqual([true, true, true, false]);
  });

  it('stops a restore before anything is replaced, and the next publishing goes on after a high number', async () => {
    const backup = join(folder, 'b.backup');
    const target = join(folder, 'restored.fieldkey');
    await writeBackup(vault.session, backup, 'backup horse battery', testKdfCost);
    const issuer = openIssuer(vault.session, root(vault.session));
    const common = { issuer, entries: [], now: new Date(), nextUpdate: new Date(Date.now() + day) };
    const absurd = (await buildCrl({ ...common, number: 2n ** 62n })).der;
    const secrets = { passphrase: 'backup horse battery', vaultPassphrase: testSecret.passphrase, operator: 'Ana' };
    const restore = (der: Buffer) =>
      restoreBackup(backup, target, secrets, { kdfCost: testKdfCost }, (session) => void fitLists(session, lists(der)));
    await expect(restore(absurd)).rejects.toMatchObject({ code: 'CRL_REFUSED', params: { reason: 'number' } });
    expect(existsSync(target)).toBe(false);
    const high = (await buildCrl({ ...common, number: BigInt(crlNumberMaximum) })).der;
    await restore(high);
    vault.close();
    vault = Vault.open(target, { kdfCost: testKdfCost });
    const session = await vault.unlock(testSecret.passphrase, 'Ana');
    const { published } = await publishAboveDeployed(session, lists(high));
    expect(published[0]?.number).toBe(crlNumberMaximum + 1);
    await revokeAndPublish(session, newest(session, 'm-1').id, { reason: 'superseded' });
    expect(latestCrl(session, root(session))?.number).toBe(crlNumberMaximum + 2);
    expect(await verifyVault(session)).toMatchObject({ findings: [] });
  });
});
