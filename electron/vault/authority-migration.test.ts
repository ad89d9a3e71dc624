import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { currentCertificate } from '../authority/lookup.ts';
import { createSite } from '../authority/new-authority.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { provision } from '../jobs/provision.ts';
import { renewDevices } from '../jobs/renew.ts';
import { revokeAndPublish } from '../jobs/revoke.ts';
import { backToVersion } from './testing/older-schema.ts';
import { Vault } from './vault.ts';
import { verifyVault } from './verify.ts';

it('migration 6 keeps a provisioned vault as it was, and every act after issuing works on it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fieldkey-migration-6-'));
  try {
    const file = join(folder, 'v.fieldkey');
    const before = await testVault(file);
    const { projectId } = await provision(before.session, testPlan());
    const serials = before.session.tables.certificate.where('1 = 1 ORDER BY id').map(({ serial }) => serial.toString('hex'));
    before.close();
    backToVersion(file, 5);

    const vault = Vault.open(file, { kdfCost: testKdfCost });
    try {
      const session = await vault.unlock(testSecret.passphrase, testSecret.operator);
      const kept = session.tables.certificate.where('1 = 1 ORDER BY id').map(({ serial }) => serial.toString('hex'));
      expect(kept).toEqual(serials);
      expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
      const [device] = session.tables.device.where('project_id = ?', projectId);
      const first = currentCertificate(session, device?.id ?? 0);
      await createSite(session, session.tables.authority.where('1 = 1')[0]?.id ?? 0);
      expect((await renewDevices(session, projectId, { mode: 'renew' })).done).toHaveLength(2);
      await revokeAndPublish(session, first?.id ?? 0, { reason: 'superseded' });
      expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
    } finally {
      vault.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
