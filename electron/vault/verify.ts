import { assertNever } from '../../shared/errors.ts';
import type { ChainBreak, Contradiction } from '../../shared/model/audit.ts';
import { authorityKeyFindings } from './authority-keys.ts';
import { compareTables } from './compare-tables.ts';
import type { VaultSession } from './session.ts';
import { ToldByChain } from './told-by-chain.ts';

/** The result of a complete check. `findings` are technical, one line each; empty = sound. */
export interface Verification {
  readonly sound: boolean;
  readonly entries: number;
  /** Where the log stands, hexadecimal; empty when that cannot be told. */
  readonly head: string;
  /** Where the chain breaks first; null = it is whole. */
  readonly chain: ChainBreak | null;
  /** The rows that are not what the acts say. */
  readonly rows: readonly Contradiction[];
  readonly findings: readonly string[];
}

/** Takes a finding in words, and which row it is about. */
export type AddFinding = (finding: string, row: Contradiction) => void;

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
    const rows: Contradiction[] = [];
    const add: AddFinding = (finding, row) => {
      if (findings.length >= findingsMaximum) return;
      findings.push(finding);
      if (!rows.some(({ kind, table, row: name }) => kind === row.kind && table === row.table && name === row.row))
        rows.push(row);
    };
    const told = new ToldByChain();
    const pause = async () => {
      await new Promise<void>((resolve) => setImmediate(resolve));
      session.assertOpen();
    };
    for (const table of Object.values(session.tables)) {
      await pause();
      for (const id of table.damaged()) {
        add(`${table.name} ${id} was changed outside the program`, { kind: 'changed', table: table.name, row: String(id) });
      }
    }
    // last, and the comparison in the same moment: what is written meanwhile is on both sides or on none
    const { entries, head, first } = await session.audit.follow((entry) => told.add(entry), pause);
    if (first) findings.unshift(chainFinding(first));
    compareTables(session, told, add);
    for (const { finding, authority } of authorityKeyFindings(session)) {
      add(finding, { kind: 'differs', table: 'private_key', row: authority });
    }
    for (const problem of session.database.pragma('foreign_key_check') as { table: string; rowid: number }[]) {
      const row = String(problem.rowid);
      add(`${problem.table} ${row} refers to a row that is missing`, { kind: 'differs', table: problem.table, row });
    }
    return { sound: findings.length === 0, entries, head: head.mac, chain: first, rows, findings };
  });
}

function chainFinding({ kind, seq, until }: ChainBreak): string {
  switch (kind) {
    case 'entry':
      return `audit entry ${seq} is not what was written, or one before it is missing`;
    case 'missing':
      return `the audit entries ${seq} to ${until} are missing`;
    case 'tail':
      return `the audit log ends before its head says: the entries ${seq} to ${until} are missing`;
    case 'head':
      return `the head of the audit log is missing or not what was written; the last entry is ${seq}`;
    case 'head-older':
      return `the head of the audit log was put back: it does not know the entries from ${seq} on`;
    default:
      return assertNever(kind);
  }
}
