import { openImage } from './image.ts';

/**
 * The newest revocation list of each authority in a vault file that may be damaged, as far as they can be read. They carry the
 * signatures of their authorities and need no seal; whoever uses them checks those. The vault must not be open. Never throws.
 */
export function readableLists(file: string): Buffer[] {
  const newest = new Map<number, { readonly number: number; readonly der: Buffer }>();
  try {
    const database = openImage(file);
    try {
      const rows = database.prepare<[], { authority_id: number; number: number; der: Buffer }>(
        // by the table itself: an index may be what is damaged
        'SELECT authority_id, number, der FROM crl NOT INDEXED',
      );
      for (const row of rows.iterate()) {
        if (row.number > (newest.get(row.authority_id)?.number ?? 0)) newest.set(row.authority_id, row);
      }
    } finally {
      database.close();
    }
  } catch {
    // what was read before the damage is good all the same
  }
  return [...newest.values()].map(({ der }) => der);
}
