import { rename, writeFile } from 'node:fs/promises';
import { FieldkeyError } from '../../../shared/errors.ts';
import { type BrokerSoftware, softwareOf } from '../../../shared/model/broker.ts';
import { clientTrust } from '../../authority/broker-trust.ts';
import { brokerOf } from '../../authority/lookup.ts';
import { publishCrls } from '../../authority/publish-crl.ts';
import { crlPem } from '../../pki/pem.ts';
import type { VaultSession } from '../../vault/session.ts';
import { authorityKey } from '../authority-key.ts';
import { type CommandContext, dateOf, projectNamed, withVault } from '../context.ts';
import { utc } from '../output.ts';

/** `fieldkey crl PROJECT --vault FILE`: one list per authority, always all together. */
export async function crlCommand(
  context: CommandContext,
  name: string,
  options: { out?: string; nextUpdate?: string; key?: string },
): Promise<void> {
  const { output } = context;
  await withVault(context, false, async (session) => {
    const project = projectNamed(session, name);
    const { published, offline, ended } = await authorityKey(context, session, project.id, options, (handed) =>
      publishCrls(session, project.id, { handed, nextUpdate: dateOf(options.nextUpdate, 'nextUpdate') }),
    );
    for (const crl of published) {
      output.say(`${crl.authority}: revocation list ${crl.number}, ${crl.entries} entries, valid until ${utc(crl.nextUpdate)}`);
    }
    for (const authority of offline) output.say(`${authority}: left as it is, its key is not in this vault (--key FILE)`);
    for (const authority of ended)
      output.say(
        `${authority}: has ended, so it has no list any more. "authority renew" gives it a new certificate, "authority retire" takes it out of use.`,
      );
    const file = options.out === undefined ? null : await writeCrls(context, session, project.id, options.out);
    output.result({ project: name, published, offline, ended, file });
  });
}

/** What each broker software does with such a file. */
const nextStep: Readonly<Record<BrokerSoftware, string>> = {
  mosquitto: 'Replace crl.pem on the broker in one step (copy beside it, then mv) and restart the broker.',
  rabbitmq: 'RabbitMQ wants each list in a file of its own: export the kit and run its install.sh on the broker.',
  emqx: 'EMQX reads no list from a file: export the kit, whose access rules leave out who is revoked, and run its install.sh.',
};

/** Writes the newest lists that the broker needs into one file, in one move. Gives its path. */
export async function writeCrls(
  context: CommandContext,
  session: VaultSession,
  projectId: number,
  path: string,
): Promise<string> {
  const file = context.path(path);
  const { lists } = clientTrust(session, projectId);
  await writeWhole(file, lists.map((crl) => crlPem(crl.der)).join(''));
  context.output.say(`Written: ${file}. ${nextStep[softwareOf(brokerOf(session, projectId)?.parsed.target ?? 'mosquitto-2.0')]}`);
  return file;
}

/** Mosquitto accepts revoked certificates while its CRL file is cut short: whoever writes straight to it must never see half. */
async function writeWhole(file: string, text: string): Promise<void> {
  try {
    await writeFile(`${file}.new`, text, { mode: 0o644, flush: true });
    await rename(`${file}.new`, file);
  } catch (error) {
    throw new FieldkeyError(
      'EXPORT_NOT_WRITABLE',
      { directory: file, reason: error instanceof Error ? error.message : String(error) },
      error,
    );
  }
}
