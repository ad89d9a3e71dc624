import { InvalidArgumentError } from 'commander';
import type { Define } from './define.ts';

/** The broker: who may do what there, passwords, and trying it out. */
export function brokerCommands({ command, context, endWith, plain }: Define): void {
  command(
    'access <project>',
    'what the broker will allow a device, and by which line; without --device: rules worth a second look',
  )
    .option('--device <id>', 'the device, or observer')
    .option('--client-id <id>', 'the client id, where it is another one than the device')
    .option('--publish <topic...>', 'may it write these?')
    .option('--read <topic...>', 'may it read these?')
    .action(async (project: string, options) =>
      endWith(await (await import('../commands/access.ts')).accessCommand(context(options), project, options)),
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
      const { passwordActions, passwordCommand } = await import('../commands/password.ts');
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
    .option('--key <file>', 'end: key of the authority that issues, when it is kept outside of the vault')
    .action(async (action: string, project: string, options) => {
      const { shareActions, shareCommand } = await import('../commands/share.ts');
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
      (await import('../commands/inventory.ts')).inventoryCommand(context(options), project, options),
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
      endWith(await (await import('../commands/prove.ts')).proveCommand(context(options), project, options)),
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
      const { checkActions, checkCommand } = await import('../commands/check.ts');
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
        await (await import('../commands/doctor.ts')).doctorCommand(context({ ...options, vault: options.vault ?? '' }), options),
      ),
    );
}
