import { authorityKeyFindings } from './authority-keys.ts';
import { compareTables } from './compare-tables.ts';
import type { VaultSession } from './session.ts';
import { ToldByChain } from './told-by-chain.ts';

/** The result of a complete check. `findings` are technical, one line each; empty = sound. */
export interface Verification {
  readonly sound: boolean;
  readonly entries: number;
  readonly head: string;
  readonly findings: readonly string[];
}

const findingsMaximum = 100;

/**
 * Checks the whole vault: the audit chain from its first entry to the authenticated head, the MAC of every row, and
 * the rows against what the chain tells (a row put back to an older state has a right MAC).
 *
 * Runs in turn with the acts, so that none is seen half. Gives control back between tables; locking meanwhile ends it.
 * @throws VAULT_LOCKED
 */
export function verifyVault(session: VaultSession): Promise<Verification> {
  return session.inTurn(async () => {
    const findings: string[] = [];
    const add = (finding: string) => {
      if (findings.length < findingsMaximum) findings.push(finding);
    };
    const told = new ToldByChain();
    let entries = 0;
    let broken = false;
    for (const { entry, sound } of session.audit.entries()) {
      entries++;
      if (!sound && !broken) {
        broken = true;
        add(`audit entry ${entry.seq} is not what was written, or one before it is missing`);
      }
      told.add(entry);
    }
    const { count, mac } = session.audit.head;
    if (entries !== count) add(`the audit log has ${entries} entries, its head says ${count}`);
    for (const table of Object.values(session.tables)) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      session.assertOpen();
      for (const id of table.damaged()) add(`${table.name} ${id} was changed outside the program`);
    }
    compareTables(session, told, add);
    for (const finding of authorityKeyFindings(session)) add(finding);
    for (const problem of session.database.pragma('foreign_key_check') as { table: string; rowid: number }[]) {
      add(`${problem.table} ${problem.rowid} refers to a row that is missing`);
    }
    return { sound: findings.length === 0, entries, head: mac, findings };
  });
}
