import { resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { isErrorReport } from '../../shared/errors.ts';
import type { CommandContext } from './context.ts';
import { exitCodeOf, exitCodes, exitCodesHelp } from './exit-codes.ts';
import { Output } from './output.ts';

/**
 * Runs one command and gives its exit status (exit-codes.ts). The same use cases as the window's; only the words and
 * the asking are different.
 */
export async function runCli(args: readonly string[]): Promise<number> {
  let output = new Output(args.includes('--json'));
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.stdout.on('error', onPipeClosed);
  const context = (options: GlobalOptions): CommandContext => {
    output = new Output(options.json === true);
    return {
      output,
      vault: options.vault === '' ? '' : resolve(options.vault),
      operator: options.operator,
      clockIsRight: options.clockIsRight === true,
      signal: stop.signal,
      path: (file) => resolve(file),
    };
  };
  let status: number = exitCodes.done;
  try {
    await program(context, (code) => (status = code)).parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.done;
      output.usage(error.message);
      return exitCodes.usage;
    }
    if (isErrorReport(error)) {
      output.error(error);
      return exitCodeOf(error.code);
    }
    output.error({ code: 'INTERNAL', params: { detail: error instanceof Error ? error.message : String(error) } });
    return exitCodes.unexpected;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    // whoever ends the process must not cut off what a slow reader has not taken yet
    await Promise.all([written(process.stdout), written(process.stderr)]);
    process.stdout.off('error', onPipeClosed);
  }
}

/** `fieldkey list | head` closes the pipe early: no error of ours, and the vault is still closed in order. */
function onPipeClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

interface GlobalOptions {
  readonly json?: boolean;
  readonly vault: string;
  readonly operator?: string;
  readonly clockIsRight?: boolean;
}

type MakeContext = (options: GlobalOptions) => CommandContext;

