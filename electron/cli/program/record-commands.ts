import { InvalidArgumentError } from 'commander';
import type { Define } from './define.ts';

/** What is due, what happened, what files are; and moving to another authority. */
export function recordCommands({ command, context, endWith, plain }: Define): void {
  command('checklist <project>', 'the security checklist, each point judged from evidence')
    .option(
      '--confirm <point>',
      'note that you have looked at what no program can see: network, logging, updates, keyOffline, hsm',
    )
    .option('--withdraw <point>', 'take such a confirmation back')
    .option('--note <text>', 'what you have looked at, or why it is taken back')
    .action(async (project: string, options) =>
      endWith(await (await import('../commands/checklist.ts')).checklistCommand(context(options), project, options)),
    );
  command(
    'authority <action> <project> [files...]',
    'the authorities: list, site (create one), renew, offline, retire (one that has ended), issuers; request and answer (one below the root of a company)',
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
      const { authorityActions, authorityCommand } = await import('../commands/authority.ts');
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
      (await import('../commands/replace-root.ts')).replaceRootCommand(context(options), project, options),
    );
  command('due <project>', 'what ends soon, by week')
    .option('--within <days>', 'how far to look (default: the warning of the project)')
    .action(async (project: string, options) =>
      (await import('../commands/due.ts')).dueCommand(context(options), project, options),
    );
  plain('scan <dir>', 'look for certificates in a folder, of whomever, and say when they end; needs no vault')
    .option('--within <days>', 'days in which an end is marked as due (default: 30)')
    .action(async (folder: string, options) =>
      (await import('../commands/due.ts')).scanCommand(context({ ...options, vault: '' }), folder, options),
    );
  command('verify', 'check the audit log and every row of the vault')
    .option('--head <checksum>', 'also whether the audit log ever stood there, as an earlier export printed it')
    .action(async (options) => (await import('../commands/verify.ts')).verifyCommand(context(options), options));
  command('audit', 'the record of all acts, oldest first')
    .option('--since <date>', 'from this day on (2027-03-01, UTC)')
    .option('--until <date>', 'before this day')
    .option('--by <operator>', 'acts of this person only')
    .option('--device <text>', 'what has this in it: a device, a serial number, a file')
    .option('--group <group>', 'certificates, exports, projects, vault or tests')
    .option('--project <name>', 'only this project')
    .option('--csv <file>', 'write them as CSV')
    .option('--out <file>', 'write them as JSON, a line for each entry')
    .action(async (options) => (await import('../commands/audit.ts')).auditCommand(context(options), options));
  plain(
    'lint <files...>',
    'say what files are (certificates, lists, requests, keys, PKCS#12) and what is wrong with them; folders too',
  ).action(async (files: string[], options) =>
    endWith(await (await import('../commands/lint.ts')).lintCommand(context({ ...options, vault: '' }), files)),
  );
  plain(
    'log <files...>',
    'what the log of a Mosquitto says: who was refused and why, who came from where; plain or .gz; no vault',
  )
    .option('--network <cidr...>', 'networks in which devices are expected; whoever comes from elsewhere is an alarm')
    .option('--failures-per-minute <n>', 'more failures of one address in a minute are an alarm (default: 10)')
    .action(async (files: string[], options) =>
      endWith(await (await import('../commands/log.ts')).logCommand(context({ ...options, vault: '' }), files, options)),
    );
  plain('demo', 'show on a throw-away project with a broker and three meters, here and now, what Fieldkey promises; no vault')
    .option('--seconds <n>', 'how long the meters publish (1 to 3600; default: 5)')
    .action(async (options) =>
      endWith(await (await import('../commands/demo.ts')).demoCommand(context({ ...options, vault: '' }), options)),
    );
}
