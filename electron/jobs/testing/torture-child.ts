import { randomBytes } from 'node:crypto';
import { existsSync, writeSync } from 'node:fs';
import { createProject } from '../../authority/create-project.ts';
import { issueDevices } from '../../authority/issue-devices.ts';
import { issuingAuthority, latestCrl, projectByName } from '../../authority/lookup.ts';
import { completeCrls, listInForce, publishCrl } from '../../authority/publish-crl.ts';
import { replaceDevices, replacementsOf } from '../../authority/replace-devices.ts';
import { releaseCertificate, revokeCertificate } from '../../authority/revoke.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../../authority/testing/fixtures.ts';
import { restoreBackup, writeBackup } from '../../vault/backup.ts';
import { addKeychain, removeKeychain } from '../../vault/keychain.ts';
import { keychainSlots } from '../../vault/keychain-slots.ts';
import { changePassphrase } from '../../vault/passphrase.ts';
import { makeShares } from '../../vault/recovery.ts';
import type { VaultSession } from '../../vault/session.ts';
import { Vault } from '../../vault/vault.ts';
import { readDeployedLists } from '../deployed-lists.ts';
import { exportProject } from '../export-project.ts';
import { renewDevices } from '../renew.ts';
import { publishAfterRestore } from '../restore-backup.ts';
import { type TortureAct, type TortureTask, tortureActs } from './torture-acts.ts';
import { tortureMigrations } from './torture-migration.ts';

/**
 * A process of its own in the torture run: works on a vault until it is killed, and writes a line before each act and for
 * everything that was acknowledged to it. Synchronous writes: what the parent reads has really been said.
 */
const task = JSON.parse(process.argv[2] ?? '{}') as TortureTask;
const { file, round } = task;
const { operator } = testSecret;
const options = { kdfCost: testKdfCost, ...(task.act === 'migrate' ? { migrations: tortureMigrations } : {}) };
const say = (...words: (string | number)[]): void => {
  writeSync(1, `${words.join(' ')}\n`);
};
let { passphrase } = task;

if (task.act === 'restore' || task.act === 'restore-foreign') await restore();
if (task.act === 'create' || task.act === 'migrate') say('begin', task.act);
const vault = existsSync(file) ? Vault.open(file, options) : await testVault(file, options);
if (!vault.unlocked) await vault.unlock(passphrase, operator);
const { session } = vault;
const projectId = projectByName(session, 'lab')?.id ?? (await createProject(session, testPlan()));
if (task.act === 'create' || task.act === 'migrate') say('did', task.act);

const deviceCount = () => Number(session.database.prepare('SELECT count(*) FROM device').pluck().get());
if (deviceCount() < 12) await issue('first', 12);
for (let at = tortureActs.indexOf(task.act), turn = 0; ; at = (at + 1) % tortureActs.length, turn++) {
  const act = tortureActs[at];
  if (act) await perform(act, turn);
}

