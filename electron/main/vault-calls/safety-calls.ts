import type { BackupManifest } from '../../../shared/model/backup.ts';
import { listProjects } from '../../authority/project-view.ts';
import { publishAboveDeployed, readListFiles } from '../../jobs/restore-backup.ts';
import { lastBackup, noteVerified, verifyBackup, writeBackup } from '../../vault/backup.ts';
import { changePassphrase } from '../../vault/passphrase.ts';
import { drillShares, makeShares, recoveryState } from '../../vault/recovery.ts';
import type { VaultSession } from '../../vault/session.ts';
import type { VaultOptions } from '../../vault/vault-options.ts';
import type { VaultAnswers } from './answers.ts';
import type { VaultContext } from './context.ts';

export type SafetyCallName = 'safety.show' | 'backup.write' | 'backup.verify' | 'crl.takeOver' | 'shares.make' | 'shares.drill';

interface Place {
  /** The vault file that is open. */
  readonly file: () => string;
  readonly options: VaultOptions;
}

/** What main adds to the page's call: the slot of its own keychain, which stays. */
export interface PassphraseCalls {
  readonly 'passphrase.change': (input: { old: string; next: string; keep: string | null }) => Promise<Record<string, never>>;
}

/** A vault that is locked, or cannot be written, notes nothing. */
function noteChecked(session: VaultContext['session'], file: string, manifest: BackupManifest): void {
  let opened: VaultSession;
  try {
    opened = session();
    opened.assertWritable();
  } catch {
    return;
  }
  noteVerified(opened, file, manifest);
}

/** Backup, recovery shares and the passphrase of the open vault. */
export function safetyCalls(
  { session, changed, job }: VaultContext,
  { file, options }: Place,
): VaultAnswers<SafetyCallName> & PassphraseCalls {
  return {
    'safety.show': () => ({ lastBackup: lastBackup(session()), shares: recoveryState(session()) }),
    'backup.write': ({ jobId, file: target, passphrase }) =>
      job({ jobId, resumes: false, projectId: () => undefined }, async (opened, control) => {
        const manifest = await writeBackup(opened, target, passphrase, options.kdfCost, control);
        return { ...manifest, authorities: [...manifest.authorities] };
      }),
    'backup.verify': async ({ file: from, ...secrets }) => {
      const manifest = await verifyBackup(from, { ...secrets, operator: 'verify' }, options);
      noteChecked(session, from, manifest);
      return { ...manifest, authorities: [...manifest.authorities] };
    },
    'crl.takeOver': async ({ crls }) => {
      const opened = session();
      const lists = await publishAboveDeployed(opened, await readListFiles(crls));
      for (const { projectId } of listProjects(opened)) changed(projectId);
      return lists;
    },
    'passphrase.change': async (passphrases) => {
      await changePassphrase(session(), file(), passphrases, options.kdfCost);
      return {};
    },
    'shares.make': async (input) => {
      const made = await makeShares(session(), file(), input);
      return { ...made, cards: made.cards.map((card) => ({ ...card })) };
    },
    'shares.drill': async ({ shares }) => ({ cards: [...(await drillShares(session(), shares))] }),
  };
}
