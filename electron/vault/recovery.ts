import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { combine, split } from 'shamir-secret-sharing';
import { FieldkeyError } from '../../shared/errors.ts';
import { type NewShares, type RecoveryState, shareCountMaximum, thresholdRange } from '../../shared/model/recovery.ts';
import { problem } from '../../shared/problems.ts';
import { type RecoveryShare, readShare, shareText } from '../../shared/rules/share-text.ts';
import type { Database } from './database.ts';
import { seal, unseal } from './key-wrapping.ts';
import { openVaultKey, renewCopies } from './passphrase.ts';
import type { RecoveryRow } from './rows.ts';
import { VaultSession } from './session.ts';

const recoveryVersion = 1;
const hashLength = 32;

/** What the wrapped key is bound to: nobody can lower the threshold on paper or put the row into another vault. */
function recoveryContext(vaultId: Buffer, row: Omit<RecoveryRow, 'id' | 'wrapped_key'>) {
  return [vaultId, 'recovery', recoveryVersion, row.set_id, row.threshold, row.shares, row.share_hashes, row.made_at];
}

function hashOf(vaultId: Buffer, share: RecoveryShare): Buffer {
  return createHash('sha256')
    .update(vaultId)
    .update(share.set, 'hex')
    .update(Buffer.from([share.index]))
    .update(share.bytes)
    .digest();
}

/**
 * Makes recovery shares: `threshold` of `count` people together can open the vault and give it a new passphrase. Those made
 * before open nothing any more. The shares exist in the answer only; whoever asks gives them away.
 * The passphrase is asked for again, because an unlocked screen is no proof of who sits in front of it.
 * @throws PASSPHRASE_WRONG, INPUT_INVALID, VAULT_LOCKED, what `VaultSession.write` throws
 */
export function makeShares(
  session: VaultSession,
  file: string,
  { passphrase, threshold, count }: { readonly passphrase: string; readonly threshold: number; readonly count: number },
): Promise<NewShares> {
  checkNumbers(threshold, count);
  return session.inTurn(async () => {
    session.assertWritable();
    const { vaultKey, vaultId } = await openVaultKey(session.database, passphrase);
    const recoveryKey = randomBytes(32);
    try {
      const set = randomBytes(4);
      const parts = await split(new Uint8Array(recoveryKey), count, threshold);
      const vault = vaultId.subarray(0, 4).toString('hex');
      const shares = parts.map(
        (bytes, i): RecoveryShare => ({ vault, set: set.toString('hex'), threshold, count, index: i + 1, bytes }),
      );
      const sealedBy = {
        set_id: set,
        threshold,
        shares: count,
        share_hashes: Buffer.concat(shares.map((share) => hashOf(vaultId, share))),
        made_at: session.now(),
      };
      const row = { ...sealedBy, wrapped_key: seal(recoveryKey, vaultKey, recoveryContext(vaultId, sealedBy)) };
      session.write((log) => {
        const { recovery } = session.tables;
        if (storedRecovery(session.database)) recovery.update({ id: 1, ...row });
        else recovery.insert(row);
        log('shares.make', { subject: `${threshold} of ${count}`, detail: { set: set.toString('hex'), threshold, count } });
      });
      // a copy from before would still open with the shares that were just replaced
      renewCopies(session.database, file);
      return {
        vault,
        set: set.toString('hex'),
        threshold,
        cards: shares.map((share) => ({ index: share.index, text: shareText(share) })),
      };
    } finally {
      recoveryKey.fill(0);
      vaultKey.fill(0);
    }
  });
}

/**
 * Proves that these shares open the vault, without changing anything; only the audit log notes that it was done.
 * Gives the numbers of the cards. @throws what `recoverVaultKey` throws, what `VaultSession.write` throws
 */
export function drillShares(session: VaultSession, shares: readonly string[]): Promise<readonly number[]> {
  return session.inTurn(async () => {
    session.assertWritable();
    const { database } = session;
    const { vaultKey, vaultId, indices, set } = await recoverVaultKey(database, shares);
    try {
      // the key must be the one that this vault is written with, not only one that the row holds
      const proof = new VaultSession(database, vaultKey, vaultId, session.operator, session.now);
      proof.audit.resume();
      proof.close();
    } finally {
      vaultKey.fill(0);
    }
    session.write((log) => log('shares.drill', { subject: indices.join(' '), detail: { set } }));
    return indices;
  });
}

