import { closeSync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { restoreBackup, verifyBackup, writeBackup } from '../../electron/vault/backup.ts';
import { type Figure, median, seconds } from './figure.ts';
import { benchPassphrase, fleetVault } from './fleet.ts';

const fleet = 10_000;
const runs = 3;
const secrets = { passphrase: 'another one for the copy', vaultPassphrase: benchPassphrase, operator: 'bench' };

/**
 * A vault of 10,000 devices backed up, the backup proven, and restored, in megabytes per second of the backup file; against copying
 * the same bytes with fsync. Each of the three stretches one passphrase or two, which is most of it for small vaults.
 */
export async function* backupBench(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'fieldkey-bench-'));
  const file = join(folder, 'v.fieldkey');
  const backup = join(folder, 'v.fieldkey-backup');
  try {
    const { vault } = await fleetVault(file, fleet);
    const taken: Record<'backup' | 'backup-verify' | 'backup-restore' | 'copy', number[]> = {
      backup: [],
      'backup-verify': [],
      'backup-restore': [],
      copy: [],
    };
    try {
      for (let run = 0; run < runs; run++) {
        taken.backup.push(await seconds(() => writeBackup(vault.session, backup, secrets.passphrase)));
        const bytes = readFileSync(backup);
        taken.copy.push(await seconds(() => writeSynced(join(folder, `copy-${run}`), bytes)));
        taken['backup-verify'].push(await seconds(() => verifyBackup(backup, secrets)));
        taken['backup-restore'].push(await seconds(() => restoreBackup(backup, join(folder, `restored-${run}`), secrets)));
      }
    } finally {
      vault.close();
    }
    const size = statSync(backup).size / 1e6;
    const reference = size / median(taken.copy);
    for (const name of ['backup', 'backup-verify', 'backup-restore'] as const) {
      yield { name, value: size / median(taken[name]), unit: 'MB/s', reference, against: 'copying it with fsync' };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeSynced(target: string, bytes: Buffer): void {
  const descriptor = openSync(target, 'wx', 0o600);
  try {
    writeSync(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
