import { rename, writeFile } from 'node:fs/promises';
import { FieldkeyError } from '../../../shared/errors.ts';
import { authoritiesOf, latestCrl } from '../../authority/lookup.ts';
import { publishCrl } from '../../authority/publish-crl.ts';
import { crlPem } from '../../pki/pem.ts';
import { type CommandContext, projectNamed, withVault } from '../context.ts';
import { utc } from '../output.ts';

/** `fieldkey crl PROJECT --vault FILE`: one list per authority, always all together. */
export async function crlCommand(context: CommandContext, name: string, options: { out?: string }): Promise<void> {
  const { output } = context;
  await withVault(context, false, async (session) => {
    const project = projectNamed(session, name);
    const published = [];
    for (const authority of authoritiesOf(session, project.id).filter((a) => a.state === 'active')) {
      const crl = await publishCrl(session, authority.id);
      published.push({ authority: authority.name, ...crl });
      output.say(`${authority.name}: revocation list ${crl.number}, ${crl.entries} entries, valid until ${utc(crl.nextUpdate)}`);
    }
    const file = options.out === undefined ? null : context.path(options.out);
    if (file !== null) {
      const pem = authoritiesOf(session, project.id).flatMap((a) => latestCrl(session, a.id) ?? []);
      await writeWhole(file, pem.map((crl) => crlPem(crl.der)).join(''));
      output.say(`Written: ${file}. Replace crl.pem on the broker in one step (copy beside it, then mv) and restart the broker.`);
    }
    output.result({ project: name, published, file });
  });
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