function program(context: MakeContext, endWith: (status: number) => void): Command {
  const cli = new Command('fieldkey')
    .description('Offline certificate authority and provisioning kit for MQTT over mutual TLS.')
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
    .addHelpText('after', `\nThe passphrase comes from FIELDKEY_PASSPHRASE or is asked for on the terminal.\n${exitCodesHelp}`);
  const plain = (name: string, description: string) =>
    cli.command(name).description(description).option('--json', 'print one JSON document instead of text').exitOverride();
  const command = (name: string, description: string) =>
    plain(name, description)
      .requiredOption('--vault <file>', 'the vault file')
      .option('--operator <name>', 'who is acting, for the audit log (default: the name of the user who is logged in)')
      .option('--clock-is-right', 'note that the clock of this computer is right, although the vault knows of another time');

  command('provision <plan>', 'make a project be as the plan (JSON file, or - for standard input) says, and export it')
    .requiredOption('--out <dir>', 'folder in which the project folder is written')
    .option('--encrypt-keys', 'encrypt the device keys with FIELDKEY_KEY_PASSPHRASE')
    .action(async (plan: string, options) =>
      (await import('./commands/provision.ts')).provisionCommand(context(options), plan, options),
    );
  command('list', 'list projects and devices')
    .option('--project <name>', 'only this project')
    .action(async (options) => (await import('./commands/list.ts')).listCommand(context(options), options));
  command('show <device>', 'show one device: certificates, topics')
    .option('--project <name>', 'the project, when several have a device of that id')
    .action(async (device: string, options) =>
      (await import('./commands/show.ts')).showCommand(context(options), device, options),
    );
  command('export <project>', 'write the broker kit and the device bundles')
    .requiredOption('--out <dir>', 'folder in which the project folder is written')
    .option('--encrypt-keys', 'encrypt the device keys with FIELDKEY_KEY_PASSPHRASE')
    .action(async (project: string, options) =>
      (await import('./commands/export.ts')).exportCommand(context(options), project, options),
    );
  command('backup <file>', 'write one encrypted file with the whole vault (passphrase: FIELDKEY_BACKUP_PASSPHRASE)').action(
    async (file: string, options) => (await import('./commands/backup.ts')).backupCommand(context(options), file),
  );
  plain('verify-backup <file>', 'prove that a backup can be restored; needs no vault')
    .option('--vault <file>', 'the vault that it is of: notes there that it was proved, which "checklist" then tells')
    .option('--operator <name>', 'who is acting, for the audit log of that vault')
    .action(async (file: string, options) =>
      (await import('./commands/backup.ts')).verifyBackupCommand(context({ vault: '', ...options }), file),
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
      const { shareActions, sharesCommand } = await import('./commands/shares.ts');
      const known = shareActions.find((each) => each === action);
      if (!known) throw new InvalidArgumentError(`one of: ${shareActions.join(', ')}`);
      await sharesCommand(context(options), known, options);
    });
  command('restore <file>', 'put the vault of a backup in place, with revocation lists above the deployed ones')
    .option('--crl <file>', 'the revocation lists that the broker has (PEM or DER)')
    .action(async (file: string, options) =>
      (await import('./commands/backup.ts')).restoreCommand(context(options), file, options),
    );
  command('passphrase', 'give the vault another passphrase (FIELDKEY_NEW_PASSPHRASE)').action(async (options) =>
    (await import('./commands/backup.ts')).passphraseCommand(context(options)),
  );
  command('crl <project>', 'publish new revocation lists')
    .option('--out <file>', 'also write them there (PEM, all authorities of the project)')
    .option(
      '--next-update <date>',
      'when the next ones are due (2027-03-01; default: 30 days after the end of the broker certificate)',
    )
    .option('--key <file>', 'key of an authority that is kept outside of the vault')
    .action(async (project: string, options) =>
      (await import('./commands/crl.ts')).crlCommand(context(options), project, options),
    );
  for (const mode of ['renew', 'rekey'] as const) {
    const what = mode === 'renew' ? 'same key, new validity' : 'new key';
    command(`${mode} <project>`, `new certificates (${what}); those before stay valid`)
      .option('--device <id...>', 'these devices')
      .option('--due <days>', 'the devices whose certificate ends within so many days, or has ended')
      .option('--all', 'all devices')
      .option('--broker', 'the broker')
      .option('--observer', 'the observer')
      .option('--days <n>', 'validity of the device certificates (default: that of the project)')
      .action(async (project: string, options) =>
        (await import('./commands/renew.ts')).renewCommand(context(options), mode, project, options),
      );
  }
  command('test-certificate <project> <device>', 'a certificate for a day to test as a device that keeps its key itself')
    .requiredOption('--out <dir>', 'new folder for ca.crt, client.crt and client.key')
    .action(async (project: string, device: string, options) =>
      (await import('./commands/test-certificate.ts')).testCertificateCommand(context(options), project, device, options),
    );
  const revocations = {
    revoke: 'revoke a certificate for good and publish the list',
    hold: 'put a certificate on hold and publish the list',
    release: 'take a hold back and publish the list without it',
  } as const;
  for (const act of ['revoke', 'hold', 'release'] as const) {
    const each = command(`${act} <project> <serial>`, revocations[act])
      .option('--no-publish', 'do not publish a new list yet')
      .option('--out <file>', 'also write all lists there (PEM)')
      .option('--key <file>', 'key of the authority, when it is kept outside of the vault');
    if (act === 'revoke') each.option('--reason <reason>', 'as in RFC 5280: keyCompromise, superseded … (default: unspecified)');
    if (act !== 'release') each.option('--date <date>', 'since when it is not to be trusted (default: now)');
    each.action(async (project: string, serial: string, options) =>
      (await import('./commands/revoke.ts')).revokeCommand(context(options), act, project, serial, options),
    );
  }
  command(
    'sign-requests <project> <files...>',
    'issue certificates for signing requests (PEM or DER); their keys stay where they are',
  )
    .option('--dry-run', 'only say what each request asks for and what would be issued')
    .option('--role <role>', 'device, gateway, dashboard, admin or one of the project (default: device)')
    .option('--id <id>', 'the device id, for a single request')
    .option('--replace', 'a device of that name gets another certificate; the one before stays valid')
    .action(async (project: string, files: string[], options) =>
      endWith(await (await import('./commands/sign-requests.ts')).signRequestsCommand(context(options), project, files, options)),
    );
  command(
    'broker <action> <project> [files...]',
    'who makes its key and issues its certificate: request and answer (another authority), sign (a key of somebody else), own',
  )
    .option('--out <file>', 'request: where it is written (default: PROJECT-broker.csr)')
    .option('--new-key', 'request: with a new key, although one waits for its answer')
    .option('--name <name...>', 'sign: names and addresses of the certificate (default: those of the project)')
    .option('--dry-run', 'answer, sign: only say what was found')
    .action(async (action: string, project: string, files: string[], options) => {
      const { brokerActions, brokerCommand } = await import('./commands/broker.ts');
      const known = brokerActions.find((each) => each === action);
      if (!known) throw new InvalidArgumentError(`one of: ${brokerActions.join(', ')}`);
      endWith(await brokerCommand(context(options), known, project, files, options));
    });
  command('import <path>', 'make a project of a folder of certificates (script, easy-rsa, PEM, PKCS#12) or an XCA database')
    .option('--project <name>', 'name of the new project (default: from the name of the authority)')
    .option('--dry-run', 'only say what would be taken, what not, and what is wrong with it')
    .option('--name <host...>', 'names and addresses of the broker (default: those of its certificate)')
    .option('--port <n>', 'port of the broker (default: 8883)')
    .option('--directory <dir>', 'configuration folder on the broker (default: /etc/mosquitto)')
    .option('--data <dir>', 'data folder on the broker (default: /var/lib/mosquitto)')
    .option('--log <dir>', 'log folder on the broker (default: /var/log/mosquitto)')
    .option('--role <id=role...>', 'devices with another role than their name suggests; one of your own has no topics at first')
    .action(async (path: string, options) =>
      (await import('./commands/import.ts')).importCommand(context(options), path, options),
    );
  command(
    'access <project>',
    'what the broker will allow a device, and by which line; without --device: rules worth a second look',
  )
    .option('--device <id>', 'the device, or observer')
    .option('--client-id <id>', 'the client id, where it is another one than the device')
    .option('--publish <topic...>', 'may it write these?')
    .option('--read <topic...>', 'may it read these?')
    .action(async (project: string, options) =>
      endWith(await (await import('./commands/access.ts')).accessCommand(context(options), project, options)),
    );
  command(
    'password <action> <project>',
    'passwords of devices, where the broker asks for them: show, make, finish and undo (a change), file (user names and hashes)',
  )
    .option('--device <id...>', 'make, finish, undo: these devices')
    .option('--all', 'make, finish, undo: all devices')
    .option('--observer', 'make: the observer, which the tester connects as')
    .option('--typed', 'make: ask for it (FIELDKEY_DEVICE_PASSWORD) instead of making a random one; for one device')
    .option('--at-once', 'make: the old password is over with the next kit; otherwise both go on until "finish"')
    .option('--print', 'make: show what was made, this once')
    .option('--sha512', 'file: hashes of the form $6$, for Mosquitto 1.6 and before')
    .action(async (action: string, project: string, options) => {
      const { passwordActions, passwordCommand } = await import('./commands/password.ts');
      const known = passwordActions.find((each) => each === action);
      if (!known) throw new InvalidArgumentError(`one of: ${passwordActions.join(', ')}`);
      await passwordCommand(context(options), known, project, options);
    });
  command(
    'share <action> <project>',
    'one certificate for several devices: list, begin, end. Whoever has it can pose as each of them',
  )
    .option('--certificate <id>', 'begin: the device whose certificate it is')
    .option('--device <id...>', 'begin: the devices that use it; end: the devices that get their own again')
    .action(async (action: string, project: string, options) => {
      const { shareActions, shareCommand } = await import('./commands/share.ts');
      const known = shareActions.find((each) => each === action);
      if (!known) throw new InvalidArgumentError(`one of: ${shareActions.join(', ')}`);
      await shareCommand(context(options), known, project, options);
    });
  command(
    'inventory <project>',
    'write the devices for Ansible or Terraform: names, topics, files; passwords only where asked for',
  )
    .requiredOption('--out <file>', 'inventory.yml, inventory.json, fieldkey.auto.tfvars.json')
    .option('--format <format>', 'ansible-yaml, ansible-json or terraform (default: by the name of the file)')
    .option('--passwords <how>', 'none, vault (encrypted for ansible-vault, FIELDKEY_INVENTORY_PASSPHRASE) or plain', 'none')
    .action(async (project: string, options) =>
      (await import('./commands/inventory.ts')).inventoryCommand(context(options), project, options),
    );
  command('prove <project>', 'try on the live broker who may write and read what, and whom it refuses; the result is kept')
    .option(
      '--device <id...>',
      'connect as these too: each is thrown off the broker meanwhile, and messages go out on its topics',
    )
    .option('--host <name>', 'where the broker is (default: its first address in the project)')
    .option('--port <n>', 'its port (default: that of the project)')
    .option('--out <file>', 'also write the report there (JSON)')
    .action(async (project: string, options) =>
      endWith(await (await import('./commands/prove.ts')).proveCommand(context(options), project, options)),
    );
  command(
    'check <action> <project> [file]',
    'checks "publish this, expect that on a topic within a time": list, run, export and import (JSON); the result of a run is kept',
  )
    .option('--device <id...>', 'run: for these devices')
    .option('--all', 'run: for all devices with a certificate in force')
    .option('--role <role>', 'run: for all devices of this role with a certificate in force')
    .option('--only <name...>', 'run, export: these checks (default of run: all that are enabled)')
    .option('--yes-take-over', 'run: each real device is thrown off the broker while its checks run')
    .option('--host <name>', 'run: where the broker is (default: its first address in the project)')
    .option('--port <n>', 'run: its port (default: that of the project)')
    .option('--file <file>', 'run: checks of this file instead of those of the project')
    .option('--junit <file>', 'run: also write the results there, as JUnit XML')
    .option('--out <file>', 'run: also write the results there (JSON); export: where to (default: standard output)')
    .option('--replace', 'import: a check of the same name is replaced (default: kept as it is)')
    .action(async (action: string, project: string, file: string | undefined, options) => {
      const { checkActions, checkCommand } = await import('./commands/check.ts');
      const known = checkActions.find((each) => each === action);
      if (!known) throw new InvalidArgumentError(`one of: ${checkActions.join(', ')}`);
      endWith(await checkCommand(context(options), known, project, { ...options, given: file }));
    });
  plain('doctor', 'look at every step towards a broker and name the one cause of what fails; with a vault or without one')
    .option('--vault <file>', 'the vault, for its observer and devices')
    .option('--operator <name>', 'who is acting, for the audit log (default: the name of the user who is logged in)')
    .option('--clock-is-right', 'note that the clock of this computer is right, although the vault knows of another time')
    .option('--project <name>', 'which project (default: the only one)')
    .option('--as <who>', 'observer, or a device, which is thrown off the broker meanwhile (default with a vault: observer)')
    .option('--connection <name>', 'a connection that the project keeps, with all that it says')
    .option('--host <name>', 'where the broker is (default: its first address in the project, or what the connection says)')
    .option('--port <n>', 'its port (default: that of the project or the connection, or the usual one)')
    .option('--transport <how>', 'mqtts, mqtt, wss or ws (default: mqtts, or what the connection says)')
    .option('--server-name <name>', 'another name than the host for SNI and for the certificate')
    .option('--cert <file>', 'a client certificate (PEM, DER) or a PKCS#12 file')
    .option('--key <file>', 'its key; passphrase: FIELDKEY_KEY_PASSPHRASE')
    .option('--passphrase-file <file>', 'a file with the passphrase of the key')
    .option('--ca <file>', 'whom the broker is checked against (default: the project, or whom this computer trusts)')
    .option('--username <name>', 'log in; password: FIELDKEY_MQTT_PASSWORD')
    .option('--client-id <id>', 'client id (default: a random one)')
    .option('--quick', 'without access rules and without the connections that have to fail')
    .option('--out <file>', 'also write the acceptance report there (JSON)')
    .action(async (options) =>
      endWith(
        await (await import('./commands/doctor.ts')).doctorCommand(context({ ...options, vault: options.vault ?? '' }), options),
      ),
    );
  command('checklist <project>', 'the security checklist, each point judged from evidence')
    .option(
      '--confirm <point>',
      'note that you have looked at what no program can see: network, logging, updates, keyOffline, hsm',
    )
    .option('--withdraw <point>', 'take such a confirmation back')
    .option('--note <text>', 'what you have looked at, or why it is taken back')
    .action(async (project: string, options) =>
      endWith(await (await import('./commands/checklist.ts')).checklistCommand(context(options), project, options)),
    );
  command(
    'authority <action> <project> [files...]',
    'the authorities: list, site (create one), renew, offline, issuers; request and answer (one below the root of a company)',
  )
    .option('--authority <name>', 'which one (default: the root; for "site" the one above; for "request" the one to renew)')
    .option('--name <name>', 'name of the new authority')
    .option('--new-key', 'request: with a new key, although one waits for its answer')
    .option('--replaces <name>', 'answer: the fleet moves from this authority to the new one')
    .option('--dry-run', 'answer: only say what was found')
    .option('--years <n>', 'validity')
    .option(
      '--out <path>',
      'offline: folder for the encrypted key (FIELDKEY_AUTHORITY_PASSPHRASE); request: where it is written (default: PROJECT-authority.csr)',
    )
    .option('--devices <name>', 'issuers: who issues for devices (left out: the one farthest from the root)')
    .option('--broker <name>', 'issuers: who issues for the broker')
    .option('--key <file>', 'key of the authority that signs, when it is kept outside of the vault')
    .action(async (action: string, project: string, files: string[], options) => {
      const { authorityActions, authorityCommand } = await import('./commands/authority.ts');
      const known = authorityActions.find((each) => each === action);
      if (!known) throw new InvalidArgumentError(`one of: ${authorityActions.join(', ')}`);
      endWith(await authorityCommand(context(options), known, project, files, options));
    });
  command('replace-root <project>', 'replace an authority while the fleet moves; again: how far it is')
    .option('--authority <name>', 'another one than the root')
    .option('--years <n>', 'validity of the new one')
    .option('--reissue', 'issue everything below it anew')
    .option('--keep-keys', 'the devices keep their keys')
    .option('--compromised', 'issue everything anew and take the old one out of use at once')
    .option('--rehearse', 'change nothing: say what --reissue would do and how long it would take')
    .option('--finish', 'end it: the old one is not trusted any more')
    .option('--force', 'finish although devices are left behind')
    .option('--key <file>', 'key of the authority that signs, when it is kept outside of the vault')
    .action(async (project: string, options) =>
      (await import('./commands/replace-root.ts')).replaceRootCommand(context(options), project, options),
    );
  command('due <project>', 'what ends soon, by week')
    .option('--within <days>', 'how far to look (default: the warning of the project)')
    .action(async (project: string, options) =>
      (await import('./commands/due.ts')).dueCommand(context(options), project, options),
    );
  plain('scan <dir>', 'look for certificates in a folder, of whomever, and say when they end; needs no vault')
    .option('--within <days>', 'days in which an end is marked as due (default: 30)')
    .action(async (folder: string, options) =>
      (await import('./commands/due.ts')).scanCommand(context({ ...options, vault: '' }), folder, options),
    );
  command('verify', 'check the audit log and every row of the vault')
    .option('--head <checksum>', 'also whether the audit log ever stood there, as an earlier export printed it')
    .action(async (options) => (await import('./commands/verify.ts')).verifyCommand(context(options), options));
  command('audit', 'the record of all acts, oldest first')
    .option('--since <date>', 'from this day on (2027-03-01, UTC)')
    .option('--until <date>', 'before this day')
    .option('--by <operator>', 'acts of this person only')
    .option('--device <text>', 'what has this in it: a device, a serial number, a file')
    .option('--group <group>', 'certificates, exports, projects, vault or tests')
    .option('--project <name>', 'only this project')
    .option('--csv <file>', 'write them as CSV')
    .option('--out <file>', 'write them as JSON, a line for each entry')
    .action(async (options) => (await import('./commands/audit.ts')).auditCommand(context(options), options));
  cli
    .command('lint <files...>')
    .description('say what files are (certificates, lists, requests, keys, PKCS#12) and what is wrong with them; folders too')
    .option('--json', 'print one JSON document instead of text')
    .exitOverride()
    .action(async (files: string[], options) =>
      endWith(await (await import('./commands/lint.ts')).lintCommand(context({ ...options, vault: '' }), files)),
    );
  plain(
    'log <files...>',
    'what the log of a Mosquitto says: who was refused and why, who came from where; plain or .gz; no vault',
  )
    .option('--network <cidr...>', 'networks in which devices are expected; whoever comes from elsewhere is an alarm')
    .option('--failures-per-minute <n>', 'more failures of one address in a minute are an alarm (default: 10)')
    .action(async (files: string[], options) =>
      endWith(await (await import('./commands/log.ts')).logCommand(context({ ...options, vault: '' }), files, options)),
    );
  cli
    .command('demo')
    .description('show on a throw-away project with a broker and three meters, here and now, what Fieldkey promises; no vault')
    .option('--seconds <n>', 'how long the meters publish (1 to 3600; default: 5)')
    .option('--json', 'print one JSON document instead of text')
    .exitOverride()
    .action(async (options) =>
      endWith(await (await import('./commands/demo.ts')).demoCommand(context({ ...options, vault: '' }), options)),
    );
  return cli;
}
