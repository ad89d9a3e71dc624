import { createHash, timingSafeEqual } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import type { KeychainSlot } from '../../shared/model/keychain.ts';
import type { Database } from './database.ts';
import { seal, unseal } from './key-wrapping.ts';
import type { KeychainRow } from './rows.ts';
import type { Log, VaultSession } from './session.ts';
import { vaultRow } from './vault-row.ts';

const slotVersion = 1;

/** What a computer keeps, sealed by its own keychain: which slot of which vault, and the key to it. */
export interface KeychainSecret {
  /** 16 bytes, hexadecimal. */
  readonly slot: string;
  /** 32 random bytes; whoever has them wipes them. */
  readonly key: Buffer;
}

/** What the wrapped key is bound to: it opens in no other vault and under no other computer's name. */
function slotContext(vaultId: Buffer, row: Pick<KeychainRow, 'slot_id' | 'computer' | 'key_hash' | 'made_at'>) {
  return [vaultId, 'keychain', slotVersion, row.slot_id, row.computer, row.key_hash, row.made_at];
}

function hashOf(vaultId: Buffer, slot: Buffer, key: Buffer): Buffer {
  return createHash('sha256').update(vaultId).update(slot).update(key).digest();
}

/** Adds a slot. Only inside `write`. */
export function insertSlot(session: VaultSession, vaultKey: Buffer, { slot, key }: KeychainSecret, computer: string): void {
  const { vault_id: vaultId } = vaultRow(session.database);
  const slotId = Buffer.from(slot, 'hex');
  const bound = { slot_id: slotId, computer, key_hash: hashOf(vaultId, slotId, key), made_at: session.now() };
  session.tables.keychain.insert({ ...bound, wrapped_key: seal(key, vaultKey, slotContext(vaultId, bound)) });
}

/** Removes the slots that `which` names, each with its entry in the log. Only inside `write`. */
export function removeSlots(session: VaultSession, log: Log, which: (slot: string) => boolean): number {
  const ended = session.tables.keychain.where('1 = 1 ORDER BY id').filter((row) => which(row.slot_id.toString('hex')));
  for (const row of ended) {
    session.tables.keychain.delete(row);
    log('keychain.remove', { subject: row.computer, detail: { slot: row.slot_id.toString('hex') } });
  }
  return ended.length;
}

/** The computers that open this vault without its passphrase. @throws VAULT_LOCKED, VAULT_TAMPERED */
export function keychainSlots(session: VaultSession): KeychainSlot[] {
  return session.tables.keychain
    .where('1 = 1 ORDER BY id')
    .map((row) => ({ slot: row.slot_id.toString('hex'), computer: row.computer, madeAt: row.made_at }));
}

/** The slots of a locked vault, hexadecimal; only to know whether it is worth asking the keychain. */
export function slotIds(database: Database): string[] {
  return database.prepare<[], string>('SELECT lower(hex(slot_id)) FROM keychain ORDER BY id').pluck().all();
}

/**
 * The vault's key, by what a computer's keychain gave; whoever gets it wipes it.
 * @throws KEYCHAIN_ENDED when the vault has no such slot any more, KEYCHAIN_LOST when the key is not the one of the slot,
 * VAULT_TAMPERED when it is and the slot was changed
 */
export function openSlot(database: Database, { slot, key }: KeychainSecret, file: string): Buffer {
  const { vault_id: vaultId } = vaultRow(database, file);
  const slotId = Buffer.from(slot, 'hex');
  const row = database.prepare<[Buffer], KeychainRow>('SELECT * FROM keychain WHERE slot_id = ?').get(slotId);
  if (!row) throw new FieldkeyError('KEYCHAIN_ENDED', {});
  const hash = hashOf(vaultId, slotId, key);
  if (row.key_hash.length !== hash.length || !timingSafeEqual(row.key_hash, hash)) throw new FieldkeyError('KEYCHAIN_LOST', {});
  const vaultKey = unseal(key, row.wrapped_key, slotContext(vaultId, row));
  if (!vaultKey) throw new FieldkeyError('VAULT_TAMPERED', { table: 'keychain', row: row.id });
  return vaultKey;
}
