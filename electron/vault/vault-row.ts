import { z } from 'zod';
import { FieldkeyError } from '../../shared/errors.ts';
import { type Database, guarded } from './database.ts';

/** Of a damaged file anything may come. */
const schema = z.object({
  vault_id: z.instanceof(Buffer),
  created_at: z.number(),
  kdf_n: z.number(),
  kdf_r: z.number(),
  kdf_p: z.number(),
  kdf_salt: z.instanceof(Buffer),
  wrapped_key: z.instanceof(Buffer),
  last_operator: z.string(),
});

/** What a locked vault knows of itself: the one row that is not sealed, because it holds what the seals come from. */
export type VaultRow = z.infer<typeof schema>;

/** `file` stands in errors. @throws VAULT_DAMAGED */
export function vaultRow(database: Database, file = database.name): VaultRow {
  const row = guarded(file, () => database.prepare('SELECT * FROM vault WHERE id = 1').get());
  if (!row) throw new FieldkeyError('VAULT_DAMAGED', { file, detail: 'the row that holds the wrapped key is missing' });
  const { data } = schema.safeParse(row);
  if (!data)
    throw new FieldkeyError('VAULT_DAMAGED', { file, detail: 'the row that holds the wrapped key is not as it was written' });
  return data;
}

/**
 * True for a vault that was made to practise with; also known while it is locked. It stands in the first entry of the
 * audit chain, so no later act and no edit that the chain would not notice can change it.
 */
export function isPractice(database: Database, file: string): boolean {
  const select = "SELECT detail FROM audit WHERE seq = 1 AND action = 'vault.create'";
  const detail = guarded(file, () => database.prepare<[], unknown>(select).pluck().get());
  try {
    return typeof detail === 'string' && (JSON.parse(detail) as { practice?: unknown }).practice === true;
  } catch {
    return false;
  }
}
