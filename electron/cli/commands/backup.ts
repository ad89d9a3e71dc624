import { readFile } from 'node:fs/promises';
import { authoritiesOf, authorityCertificate } from '../../authority/lookup.ts';
import { publishCrl } from '../../authority/publish-crl.ts';
import { pemToDer } from '../../pki/pem.ts';
import { readCertificate } from '../../pki/read.ts';
import { type CrlInfo, readCrl } from '../../pki/read-crl.ts';
import { type BackupManifest, restoreBackup, verifyBackup, writeBackup } from '../../vault/backup.ts';
import { changePassphrase } from '../../vault/passphrase.ts';
import { type CommandContext, operatorName, withVault } from '../context.ts';
import { utc } from '../output.ts';
import { askPassphrase } from '../passphrase.ts';

const variable = 'FIELDKEY_BACKUP_PASSPHRASE';

/** `fieldkey backup FILE --vault FILE`: one encrypted file, under a passphrase of its own. */
export async function backupCommand(context: CommandContext, file: string): Promise<void> {
  const target = context.path(file);
  const passphrase = await askPassphrase('Passphrase for the backup', { twice: true, variable });
  await withVault(context, false, async (session) => {
    const manifest = await writeBackup(session, target, passphrase);
    context.output.say(`Written: ${target}. ${described(manifest)}`);
    context.output.result({ backup: target, manifest });
  });
}

/** `fieldkey verify-backup FILE`: proves a backup; changes nothing, whatever `--vault` names. */
export async function verifyBackupCommand(context: CommandContext, file: string): Promise<void> {
  const manifest = await verifyBackup(context.path(file), await secretsOf(context));
  context.output.say(`Sound. ${described(manifest)}`);
  context.output.result({ manifest });
}

/**
 * `fieldkey restore FILE --vault FILE [--crl FILE]`: puts the vault of a backup in place and publishes revocation lists whose
 * numbers are above those of the backup and of the lists that are deployed.
 */
export async function restoreCommand(context: CommandContext, file: string, options: { crl?: string }): Promise<void> {
  const { output } = context;
  const deployed = options.crl === undefined ? [] : await crlsOf(context.path(options.crl));
  const secrets = await secretsOf(context);
  const { manifest, kept } = await restoreBackup(context.path(file), context.vault, secrets);
  output.say(`Restored: ${context.vault}. ${described(manifest)}`);
  if (kept !== null) output.say(`What was there is kept as ${kept}.`);
  await withVault(
    context,
    false,
    async (session) => {
      const published: { authority: string; number: number }[] = [];
      for (const { id: projectId } of session.tables.project.where('1 = 1 ORDER BY id')) {
        for (const { id, name, state } of authoritiesOf(session, projectId)) {
          if (state !== 'active') continue;
          const { subjectDer } = readCertificate(authorityCertificate(session, id).der);
          const known = deployed.filter((crl) => crl.issuerDer.equals(subjectDer)).map((crl) => Number(crl.number ?? 0));
          const { number } = await publishCrl(session, id, known.length > 0 ? { above: Math.max(...known) } : {});
          published.push({ authority: name, number });
          output.say(`${name}: new revocation list ${number}. Export it to the broker.`);
        }
      }
      output.result({ manifest, kept, published });
    },
    secrets.vaultPassphrase,
  );
}

/** `fieldkey passphrase --vault FILE`: the new one from FIELDKEY_NEW_PASSPHRASE or the terminal. */
export async function passphraseCommand(context: CommandContext): Promise<void> {
  const old = await askPassphrase('Present passphrase', { twice: false });
  const next = await askPassphrase('New passphrase', { twice: true, variable: 'FIELDKEY_NEW_PASSPHRASE' });
  const work: Parameters<typeof withVault>[2] = async (session) => {
    await changePassphrase(session, context.vault, { old, next });
    context.output.say('The passphrase was changed. Backups and copies made elsewhere before keep the old one.');
    context.output.result({});
  };
  await withVault(context, false, work, old);
}

async function secretsOf(context: CommandContext) {
  const passphrase = await askPassphrase('Passphrase of the backup', { twice: false, variable });
  const vaultPassphrase = await askPassphrase('Passphrase of the vault in it', { twice: false });
  return { passphrase, vaultPassphrase, operator: context.operator ?? operatorName() };
}

/** One DER list, or all of a PEM file. */
async function crlsOf(file: string): Promise<CrlInfo[]> {
  const bytes = await readFile(file);
  if (!bytes.includes('-----BEGIN')) return [readCrl(bytes)];
  return pemToDer(bytes.toString('latin1')).map(({ der }) => readCrl(der));
}

function described({ at, projects, devices, certificates, auditHead }: BackupManifest): string {
  return `Of ${utc(at)}: ${projects} projects, ${devices} devices, ${certificates} certificates; the log stands at ${auditHead}`;
}
