import { existsSync, writeSync } from 'node:fs';
import { createProject } from '../../authority/create-project.ts';
import { issueDevices } from '../../authority/issue-devices.ts';
import { issuingAuthority, projectByName } from '../../authority/lookup.ts';
import { completeCrls, publishCrl } from '../../authority/publish-crl.ts';
import { replaceDevices, replacementsOf } from '../../authority/replace-devices.ts';
import { revokeCertificate } from '../../authority/revoke.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../../authority/testing/fixtures.ts';
import { Vault } from '../../vault/vault.ts';
import { exportProject } from '../export-project.ts';
import { tortureMigrations } from './torture-migration.ts';

/**
 * Run by the torture run in a process of its own: works on the vault until it is killed, and writes a line for
 * everything that was acknowledged to it. Synchronous writes: what the parent reads has really been said.
 */
const [file = '', round = '0', folder = ''] = process.argv.slice(2);
const say = (line: string) => writeSync(1, `${line}\n`);

say('start');
const options = { kdfCost: testKdfCost, ...(folder === '' ? { migrations: tortureMigrations } : {}) };
const vault = existsSync(file) ? Vault.open(file, options) : await testVault(file);
if (!vault.unlocked) await vault.unlock(testSecret.passphrase, testSecret.operator);
say('vault');
const { session } = vault;
const projectId = projectByName(session, 'lab')?.id ?? (await createProject(session, testPlan()));
say('project');
// each process begins with another act
for (let batch = Number(round); ; batch++) {
  // some are longer than a chunk, so that kills fall between two transactions of one job as well
  const length = batch % 4 === 2 ? 230 : 1 + ((batch * 7) % 40);
  const ids = Array.from({ length }, (_, i) => `m-${round}-${batch}-${i}`);
  let told = 0;
  await issueDevices(
    session,
    projectId,
    ids.map((id) => ({ id, role: 'device' as const })),
    {
      key: 'p256',
      days: 365,
      onProgress: ({ done }) => {
        say(`issued ${ids.slice(told, done).join(' ')}`);
        told = done;
      },
    },
  );
  if (batch % 2 === 1) {
    const some = session.tables.device.where('project_id = ? ORDER BY random() LIMIT 10', projectId);
    const replacements = replacementsOf(
      session,
      projectId,
      some.map((device) => device.id),
    );
    await replaceDevices(session, projectId, replacements, { key: 'p256', days: 365, reason: 'superseded' });
    say(`replaced ${replacements.map((r) => r.certificateId).join(' ')}`);
    say(`crl ${await completeCrls(session, projectId)}`);
  }
  if (batch % 3 === 0) say(`crl ${(await publishCrl(session, issuingAuthority(session, projectId).id)).number}`);
  if (batch % 3 === 1) {
    const lost = session.tables.certificate.where("kind = 'device' AND status = 'valid' ORDER BY random() LIMIT 3");
    session.write((log) => {
      for (const row of lost) revokeCertificate(session, log, row, 'keyCompromise');
    });
    say(`revoked ${lost.map((row) => row.id).join(' ')}`);
  }
  if (batch % 4 === 0 && folder !== '') {
    const deviceIds = session.tables.device.where('project_id = ? ORDER BY random() LIMIT 5', projectId).map((row) => row.id);
    say(`exported ${(await exportProject(session, projectId, { directory: folder, withBroker: true, deviceIds })).exportId}`);
  }
  // what a window does when it is locked and unlocked: check, and a copy beside the vault
  if (batch % 3 === 2) {
    await vault.check();
    say('checked');
  }
}
