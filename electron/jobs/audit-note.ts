import type { VaultSession } from '../vault/session.ts';

/** The file beside SHA256SUMS that carries the head of the audit log out of the vault. */
export const auditNoteName = 'AUDIT.txt';
/** About its size; the names of project and operator make the difference. */
export const auditNoteBytes = 900;

/**
 * What an export prints of the audit log: whose vault, when, by whom, how many entries, and their head. Somebody who puts an
 * older copy of the vault in its place cannot know of it, so this file finds that out.
 */
export function auditNote(session: VaultSession, project: string): Uint8Array {
  const { count, mac } = session.audit.head;
  const heading = `Audit record, project ${project}`;
  const written = new Date(session.now()).toISOString().slice(0, 16).replace('T', ' ');
  return new TextEncoder().encode(`${heading}
${'='.repeat(heading.length)}

Written     ${written} UTC by ${oneLine(session.operator)}
Vault       ${session.shortId}
Entries     ${count}
Checksum    ${mac}

This is where the audit record of the vault stood when this export was begun. Keep a copy of this
file away from the computer that holds the vault: it proves later that the record was not shortened,
and that no older copy was put in the vault's place. To check, paste the checksum on the Audit page
under "Compare with an export or report", or run

    fieldkey cli verify --vault FILE --head ${mac}

The answer names the entry after which the record stood there, or says that it never did.
Nothing here is secret. Neither the broker nor a device needs this file.
`);
}

/** The operator's name is free text. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
