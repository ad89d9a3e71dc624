import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { FieldkeyError, isErrorReport } from '../../shared/errors.ts';
import type { PublishedAfterRestore } from '../../shared/model/backup.ts';
import { authoritiesOf, outsideOf } from '../authority/lookup.ts';
import { publishCrl } from '../authority/publish-crl.ts';
import { type CrlInfo, readCrl } from '../pki/read-crl.ts';
import { removeAllKeychains } from '../vault/keychain.ts';
import { readableLists } from '../vault/readable-lists.ts';
import type { VaultSession } from '../vault/session.ts';
import { type DeployedList, fitLists, readDeployedLists, takeOverLists } from './deployed-lists.ts';

/** The lists in these files. @throws as `readDeployedLists`; FILE_MALFORMED for a file that cannot be read */
export async function readListFiles(files: readonly string[]): Promise<CrlInfo[]> {
  const read = async (file: string) => {
    try {
      return { name: basename(file), bytes: await readFile(file) };
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? 'error';
      throw new FieldkeyError('FILE_MALFORMED', { what: file, reason }, error);
    }
  };
  return readDeployedLists(await Promise.all(files.map(read)));
}

/**
 * What a damaged vault published last, as far as it can be read and an authority of the copy in its place signed it: a copy is
 * older than that. Never throws.
 */
export function listsOfDamaged(copy: VaultSession, file: string): CrlInfo[] {
  return readableLists(file).flatMap((der) => {
    try {
      const crl = readCrl(der);
      return fitLists(copy, [crl]).length > 0 ? [crl] : [];
    } catch {
      return [];
    }
  });
}

/** Why an authority cannot sign a list now, and the restored vault is good all the same. */
const withholding: readonly string[] = ['AUTHORITY_OFFLINE', 'ISSUER_EXPIRED', 'CLOCK_WRONG', 'CERTIFICATE_NOT_FOUND'];

/**
 * Takes deployed lists over and publishes new ones, whose numbers are above theirs and above those of the vault (RFC 5280 §5.2.3:
 * the number only grows): what was revoked after a backup stays revoked. Where no list can be made, it is said why; nothing else
 * stops for it, and the deployed one is the authority's newest then.
 * @throws CRL_REFUSED before anything is changed
 */
export async function publishAboveDeployed(session: VaultSession, deployed: readonly CrlInfo[]): Promise<PublishedAfterRestore> {
  const lists = fitLists(session, deployed);
  const takenOver = takeOverLists(session, lists);
  const published: PublishedAfterRestore['published'] = [];
  const withheld: PublishedAfterRestore['withheld'] = [];
  for (const { id: projectId } of session.tables.project.where('1 = 1 ORDER BY id')) {
    const outside = outsideOf(session, projectId);
    for (const { id, name, state } of authoritiesOf(session, projectId)) {
      if (state !== 'active' || outside.has(id)) continue;
      try {
        const { number } = await publishCrl(session, id, { above: highest(lists, id) });
        published.push({ authority: name, number });
      } catch (error) {
        if (!isErrorReport(error) || !withholding.includes(error.code)) throw error;
        withheld.push({ authority: name, code: error.code });
      }
    }
  }
  return { ...takenOver, published, withheld };
}

/** Also of lists that could not be kept. */
function highest(lists: readonly DeployedList[], authorityId: number): number | undefined {
  const numbers = lists.filter(({ authority }) => authority.id === authorityId).map(({ crl }) => Number(crl.number ?? 0));
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

/**
 * The same for the vault of a backup. No keychain opens a vault of former times: the slots that ended since the backup would be
 * good again.
 */
export function publishAfterRestore(session: VaultSession, deployed: readonly CrlInfo[]): Promise<PublishedAfterRestore> {
  removeAllKeychains(session);
  return publishAboveDeployed(session, deployed);
}