async function perform(act: TortureAct, turn: number): Promise<void> {
  const some = (condition: string, count: number) =>
    session.tables.certificate.where(`kind = 'device' AND ${condition} ORDER BY random() LIMIT ${count}`);
  switch (act) {
    case 'issue':
    case 'issue-many':
      say('begin', act);
      // longer than a chunk, so that kills fall between two transactions of one job as well
      await issue(String(turn), act === 'issue' ? 1 + ((round * 7) % 12) : 215);
      return say('did', act);
    case 'replace': {
      const replacements = replacementsOf(session, projectId, someDevices(8));
      say('begin', act, ...replacements.map((each) => each.certificateId ?? 0));
      await replaceDevices(session, projectId, replacements, { key: 'p256', days: 365, reason: 'superseded' });
      say('ended', ...replacements.map((each) => each.certificateId ?? 0));
      say('did', act);
      await completeCrls(session, projectId);
      return say('crl', listInForce(session, projectId).crlNumber);
    }
    case 'renew':
    case 'rekey': {
      const deviceIds = someDevices(8);
      say('begin', act);
      const { done } = await renewDevices(session, projectId, { mode: act, deviceIds, days: 500 });
      say('serials', ...done.map((each) => each.serial));
      return say('did', act);
    }
    case 'revoke': {
      const lost = some("status = 'valid'", 2);
      say('begin', act);
      session.write((log) => {
        for (const row of lost) revokeCertificate(session, log, row, 'keyCompromise');
      });
      say('ended', ...lost.map((row) => row.id));
      return say('did', act);
    }
    case 'hold': {
      const rows = some("status = 'valid'", 2);
      say('begin', act, ...rows.map((row) => row.id));
      session.write((log) => {
        for (const row of rows) revokeCertificate(session, log, row, 'certificateHold');
      });
      return say('did', act, ...rows.map((row) => row.id));
    }
    case 'release': {
      if (some("status = 'hold'", 1).length === 0) await perform('hold', turn);
      const rows = some("status = 'hold'", 2);
      say('begin', act, ...rows.map((row) => row.id));
      session.write((log) => {
        for (const row of rows) releaseCertificate(session, log, row);
      });
      return say('did', act, ...rows.map((row) => row.id));
    }
    case 'publish':
      say('begin', act);
      say('crl', (await publishCrl(session, issuingAuthority(session, projectId).id)).number);
      return say('did', act);
    case 'export': {
      const request = { directory: task.exports, withBroker: true, deviceIds: someDevices(3) };
      say('begin', act);
      say('exported', (await exportProject(session, projectId, request)).exportId);
      return say('did', act);
    }
    case 'backup':
      return backup(session);
    case 'shares': {
      say('begin', act);
      const { cards } = await makeShares(session, file, { passphrase, threshold: 2, count: 3 });
      return say('did', act, ...cards.map(({ text }) => encodeURIComponent(text)));
    }
    case 'keychain-on': {
      const secret = { slot: randomBytes(16).toString('hex'), key: randomBytes(32) };
      say('begin', act, secret.slot, secret.key.toString('hex'));
      await addKeychain(session, secret, { passphrase, computer: `computer-${round}-${turn}` });
      return say('did', act, secret.slot);
    }
    case 'keychain-off': {
      if (keychainSlots(session).length === 0) await perform('keychain-on', turn);
      const [first] = keychainSlots(session);
      say('begin', act, first?.slot ?? '');
      await removeKeychain(session, file, first?.slot ?? '');
      return say('did', act, first?.slot ?? '');
    }
    case 'passphrase': {
      const next = `another-passphrase-${round}-${turn}`;
      say('begin', act, next);
      await changePassphrase(session, file, { old: passphrase, next }, testKdfCost);
      passphrase = next;
      return say('did', act, next);
    }
    case 'check':
      // what a window does when it is locked and unlocked: check, and a copy beside the vault
      say('begin', act);
      await vault.check();
      return say('did', act);
    case 'create':
    case 'migrate':
    case 'restore':
    case 'restore-foreign':
      // done before a vault is open
      return;
  }
}

function someDevices(count: number): number[] {
  return session.tables.device.where('project_id = ? ORDER BY random() LIMIT ?', projectId, count).map((row) => row.id);
}

async function issue(name: string, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, i) => `m-${round}-${name}-${i}`);
  let told = 0;
  const onProgress = ({ done }: { done: number }) => {
    say('issued', ...ids.slice(told, done));
    told = done;
  };
  const devices = ids.map((id) => ({ id, role: 'device' as const }));
  await issueDevices(session, projectId, devices, { key: 'p256', days: 365, onProgress });
}

async function backup(of: VaultSession): Promise<void> {
  say('begin backup');
  await writeBackup(of, task.backup, passphrase, testKdfCost);
  say('did backup');
}

/** A vault as it stands is replaced by its backup, or by that of another one; then lists above those that were deployed. */
async function restore(): Promise<void> {
  const before = Vault.open(file, options);
  await before.unlock(passphrase, operator);
  const { session: old } = before;
  const project = projectByName(old, 'lab')?.id ?? 0;
  const deployed = latestCrl(old, issuingAuthority(old, project).id);
  const held = old.tables.certificate.where("status = 'hold' ORDER BY id").map(({ id }) => id);
  before.close();
  const secrets = { passphrase: task.backupPassphrase ?? '', vaultPassphrase: task.backupPassphrase ?? '', operator };
  say('begin', task.act);
  await restoreBackup(task.backup, file, secrets, options);
  say('did', task.act);
  passphrase = secrets.vaultPassphrase;
  const restored = Vault.open(file, options);
  const opened = await restored.unlock(passphrase, operator);
  // the list of another authority is none of the vault's that is restored, and would be refused
  const brought = deployed && task.act === 'restore' ? readDeployedLists([{ name: 'crl.pem', bytes: deployed.der }]) : [];
  // the deployed list says which are on hold, whatever was told when the backup was made
  if (brought.length > 0) say('begin hold', ...held);
  const { published } = await publishAfterRestore(opened, brought);
  if (task.act === 'restore') for (const { number } of published) say('above', deployed?.number ?? 0, number);
  restored.close();
}
