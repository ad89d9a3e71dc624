import { isErrorReport } from '../../../shared/errors.ts';
import type { BackupManifest, PublishedAfterRestore } from '../../../shared/model/backup.ts';
import { fitLists } from '../../jobs/deployed-lists.ts';
import { publishAboveDeployed, publishAfterRestore, readListFiles } from '../../jobs/restore-backup.ts';
import { noteVerified, restoreBackup, verifyBackup, writeBackup } from '../../vault/backup.ts';
import { defaultKdfCost } from '../../vault/key-wrapping.ts';
import { changePassphrase } from '../../vault/passphrase.ts';
import type { VaultSession } from '../../vault/session.ts';
import { type CommandContext, operatorName, withVault } from '../context.ts';
import { grouped, utc } from '../output.ts';
import { askPassphrase } from '../passphrase.ts';

const variable = 'FIELDKEY_BACKUP_PASSPHRASE';

/** `fieldkey backup FILE --vault FILE`: one encrypted file, under a passphrase of its own. */
export async function backupCommand(context: CommandContext, file: string): Promise<void> {
  const target = context.path(file);
  const passphrase = await askPassphrase('Passphrase for the backup', { twice: true, variable });
  await withVault(context, false, async (session) => {
    const manifest = await writeBackup(session, target, passphrase, defaultKdfCost, {
      onProgress: context.output.progress,
      signal: context.signal,
    });
    context.output.say(`Written: ${target}. ${described(manifest)}`);
    context.output.result({ backup: target, manifest });
  });
}

/**
 * `fieldkey verify-backup FILE [--vault FILE]`: proves a backup in memory; needs no vault and changes nothing. With the vault that it
 * is of, that is noted there, as evidence for the checklist.
 */
export async function verifyBackupCommand(context: CommandContext, file: string): Promise<void> {
  const { output } = context;
  const target = context.path(file);
  const secrets = await secretsOf(context);
  const manifest = await verifyBackup(target, secrets);
  output.say(`Sound. ${described(manifest)}`);
  const noted = context.vault === '' ? null : await noteIn(context, target, manifest, secrets.vaultPassphrase);
  if (noted !== null) output.say(noted ? 'Noted in the vault.' : 'It is a backup of another vault, so nothing was noted.');
  output.result({ manifest, ...(noted === null ? {} : { noted }) });
}

/** The vault may have had another passphrase when the backup was made. */
async function noteIn(context: CommandContext, file: string, manifest: BackupManifest, passphrase: string): Promise<boolean> {
  const note = (known: string) => withVault(context, false, async (session) => noteVerified(session, file, manifest), known);
  try {
    return await note(passphrase);
  } catch (error) {
    if (!isErrorReport(error) || error.code !== 'PASSPHRASE_WRONG') throw error;
    return note(await askPassphrase('Present passphrase of the vault', { twice: false, variable: 'FIELDKEY_NEW_PASSPHRASE' }));
  }
}

/**
 * `fieldkey restore FILE --vault FILE [--crl FILE]...`: puts the vault of a backup in place, takes over the revocations of the
 * lists that brokers have, and publishes lists above them.
 */
export async function restoreCommand(context: CommandContext, file: string, options: { crl?: string[] }): Promise<void> {
  const { output } = context;
  const deployed = await readListFiles((options.crl ?? []).map((each) => context.path(each)));
  if (deployed.length === 0) output.say(withoutList);
  const secrets = await secretsOf(context);
  const judge = (session: VaultSession) => void fitLists(session, deployed);
  const { manifest, kept } = await restoreBackup(context.path(file), context.vault, secrets, {}, judge);
  output.say(`Restored: ${context.vault}. ${described(manifest)}`);
  if (kept !== null) output.say(`What was there is kept as ${kept}.`);
  await withVault(
    context,
    false,
    async (session) => {
      const lists = await publishAfterRestore(session, deployed);
      sayLists(context, lists);
      if (deployed.length === 0) output.say('As soon as you have the list of the broker: "take-crl FILE".');
      output.result({ manifest, kept, ...lists });
    },
    secrets.vaultPassphrase,
  );
}

const withoutList =
  'No list of the broker was given (--crl, its crl.pem): what was revoked after the backup is lost, and those devices are let in again.';

/** `fieldkey take-crl FILE... --vault FILE`: the same afterwards, when the lists turn up later. */
export async function takeCrlCommand(context: CommandContext, files: readonly string[]): Promise<void> {
  const deployed = await readListFiles(files.map((each) => context.path(each)));
  await withVault(context, false, async (session) => {
    const lists = await publishAboveDeployed(session, deployed);
    sayLists(context, lists);
    context.output.result({ ...lists });
  });
}

function sayLists({ output }: CommandContext, { brought, takenOver, unknown, published, withheld }: PublishedAfterRestore): void {
  if (brought > 0)
    output.say(`${takenOver} revocations taken over from the broker's lists, ${unknown} of certificates unknown here.`);
  for (const { authority, number } of published)
    output.say(`${authority}: new revocation list ${number}. Export it to the broker.`);
  for (const { authority, code } of withheld)
    output.say(`${authority}: no new revocation list (${code}). Publish one as soon as that is possible ("crl").`);
}

/** `fieldkey passphrase --vault FILE`: the new one from FIELDKEY_NEW_PASSPHRASE or the terminal. */
export async function passphraseCommand(context: CommandContext): Promise<void> {
  const old = await askPassphrase('Present passphrase', { twice: false });
  const next = await askPassphrase('New passphrase', { twice: true, variable: 'FIELDKEY_NEW_PASSPHRASE' });
  const work: Parameters<typeof withVault>[2] = async (session) => {
    await changePassphrase(session, context.vault, { old, next });
    context.output.say(
      'The passphrase was changed. Copies beside the vault that the old one opened are gone; backups and copies made elsewhere keep it.',
    );
    context.output.result({});
  };
  await withVault(context, false, work, old);
}

async function secretsOf(context: CommandContext) {
  const passphrase = await askPassphrase('Passphrase of the backup', { twice: false, variable });
  const vaultPassphrase = await askPassphrase('Passphrase of the vault in it', { twice: false });
  return { passphrase, vaultPassphrase, operator: context.operator ?? operatorName() };
}

function described({ at, projects, devices, certificates, authorities, auditHead }: BackupManifest): string {
  const names = authorities.map(({ name, fingerprint }) => `\n  ${name}: SHA-256 ${grouped(fingerprint)}`);
  return `Of ${utc(at)}: ${projects} projects, ${devices} devices, ${certificates} certificates; the log stands at ${auditHead}${names.join('')}`;
}
