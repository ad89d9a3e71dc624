import { randomUUID } from 'node:crypto';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testKdfCost, testSecret } from '../authority/testing/fixtures.ts';
import { addDevices } from '../jobs/add-devices.ts';
import { revokeAndPublish } from '../jobs/revoke.ts';
import { type LiveBundle, LiveProject } from '../jobs/testing/live-project.ts';
import { listCopies } from '../vault/copies.ts';
import { createVaultService } from './vault-service.ts';

/**
 * Whom a restored vault lets in, decided by a Mosquitto: what was revoked after the backup or the copy was made stays refused,
 * also what was issued after it, when the list that the broker has is brought.
 */
let live: LiveProject;
let file: string;
let deployed: string;
let backup: string;
let known: LiveBundle;
let late: LiveBundle;
let good: LiveBundle;
const passphrase = 'backup horse battery';

const newest = (name: string) =>
  live.session.tables.certificate.where('common_name = ? ORDER BY id DESC LIMIT 1', name)[0]?.id ?? 0;
const service = () => createVaultService({ kdfCost: testKdfCost });

beforeAll(async () => {
  live = await LiveProject.start();
  ({ file } = live.vault);
  deployed = join(live.scratch, 'deployed.pem');
  backup = join(live.scratch, 'b.fieldkey-backup');
  known = await live.bundle('m-1');
  good = await live.bundle('m-2');
  // both from before: a backup, and the copy that is kept when the vault is closed
  await live.vault.check();
  live.vault.close();
  const before = service();
  await before['vault.use']({ file });
  await before['vault.unlock'](testSecret);
  await before['backup.write']({ jobId: randomUUID(), file: backup, passphrase });
  await before['vault.close']();
  copyFileSync(join(`${file}.copies`, listCopies(file)[0]?.name ?? ''), join(live.scratch, 'copy'));
  await live.reopen();
  await addDevices(live.session, live.projectId, [{ id: 'late-1', role: 'device' }]);
  await live.export();
  late = await live.bundle('late-1');
  expect([await live.connects(known), await live.connects(late)]).toEqual([true, true]);
  for (const name of ['m-1', 'late-1']) await revokeAndPublish(live.session, newest(name), { reason: 'keyCompromise' });
  await live.deploy();
  copyFileSync(join(live.installed, 'certs/crl.pem'), deployed);
  expect([await live.connects(known), await live.connects(late)]).toEqual([false, false]);
}, 120_000);
afterAll(() => live?.end());

/** Whom the broker lets in with what the restored vault exports: nobody revoked the first of them. */
async function letIn(): Promise<boolean[]> {
  await live.reopen();
  await live.deploy();
  const answers: boolean[] = [];
  for (const who of [good, known, late]) answers.push(await live.connects(who));
  live.vault.close();
  return answers;
}

it.each([
  ['the list that the broker has', true],
  ['no list, which lets them in again, as the window says before', false],
])(
  'a restored backup, with %s',
  async (_, brought) => {
    live.vault.close();
    const restoring = service();
    await restoring['vault.use']({ file });
    const secrets = { passphrase, vaultPassphrase: testSecret.passphrase, operator: 'Bea' };
    const done = await restoring['backup.restore']({ file: backup, ...secrets, crls: brought ? [deployed] : [] });
    expect(done).toMatchObject(brought ? { brought: 1, takenOver: 2, unknown: 1, withheld: [] } : { brought: 0, takenOver: 0 });
    await restoring['vault.close']();
    expect(await letIn()).toEqual([true, !brought, !brought]);
    if (brought) return;
    // and made up for, as soon as the list is there
    await restoring['vault.unlock'](testSecret);
    expect(await restoring['crl.takeOver']({ crls: [deployed] })).toMatchObject({ takenOver: 2, unknown: 1 });
    await restoring['vault.close']();
    expect(await letIn()).toEqual([true, false, false]);
  },
  120_000,
);

/** Puts the copy of former times back beside the vault, as the only one. */
function onlyCopy(): string {
  for (const { name } of listCopies(file)) rmSync(join(`${file}.copies`, name));
  copyFileSync(join(live.scratch, 'copy'), join(`${file}.copies`, '0000001.fieldkey'));
  return '0000001.fieldkey';
}

it('a restored copy, with the list that the broker has; the damaged vault tells nothing', async () => {
  const name = onlyCopy();
  writeFileSync(file, 'nothing that could be read');
  const restoring = service();
  await restoring['vault.use']({ file });
  const done = await restoring['vault.restore']({ name, ...testSecret, crls: [deployed] });
  expect(done).toMatchObject({ brought: 1, own: 0, takenOver: 2, unknown: 1, withheld: [] });
  await restoring['vault.close']();
  expect(await letIn()).toEqual([true, false, false]);
}, 120_000);

it('a restored copy without a list: what the vault in its place had published is taken over', async () => {
  const name = onlyCopy();
  const restoring = service();
  await restoring['vault.use']({ file });
  const done = await restoring['vault.restore']({ name, ...testSecret, crls: [] });
  expect(done).toMatchObject({ brought: 0, own: 1, takenOver: 2, unknown: 1, withheld: [] });
  await restoring['vault.close']();
  expect(await letIn()).toEqual([true, false, false]);
}, 120_000);
