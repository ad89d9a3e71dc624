import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { judgeChecklist } from '../../shared/rules/checklist.ts';
import { authoritiesOf, currentCertificate, latestCrl } from '../authority/lookup.ts';
import { createSite } from '../authority/new-authority.ts';
import { testPlan, testVault } from '../authority/testing/fixtures.ts';
import { warnings } from '../cli/commands/warnings.ts';
import { readCrl } from '../pki/read-crl.ts';
import type { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { readAuthorityKey, takeOffline } from './authority-key.ts';
import { checklistFacts } from './checklist.ts';
import { exportProject } from './export-project.ts';
import { provision } from './provision.ts';
import { rekeyExport } from './rekey-export.ts';
import { replaceAndPublish } from './replace.ts';

/** Replacing and a lost stick, where the key of an authority is kept elsewhere. */
let folder: string;
let vault: Vault;
let projectId: number;
const passphrase = 'kept in the safe of the plant';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-replace-'));
  vault = await testVault(join(folder, 'v.fieldkey'));
  ({ projectId } = await provision(vault.session, testPlan({ devices: [{ pattern: 'm-{1..3}' }] })));
});
afterEach(async () => {
  expect(await verifyVault(vault.session)).toMatchObject({ sound: true, findings: [] });
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const root = () => authoritiesOf(vault.session, projectId)[0] as { id: number; name: string };
const device = (name: string) => vault.session.tables.device.where('name = ?', name)[0]?.id ?? 0;
const serialOf = (name: string) => currentCertificate(vault.session, device(name))?.serial.toString('hex') ?? '';
const listed = () => readCrl(latestCrl(vault.session, root().id)?.der as Buffer).entries.map(({ serial }) => serial);
const offline = async () => {
  const { file } = await takeOffline(vault.session, root().id, { directory: folder, passphrase });
  return () => readAuthorityKey(vault.session, authoritiesOf(vault.session, projectId), { file, passphrase });
};
const replace = (name: string, handed?: Awaited<ReturnType<typeof readAuthorityKey>>) =>
  replaceAndPublish(vault.session, projectId, { deviceIds: [device(name)], reason: 'keyCompromise', handed });

it('says whose list waits when only that needs the key, and signs it at once when the key is brought', async () => {
  await createSite(vault.session, root().id);
  const bring = await offline();
  const [first, second] = [serialOf('m-1'), serialOf('m-2')];
  expect(await replace('m-1')).toMatchObject({ replaced: 1, waiting: ['lab Root CA'] });
  expect(listed()).not.toContain(first);
  expect(serialOf('m-1')).not.toBe(first);
  // told wherever somebody could take the list for a good one
  const judged = () =>
    judgeChecklist(checklistFacts(vault.session, projectId, null))
      .find(({ point }) => point === 'revocation')
      ?.evidence.find(({ fact }) => fact === 'listWaiting');
  expect(judged()).toMatchObject({ state: 'red', params: { authority: 'lab Root CA', count: 1 } });
  expect(warnings(vault.session, projectId).join()).toContain('1 certificates are not on the revocation list of lab Root CA');
  expect(await exportProject(vault.session, projectId, { directory: join(folder, 'out') })).toMatchObject({
    waiting: ['lab Root CA'],
  });
  // what had waited is on the same list
  expect(await replace('m-2', await bring())).toMatchObject({ replaced: 1, waiting: [] });
  expect(listed()).toEqual(expect.arrayContaining([first, second]));
  expect(judged()).toBeUndefined();
  expect(warnings(vault.session, projectId).join()).not.toContain('lab Root CA');
});

it('changes nothing without the key of who issues, and does all of it with that key', async () => {
  const bring = await offline();
  const before = serialOf('m-1');
  await expect(replace('m-1')).rejects.toMatchObject({ code: 'AUTHORITY_OFFLINE' });
  expect(serialOf('m-1')).toBe(before);
  expect(await replace('m-1', await bring())).toMatchObject({ replaced: 1, waiting: [] });
  expect(serialOf('m-1')).not.toBe(before);
  expect(listed()).toContain(before);
});

it('makes up for a lost stick with the broker’s key on it, with the key that was brought', async () => {
  const { exportId } = await exportProject(vault.session, projectId, {
    directory: join(folder, 'stick'),
    medium: { label: 'stick', volumeId: '1' },
  });
  const bring = await offline();
  const before = ['m-1', 'm-2', 'm-3'].map(serialOf);
  await expect(rekeyExport(vault.session, exportId, 'keyCompromise')).rejects.toMatchObject({ code: 'AUTHORITY_OFFLINE' });
  expect(['m-1', 'm-2', 'm-3'].map(serialOf)).toEqual(before);
  const done = await rekeyExport(vault.session, exportId, 'keyCompromise', {}, {}, await bring());
  expect(done).toMatchObject({ replaced: 3, brokerReissued: true, waiting: [] });
  expect(listed()).toEqual(expect.arrayContaining(before));
});
