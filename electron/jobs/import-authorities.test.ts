import { X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  authorityCertificate,
  issuingAuthority,
  lastAuthorityCertificate,
  latestCrl,
  settingsOf,
  trustOf,
} from '../authority/lookup.ts';
import { pendingOf, publishCrls } from '../authority/publish-crl.ts';
import { testVault } from '../authority/testing/fixtures.ts';
import { planImport } from '../import/plan-import.ts';
import { readSource } from '../import/read-source.ts';
import { chainFolder } from '../import/testing/chain-folder.ts';
import { readCrl } from '../pki/read-crl.ts';
import { openssl } from '../pki/testing/judges.ts';
import type { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { exportProject } from './export-project.ts';
import { importProject } from './import-project.ts';
import { reviewOf } from './import-review.ts';
import { BrokerMachine } from './testing/imported-kit.ts';

let scratch: string;
let vault: Vault;
const file = (name: string) => join(scratch, 'old', name);
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fieldkey-import-authorities-'));
  await chmod(scratch, 0o755);
  vault = await testVault(join(scratch, 'v.fieldkey'));
});
afterEach(async () => {
  vault.close();
  await rm(scratch, { recursive: true, force: true });
});

const certificate = async (name: string) => new X509Certificate(await readFile(file(`${name}.crt`)));
const serial = async (name: string) => (await certificate(name)).serialNumber.toLowerCase();
const authority = (name: string) => {
  const [row] = vault.session.tables.authority.where('name = ?', name);
  if (!row) throw new Error(`no authority ${name}`);
  return row;
};
const listed = (name: string) => readCrl(latestCrl(vault.session, authority(name).id)?.der ?? Buffer.alloc(0)).entries;

async function planned() {
  const plan = await planImport(await readSource(join(scratch, 'old'), { now: Date.now() + 60_000 }), Date.now());
  const review = reviewOf(plan);
  return { plan, review, about: (name: string) => review.authorities.find((each) => each.name === name) };
}

describe('an authority that its issuer has revoked', () => {
  const revoked = [{ by: 'root', certificate: 'one', reason: 'CACompromise' }] as const;

  it('is named by the review, and imported out of use: no issuer, not trusted, its list and that of the root go on', async () => {
    await chainFolder(file, { revoked });
    const { plan, review, about } = await planned();
    expect(about('one')).toMatchObject({ state: 'compromised', issues: false, withdrawn: { reason: 'cACompromise' } });
    expect(about('two')).toMatchObject({ state: 'active', withdrawn: null, issues: true });
    const { session } = vault;
    const { projectId } = await importProject(session, plan, { project: 'old', digest: review.digest });
    expect(authority('one').state).toBe('compromised');
    expect(issuingAuthority(session, projectId).name).toBe('two');
    for (const purpose of ['broker', 'clients'] as const)
      expect(trustOf(session, projectId, purpose).map((row) => row.common_name)).not.toContain('one');
    expect(settingsOf(session, projectId).deviceIssuer).toBe(authority('two').id);
    // a certificate that is known: its row says what the root's list says, and nothing is listed twice
    expect(lastAuthorityCertificate(session, authority('one').id)).toMatchObject({
      status: 'revoked',
      revocation_reason: 'cACompromise',
    });
    expect(session.tables.listedRevocation.where('1')).toEqual([]);
    await publishCrls(session, projectId);
    const { published } = await publishCrls(session, projectId);
    expect(published.map((each) => each.authority).toSorted()).toEqual(['root', 'two']);
    expect(listed('root').map((entry) => [entry.serial, entry.reason])).toContainEqual([await serial('one'), 'cACompromise']);
    expect(pendingOf(session, authority('root').id)).toBe(0);
    // its own list is here, for whoever still asks for it
    expect(latestCrl(session, authority('one').id)?.next_update).toBeGreaterThan(Date.now());
    const root = authorityCertificate(session, authority('root').id).der;
    const crls = [latestCrl(session, authority('root').id)?.der ?? Buffer.alloc(0)];
    const judged = await openssl({ root, leaf: (await certificate('one')).raw, crls }, { purpose: 'ca' });
    expect(judged.output).toContain('certificate revoked');
    expect(await openssl({ root, leaf: (await certificate('two')).raw, crls }, { purpose: 'ca' })).toMatchObject({ ok: true });
    expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  });

  it('is out of use for a gentler reason as well, and nobody issues where it was the only one with a key', async () => {
    await chainFolder(file, { revoked: [{ by: 'root', certificate: 'one', reason: 'superseded' }] });
    for (const name of ['root', 'two']) await rm(file(`${name}.key`));
    const { plan, review, about } = await planned();
    expect(about('one')).toMatchObject({ state: 'retired', issues: false });
    await expect(importProject(vault.session, plan, { project: 'old', digest: review.digest })).rejects.toMatchObject({
      code: 'IMPORT_NO_AUTHORITY',
    });
  });
});

describe('an authority without its key', () => {
  it('keeps the list that was found: the kit has it, openssl and a running broker take its devices, and refuse the revoked one', async () => {
    await chainFolder(file, { revoked: [{ by: 'root', certificate: 'meter-root-2', reason: 'keyCompromise' }] });
    await rm(file('root.key'));
    const { plan, review, about } = await planned();
    expect(about('root')).toMatchObject({ keyHere: false, listEnds: expect.any(Number) });
    const machine = await BrokerMachine.at(scratch);
    const { session } = vault;
    const request = { project: 'old', digest: review.digest, broker: machine.settings };
    const { projectId } = await importProject(session, plan, request);
    expect(latestCrl(session, authority('root').id)?.next_update).toBe(about('root')?.listEnds);
    expect(pendingOf(session, authority('root').id)).toBe(0);
    await exportProject(session, projectId, { directory: join(scratch, 'stick') });
    const kit = await readFile(join(scratch, 'stick/old/broker/certs/crl.pem'), 'utf8');
    expect(kit.split('-----BEGIN X509 CRL-----')).toHaveLength(4);
    const root = (await certificate('root')).raw;
    const crls = [latestCrl(session, authority('root').id)?.der ?? Buffer.alloc(0)];
    expect(await openssl({ root, leaf: (await certificate('meter-root')).raw, crls }, { purpose: 'client' })).toMatchObject({
      ok: true,
    });
    expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
    try {
      await machine.install(join(scratch, 'stick/old'));
      const taken = (name: string) =>
        machine.accepts(join(scratch, 'stick/old/devices/meter-two/ca.crt'), file(`${name}.crt`), file(`${name}.key`));
      expect([await taken('meter-root'), await taken('meter-two')]).toEqual([true, true]);
      expect(await taken('meter-root-2')).toBe(false);
    } finally {
      await machine.stop();
    }
  });

  it('is told to have no list when none came along, or only one that somebody else signed', async () => {
    await chainFolder(file);
    await rm(file('root.key'));
    const crl = await readFile(file('root.crl'), 'latin1');
    const der = Buffer.from(crl.replace(/-----[^-]+-----/g, ''), 'base64');
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    const forged = `-----BEGIN X509 CRL-----\n${der.toString('base64')}\n-----END X509 CRL-----\n`;
    await writeFile(file('root.crl'), forged);
    expect((await planned()).about('root')).toMatchObject({ keyHere: false, listEnds: null });
    await rm(file('root.crl'));
    expect((await planned()).about('root')).toMatchObject({ listEnds: null, state: 'active' });
  });
});
