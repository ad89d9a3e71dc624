import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultKdfCost, deriveKek } from '../../electron/vault/key-wrapping.ts';
import { Vault } from '../../electron/vault/vault.ts';
import { type Figure, median, seconds } from './figure.ts';
import { benchPassphrase, fleetVault } from './fleet.ts';

const fleet = 10_000;
const entries = 100_000;
const runs = 5;

/**
 * From the passphrase to the open vault, its pages checked, with a fleet and a long record; and to the end of the whole check, which
 * the window does meanwhile. Against the bare derivation with the same cost. Medians, in turns.
 */
export async function* unlockBench(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'fieldkey-bench-'));
  const file = join(folder, 'v.fieldkey');
  try {
    await filled(file);
    const opening: number[] = [];
    const checking: number[] = [];
    const deriving: number[] = [];
    for (let run = 0; run < runs; run++) {
      const salt = randomBytes(32);
      deriving.push(await seconds(async () => (await deriveKek(benchPassphrase, salt, defaultKdfCost)).fill(0)));
      let vault: Vault | undefined;
      const opened = await seconds(async () => {
        vault = Vault.open(file);
        await vault.unlock(benchPassphrase, 'bench');
      });
      opening.push(opened);
      checking.push(opened + (await seconds(() => vault?.check())));
      vault?.close();
    }
    const reference = median(deriving);
    const against = 'the bare scrypt';
    yield { name: 'unlock', value: median(opening), unit: 's', reference, against };
    yield { name: 'unlock-checked', value: median(checking), unit: 's', reference, against };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The fleet, and a record of 100,000 entries. */
async function filled(file: string): Promise<void> {
  const { vault, projectId } = await fleetVault(file, fleet);
  try {
    const { session } = vault;
    while (session.audit.head.count < entries) {
      session.write((log) => {
        for (let i = Math.min(10_000, entries - session.audit.head.count); i > 0; i--)
          log('tester.connect', { projectId, subject: `device-${i}`, detail: { address: 'mqtts://mqtt.bench.example:8883' } });
      });
    }
  } finally {
    vault.close();
  }
}
