import { FieldkeyError } from '../../shared/errors.ts';
import { type Database, guarded } from './database.ts';

/** What a locked vault knows of itself: the one row that is not sealed, because it holds what the seals come from. */
export type VaultRow = {
  vault_id: Buffer;
  created_at: number;
  kdf_n: number;
  kdf_r: number;
  kdf_p: number;
  kdf_salt: Buffer;
  wrapped_key: Buffer;
  last_operator: string;
};

/** `file` stands in errors. @throws VAULT_DAMAGED */
export function vaultRow(database: Database, file = database.name): VaultRow {
  const row = guarded(file, () => database.prepare<[], VaultRow>('SELECT * FROM vault WHERE id = 1').get());
  if (!row) throw new FieldkeyError('VAULT_DAMAGED', { file, detail: 'the row that holds the wrapped key is missing' });
  return row;
}

/**
 * True for a vault that was made to practise with; also known while it is locked. It stands in the first entry of the
 * audit chain, so no later act and no edit that the chain would not notice can change it.
 */
export function isPractice(database: Database, file: string): boolean {
  const detail = guarded(file, () =>
    database.prepare<[], string>("SELECT detail FROM audit WHERE seq = 1 AND action = 'vault.create'").pluck().get(),
  );
  return detail !== undefined && (JSON.parse(detail) as { practice?: unknown }).practice === true;
}
