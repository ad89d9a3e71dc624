import { setImmediate } from 'node:timers/promises';
import { assertNever, FieldkeyError } from '../../shared/errors.ts';
import type { ChainBreak, Contradiction } from '../../shared/model/audit.ts';
import { authorityKeyFindings } from './authority-keys.ts';
import { compareTables } from './compare-tables.ts';
import { vaultError } from './database.ts';
import { danglingReferences } from './foreign-keys.ts';
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
  /** All devices and certificates among them as `table row`: the list above ends at a number that a person could read. */
  readonly suspects: ReadonlySet<string>;
}

/** Takes a finding in words, and which row it is about. */
export type AddFinding = (finding: string, row: Contradiction) => void;

const findingsMaximum = 100;

/** What the last complete check of an open vault came to. */
export interface LastVerification extends Pick<Verification, 'sound' | 'entries'> {
  /** ms since 1970 UTC. */
  readonly at: number;
}

const lastVerifications = new WeakMap<VaultSession, LastVerification>();

/** The last complete check since the vault was opened, whoever asked for it; null = there was none yet. */
export function lastVerification(session: VaultSession): LastVerification | null {
  return lastVerifications.get(session) ?? null;
}

/**
 * Checks the whole vault: the audit chain from its first entry to the authenticated head, the MAC of every row, and the rows
 * against what the chain tells (a row put back to an older state has a right MAC). What cannot be read is a finding as well, and
 * so is what was found wrong with the file when it was opened.
 *
 * Runs in turn with the acts, so that none is seen half. Gives control back every few milliseconds, as `rest` does; locking
 * meanwhile ends it.
 * @throws VAULT_LOCKED
 */
export function verifyVault(session: VaultSession, rest: () => Promise<void> = setImmediate): Promise<Verification> {
  return session.inTurn(async () => {
    const found = new Findings();
    const pause = async () => {
      await rest();
      session.assertOpen();
    };
    for (const table of Object.values(session.tables))
      await found.reading(session, table.name, async () => {
        for (const ids of table.damagedByWindow()) {
          for (const id of ids) {
            const row = { kind: 'changed', table: table.name, row: String(id) } as const;
            found.add(`${table.name} ${id} was changed outside the program`, row);
          }
          await pause();
        }
      });
    const told = new ToldByChain();
    const { entries, head, first } = await session.audit.follow((entry) => told.add(entry), pause);
    if (first) found.findings.unshift(chainFinding(first));
    found.take(await compared(session, { told, upTo: head.count }, pause));
    await found.reading(session, 'the keys of authorities', async () => {
      for (const { finding, authority } of authorityKeyFindings(session))
        found.add(finding, { kind: 'differs', table: 'private_key', row: authority });
    });
    await found.reading(session, 'what rows refer to', async () => {
      for (const dangling of danglingReferences(session.database)) {
        for (const { table, row } of dangling) {
          found.add(`${table} ${row} refers to a row that is missing`, { kind: 'differs', table, row: String(row) });
        }
        await pause();
      }
    });
    if (session.damage !== null && found.findings.length === 0) found.note(`the file is damaged: ${session.damage}`);
    const { findings, rows, suspects } = found;
    const sound = findings.length === 0;
    lastVerifications.set(session, { sound, entries, at: session.now() });
    return { sound, entries, head: head.mac, chain: first, rows, findings, suspects };
  });
}

/** How often a comparison is begun again because something was written meanwhile, before one is made in a single go. */
const patience = 3;

/**
 * Compares the tables with what the chain told up to an entry. Short acts do not wait for this one: when one has come between,
 * its entries are told as well and the comparison begins again.
 */
async function compared(
  session: VaultSession,
  { told, upTo }: { readonly told: ToldByChain; readonly upTo: number },
  pause: () => Promise<void>,
): Promise<Findings> {
  let known = upTo;
  for (let tries = 1; ; tries++) {
    const found = new Findings();
    let alone = true;
    await found.reading(session, 'what the acts say', async () => {
      for (const entry of session.audit.after(known)) told.add(entry);
      known = session.audit.head.count;
      for (const _ of compareTables(session, told, found.add)) {
        if (tries > patience) continue;
        await pause();
        alone = session.audit.head.count === known;
        if (!alone) break;
      }
    });
    if (alone) return found;
  }
}

/** What was found, up to a number that a person could read. */
class Findings {
  readonly findings: string[] = [];
  readonly rows: Contradiction[] = [];
  readonly suspects = new Set<string>();

  readonly add: AddFinding = (finding, row) => {
    if (row.table === 'device' || row.table === 'certificate') this.suspects.add(`${row.table} ${row.row}`);
    if (this.findings.length >= findingsMaximum) return;
    this.findings.push(finding);
    if (!this.rows.some(({ kind, table, row: name }) => kind === row.kind && table === row.table && name === row.row))
      this.rows.push(row);
  };

  /** A finding about no row in particular. */
  note(finding: string): void {
    if (this.findings.length < findingsMaximum) this.findings.push(finding);
  }

  /** Reads a part of the vault; where the file gives nothing any more, that is the finding. */
  async reading(session: VaultSession, part: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const known = vaultError(session.database.name, session.damage, error);
      if (!(known instanceof FieldkeyError) || known.code !== 'VAULT_DAMAGED') throw error;
      this.note(`${part} cannot be read: ${known.params.detail}`);
    }
  }

  /** Adds what was found elsewhere. */
  take(other: Findings): void {
    this.findings.push(...other.findings.slice(0, findingsMaximum - this.findings.length));
    this.rows.push(...other.rows);
    for (const suspect of other.suspects) this.suspects.add(suspect);
  }
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
