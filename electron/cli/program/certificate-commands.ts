import { InvalidArgumentError } from 'commander';
import type { Define } from './define.ts';

/** Certificates: lists, renewing, revoking, requests, and bringing those of another tool. */
export function certificateCommands({ command, context, endWith }: Define): void {
  command('crl <project>', 'publish new revocation lists')
    .option('--out <file>', 'also write them there (PEM, all authorities of the project)')
    .option(
      '--next-update <date>',
      'when the next ones are due (2027-03-01; default: 30 days after the end of the broker certificate, half a year at the least)',
    )
    .option('--key <file>', 'key of an authority that is kept outside of the vault')
    .action(async (project: string, options) =>
      (await import('../commands/crl.ts')).crlCommand(context(options), project, options),
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
      .option('--key <file>', 'key of the authority that issues, when it is kept outside of the vault')
      .action(async (project: string, options) =>
        (await import('../commands/renew.ts')).renewCommand(context(options), mode, project, options),
      );
  }
  command('test-certificate <project> <device>', 'a certificate for a day to test as a device that keeps its key itself')
    .requiredOption('--out <dir>', 'new folder for ca.crt, client.crt and client.key')
    .option('--key <file>', 'key of the authority that issues, when it is kept outside of the vault')
    .action(async (project: string, device: string, options) =>
      (await import('../commands/test-certificate.ts')).testCertificateCommand(context(options), project, device, options),
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
      (await import('../commands/revoke.ts')).revokeCommand(context(options), act, project, serial, options),
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
    .option('--key <file>', 'key of the authority that issues, when it is kept outside of the vault')
    .action(async (project: string, files: string[], options) =>
      endWith(
        await (await import('../commands/sign-requests.ts')).signRequestsCommand(context(options), project, files, options),
      ),
    );
  command(
    'broker <action> <project> [files...]',
    'who makes its key and issues its certificate: request and answer (another authority), sign (a key of somebody else), own',
  )
    .option('--out <file>', 'request: where it is written (default: PROJECT-broker.csr)')
    .option('--new-key', 'request: with a new key, although one waits for its answer')
    .option('--name <name...>', 'sign: names and addresses of the certificate (default: those of the project)')
    .option('--as-given', 'answer: no request is answered; it is what a broker of somebody else has, who keeps the key')
    .option('--dry-run', 'answer, sign: only say what was found')
    .option('--key <file>', 'sign, own: key of the authority that issues, when it is kept outside of the vault')
    .action(async (action: string, project: string, files: string[], options) => {
      const { brokerActions, brokerCommand } = await import('../commands/broker.ts');
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
      (await import('../commands/import.ts')).importCommand(context(options), path, options),
    );
}
