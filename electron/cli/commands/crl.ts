import { rename, writeFile } from 'node:fs/promises';
import { FieldkeyError } from '../../../shared/errors.ts';
import { authoritiesOf, latestCrl } from '../../authority/lookup.ts';
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
    const { published, offline } = await authorityKey(context, session, project.id, options, (handed) =>
      publishCrls(session, project.id, { handed, nextUpdate: dateOf(options.nextUpdate, 'nextUpdate') }),
    );
    for (const crl of published) {
      output.say(`${crl.authority}: revocation list ${crl.number}, ${crl.entries} entries, valid until ${utc(crl.nextUpdate)}`);
    }
    for (const authority of offline) output.say(`${authority}: left as it is, its key is not in this vault (--key FILE)`);
    const file = options.out === undefined ? null : await writeCrls(context, session, project.id, options.out);
    output.result({ project: name, published, offline, file });
  });
}

/** Writes the newest lists of all authorities in use into one file, in one move. Gives its path. */
export async function writeCrls(
  context: CommandContext,
  session: VaultSession,
  projectId: number,
  path: string,
): Promise<string> {
  const file = context.path(path);
  const inUse = authoritiesOf(session, projectId).filter(({ state }) => state === 'active');
  const lists = inUse.flatMap((authority) => latestCrl(session, authority.id) ?? []);
  await writeWhole(file, lists.map((crl) => crlPem(crl.der)).join(''));
  context.output.say(
    `Written: ${file}. Replace crl.pem on the broker in one step (copy beside it, then mv) and restart the broker.`,
  );
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