/** The shares that are out there, and when a drill last proved them; null = none were made. @throws VAULT_TAMPERED */
export function recoveryState(session: VaultSession): RecoveryState | null {
  const row = session.tables.recovery.get(1);
  if (!row) return null;
  const select = "SELECT max(at) FROM audit WHERE action = 'shares.drill' AND json_extract(detail, '$.set') = ?";
  const lastDrill = session.database.prepare<[string], number | null>(select).pluck().get(row.set_id.toString('hex')) ?? null;
  return { threshold: row.threshold, count: row.shares, madeAt: row.made_at, lastDrill };
}

/**
 * The vault's key out of its shares; whoever gets it wipes it. Says of each share what is wrong with it.
 * @throws SHARES_NONE, SHARES_TOO_FEW, SHARE_MISTYPED, SHARE_OTHER_VAULT, SHARE_OTHER_SET, SHARE_TWICE, SHARE_WRONG,
 * VAULT_TAMPERED when the shares are right and the wrapped key was changed
 */
export async function recoverVaultKey(
  database: Database,
  texts: readonly string[],
): Promise<{ vaultKey: Buffer; vaultId: Buffer; indices: readonly number[]; set: string }> {
  const vaultId = database.prepare<[], Buffer>('SELECT vault_id FROM vault WHERE id = 1').pluck().get();
  const row = storedRecovery(database);
  if (!vaultId || !row) throw new FieldkeyError('SHARES_NONE', {});
  const shares = readAll(texts, vaultId, row);
  if (shares.length < row.threshold) throw new FieldkeyError('SHARES_TOO_FEW', { needed: row.threshold, given: shares.length });
  const used = shares.slice(0, row.threshold);
  const recoveryKey = Buffer.from(await combine(used.map(({ bytes }) => bytes)));
  const vaultKey = unseal(recoveryKey, row.wrapped_key, recoveryContext(vaultId, row));
  recoveryKey.fill(0);
  if (!vaultKey) throw new FieldkeyError('VAULT_TAMPERED', { table: 'recovery', row: 1 });
  return { vaultKey, vaultId, indices: used.map(({ index }) => index), set: row.set_id.toString('hex') };
}

/** Its seal can be checked only when the vault is open; the wrapped key is bound to everything else in the row. */
function storedRecovery(database: Database): RecoveryRow | undefined {
  return database.prepare<[], RecoveryRow>('SELECT * FROM recovery WHERE id = 1').get();
}

function readAll(texts: readonly string[], vaultId: Buffer, row: RecoveryRow): RecoveryShare[] {
  const seen = new Map<number, number>();
  return texts.map((text, i) => {
    const share = i + 1;
    const read = readShare(text);
    if ('mistake' in read) throw new FieldkeyError('SHARE_MISTYPED', { share, group: read.group ?? 0, reason: read.mistake });
    const expected = vaultId.subarray(0, 4).toString('hex');
    if (read.vault !== expected) throw new FieldkeyError('SHARE_OTHER_VAULT', { share, vault: read.vault, expected });
    const { index, set } = read;
    const current = row.set_id.toString('hex');
    if (set !== current) throw new FieldkeyError('SHARE_OTHER_SET', { share, index, set, expected: current });
    const other = seen.get(index);
    if (other !== undefined) throw new FieldkeyError('SHARE_TWICE', { share, other, index });
    seen.set(index, share);
    const known = row.share_hashes.subarray((index - 1) * hashLength, index * hashLength);
    const hash = hashOf(vaultId, read);
    if (known.length !== hashLength || !timingSafeEqual(known, hash)) throw new FieldkeyError('SHARE_WRONG', { share, index });
    return read;
  });
}

/** @throws INPUT_INVALID */
function checkNumbers(threshold: number, count: number): void {
  const { minimum, maximum } = thresholdRange;
  const outside = (value: number, low: number, high: number) => !Number.isInteger(value) || value < low || value > high;
  const problems = [
    ...(outside(threshold, minimum, maximum) ? [problem('number-range', { minimum, maximum }, 'threshold')] : []),
    ...(outside(count, threshold, shareCountMaximum)
      ? [problem('number-range', { minimum: threshold, maximum: shareCountMaximum }, 'count')]
      : []),
  ];
  if (problems.length > 0) throw new FieldkeyError('INPUT_INVALID', { problems });
}
