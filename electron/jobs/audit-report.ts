import type { AuditEntry, AuditReport, ReportSection } from '../../shared/model/audit.ts';
import { reportSections } from '../../shared/model/audit.ts';
import { AuditList } from '../vault/audit-list.ts';
import type { AuthorityRow, CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { verifyVault } from '../vault/verify.ts';

/** Entries of a section that are printed; of more there is the count, and the CSV. */
export const printedAtMost = 1_000;

const sectionOf: Readonly<Record<string, ReportSection>> = {
  'certificate.issue': 'issued',
  'certificate.revoke': 'revoked',
  'certificate.hold': 'revoked',
  'certificate.release': 'revoked',
  'crl.publish': 'lists',
  'crl.import': 'lists',
  'export.write': 'exported',
  'export.fail': 'exported',
  'backup.write': 'exported',
};

/**
 * Everything that the evidence report of a period says: the authorities with their fingerprints, who did what, how often,
 * and whether the record is what was written. `since` and `until` in ms; null = from the beginning, until now.
 * @throws VAULT_LOCKED
 */
export async function auditReport(
  session: VaultSession,
  period: { readonly since: number | null; readonly until: number | null; readonly projectId?: number | undefined },
): Promise<AuditReport> {
  const { projectId } = period;
  const verification = await verifyVault(session);
  const counts = new Map<string, number>();
  const operators = new Map<string, number>();
  const sections = Object.fromEntries(
    reportSections.map((section) => [section, { total: 0, entries: [] as AuditEntry[] }]),
  ) as Record<ReportSection, { total: number; entries: AuditEntry[] }>;
  const filter = { since: period.since ?? undefined, until: period.until ?? undefined, projectId };
  for await (const entries of new AuditList(session).all(filter)) {
    for (const entry of entries) {
      counts.set(entry.action, (counts.get(entry.action) ?? 0) + 1);
      operators.set(entry.operator, (operators.get(entry.operator) ?? 0) + 1);
      // the beginning of an export is told by its end; who unlocked is told by the count
      if (entry.action === 'vault.unlock' || entry.action === 'export.begin') continue;
      const section = sections[sectionOf[entry.action] ?? 'other'];
      section.total++;
      if (section.entries.length < printedAtMost) section.entries.push(entry);
    }
  }
  const most = (map: ReadonlyMap<string, number>) => [...map].sort(([, a], [, b]) => b - a);
  return {
    madeAt: session.now(),
    operator: session.operator,
    since: period.since,
    until: period.until,
    authorities: authoritiesOf(session, projectId),
    counts: most(counts).map(([action, count]) => ({ action, count })),
    operators: most(operators).map(([operator, acts]) => ({ operator, acts })),
    sections,
    verification: {
      ...verification,
      count: session.audit.sealedHead.count,
      rows: [...verification.rows],
      findings: [...verification.findings],
      stoodAt: null,
    },
  };
}

function authoritiesOf(session: VaultSession, projectId: number | undefined): AuditReport['authorities'] {
  type Row = Pick<AuthorityRow, 'name' | 'state'> & Pick<CertificateRow, 'fingerprint' | 'not_after'> & { project: string };
  return session.database
    .prepare<[number | null], Row>(
      `SELECT p.name AS project, a.name, a.state, c.fingerprint, c.not_after FROM authority a
       JOIN project p ON p.id = a.project_id
       JOIN certificate c ON c.authority_id = a.id
       WHERE a.project_id = coalesce(?, a.project_id) ORDER BY p.name, a.id, c.id`,
    )
    .all(projectId ?? null)
    .map(({ project, name, state, fingerprint, not_after: notAfter }) => {
      return { project, name, state, fingerprint: fingerprint.toString('hex'), notAfter };
    });
}
