import { existsSync, writeSync } from 'node:fs';
import { Vault } from '../../vault/vault.ts';
import { createProject } from '../create-project.ts';
import { issueDevices } from '../issue-devices.ts';
import { issuingAuthority, projectByName } from '../lookup.ts';
import { completeCrls, publishCrl } from '../publish-crl.ts';
import { replaceDevices, replacementsOf } from '../replace-devices.ts';
import { testKdfCost, testPlan, testSecret, testVault } from './fixtures.ts';

/**
 * Run by the kill test in a process of its own: works on the vault until it is killed, and writes a line for
 * everything that was acknowledged to it. Synchronous writes: what the parent reads has really been said.
 */
const [file = '', round = '0'] = process.argv.slice(2);
const say = (line: string) => writeSync(1, `${line}\n`);

say('start');
const vault = existsSync(file) ? Vault.open(file, { kdfCost: testKdfCost }) : await testVault(file);
if (!vault.unlocked) await vault.unlock(testSecret.passphrase, testSecret.operator);
say('vault');
const { session } = vault;
const projectId = projectByName(session, 'lab')?.id ?? (await createProject(session, testPlan()));
say('project');
for (let batch = 0; ; batch++) {
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
}
