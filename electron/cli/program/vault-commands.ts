import { InvalidArgumentError } from 'commander';
import type { Define } from './define.ts';

/** A project, what is in a vault, and keeping the vault itself. */
export function vaultCommands({ command, context, plain }: Define): void {
  command('provision <plan>', 'make a project be as the plan (JSON file, or - for standard input) says, and export it')
    .requiredOption('--out <dir>', 'folder in which the project folder is written')
    .option('--encrypt-keys', 'encrypt the device keys with FIELDKEY_KEY_PASSPHRASE')
    .option('--key <file>', 'key of the authority that issues, when it is kept outside of the vault')
    .action(async (plan: string, options) =>
      (await import('../commands/provision.ts')).provisionCommand(context(options), plan, options),
    );
  command('list', 'list projects and devices')
    .option('--project <name>', 'only this project')
    .action(async (options) => (await import('../commands/list.ts')).listCommand(context(options), options));
  command('show <device>', 'show one device: certificates, topics')
    .option('--project <name>', 'the project, when several have a device of that id')
    .action(async (device: string, options) =>
      (await import('../commands/show.ts')).showCommand(context(options), device, options),
    );
  command('export <project>', 'write the broker kit and the device bundles')
    .requiredOption('--out <dir>', 'folder in which the project folder is written')
    .option('--encrypt-keys', 'encrypt the device keys with FIELDKEY_KEY_PASSPHRASE')
    .action(async (project: string, options) =>
      (await import('../commands/export.ts')).exportCommand(context(options), project, options),
    );
  command('backup <file>', 'write one encrypted file with the whole vault (passphrase: FIELDKEY_BACKUP_PASSPHRASE)').action(
    async (file: string, options) => (await import('../commands/backup.ts')).backupCommand(context(options), file),
  );
  plain('verify-backup <file>', 'prove that a backup can be restored; needs no vault')
    .option('--vault <file>', 'the vault that it is of: notes there that it was proved, which "checklist" then tells')
    .option('--operator <name>', 'who is acting, for the audit log of that vault')
    .action(async (file: string, options) =>
      (await import('../commands/backup.ts')).verifyBackupCommand(context({ vault: '', ...options }), file),
    );
  command('shares <action>', 'recovery shares that open the vault without its passphrase: make, drill, use')
    .option('--threshold <n>', 'make: how many of them are needed (default: 3)')
    .option('--count <n>', 'make: how many there are (default: 5)')
    .option('--qr', 'make: print each one as a QR code too')
    .option(
      '--share <file...>',
      'drill, use: files with shares (default: standard input; one or more a file, an empty line between)',
    )
    .action(async (action: string, options) => {
      const { shareActions, sharesCommand } = await import('../commands/shares.ts');
      const known = shareActions.find((each) => each === action);
      if (!known) throw new InvalidArgumentError(`one of: ${shareActions.join(', ')}`);
      await sharesCommand(context(options), known, options);
    });
  command('restore <file>', 'put the vault of a backup in place, with revocation lists above the deployed ones')
    .option(
      '--crl <file>',
      'the revocation lists that the broker has (crl.pem; PEM or DER), may be repeated; without them later revocations are lost',
      (file: string, before: string[] = []) => [...before, file],
    )
    .action(async (file: string, options) =>
      (await import('../commands/backup.ts')).restoreCommand(context(options), file, options),
    );
  command(
    'take-crl <file...>',
    'take over the revocations of lists that a broker has, and publish lists above them (after a restore without them)',
  ).action(async (files: string[], options) => (await import('../commands/backup.ts')).takeCrlCommand(context(options), files));
  command('passphrase', 'give the vault another passphrase (FIELDKEY_NEW_PASSPHRASE)').action(async (options) =>
    (await import('../commands/backup.ts')).passphraseCommand(context(options)),
  );
}
