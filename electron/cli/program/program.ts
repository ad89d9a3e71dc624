import { Command } from 'commander';
import { exitCodesHelp } from '../exit-codes.ts';
import { brokerCommands } from './broker-commands.ts';
import { certificateCommands } from './certificate-commands.ts';
import type { Define, MakeContext } from './define.ts';
import { recordCommands } from './record-commands.ts';
import { vaultCommands } from './vault-commands.ts';

/** All commands, in the order in which help lists them. Each loads what it needs when it is run. */
export function program(context: MakeContext, endWith: (status: number) => void): Command {
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
  const define: Define = { context, endWith, command, plain };
  vaultCommands(define);
  certificateCommands(define);
  brokerCommands(define);
  recordCommands(define);
  return cli;
}
