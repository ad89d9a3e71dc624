import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { accessOf, exceptionsOf } from '../authority/lookup.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { changeAccess } from '../jobs/change-project.ts';
import { brokerKit, contextOf } from '../jobs/project-files.ts';
import { provision } from '../jobs/provision.ts';
import { backToVersion } from './testing/older-schema.ts';
import { Vault } from './vault.ts';
import { verifyVault } from './verify.ts';

it('migration 10 keeps the rules and the kit of a provisioned vault, and lets single devices have exceptions', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fieldkey-migration-10-'));
  try {
    const file = join(folder, 'v.fieldkey');
    const before = await testVault(file);
    const { projectId } = await provision(before.session, testPlan());
    const access = accessOf(before.session, projectId);
    const kit = brokerKit(before.session, contextOf(before.session, projectId)).files.map(({ path, content }) => [
      path,
      `${content}`,
    ]);
    before.close();
    backToVersion(file, 9);

    const vault = Vault.open(file, { kdfCost: testKdfCost });
    try {
      const session = await vault.unlock(testSecret.passphrase, testSecret.operator);
      expect(accessOf(session, projectId)).toEqual(access);
      expect(exceptionsOf(session, projectId)).toEqual([]);
      expect(brokerKit(session, contextOf(session, projectId)).files.map(({ path, content }) => [path, `${content}`])).toEqual(
        kit,
      );
      expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });

      const exceptions = [{ device: 'METER-001', write: [], read: ['{project}/all'], deny: ['{project}/energy/{device}'] }];
      expect(changeAccess(session, projectId, access, exceptions)).toEqual({ filesToCopy: ['acl'] });
      expect(exceptionsOf(session, projectId)).toEqual([{ ...exceptions[0], device: 'meter-001' }]);
      expect(changeAccess(session, projectId, access)).toEqual({ filesToCopy: [] });
      expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });

      session.database.prepare('DELETE FROM access_exception').run();
      const { findings } = await verifyVault(session);
      expect(findings).toContainEqual(expect.stringContaining('the access exceptions of lab are not those of the last act'));
    } finally {
      vault.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
