import type { VerifiedRecord } from '../../../shared/model/audit.ts';
import { auditReport } from '../../jobs/audit-report.ts';
import { AuditList } from '../../vault/audit-list.ts';
import type { VaultSession } from '../../vault/session.ts';
import { verifyVault } from '../../vault/verify.ts';
import type { VaultAnswers } from './answers.ts';
import type { VaultContext } from './context.ts';

export type AuditCallName = 'audit.list' | 'audit.operators' | 'audit.verify' | 'audit.report';

/** The record of all acts. */
export function auditCalls({ session }: Pick<VaultContext, 'session'>): VaultAnswers<AuditCallName> {
  const lists = new WeakMap<VaultSession, AuditList>();
  /** What was found stays known as long as the vault is open. */
  const list = () => {
    const opened = session();
    const known = lists.get(opened) ?? new AuditList(opened);
    lists.set(opened, known);
    return known;
  };
  return {
    'audit.list': ({ offset, limit, ...filter }) => list().page(filter, offset, limit),
    'audit.operators': () => list().operators(),
    'audit.verify': async (input): Promise<VerifiedRecord> => {
      const opened = session();
      const result = await verifyVault(opened);
      const stoodAt = input?.head === undefined ? null : opened.audit.stoodAt(input.head);
      const { count } = opened.audit.sealedHead;
      return { ...result, count, rows: [...result.rows], findings: [...result.findings], stoodAt };
    },
    'audit.report': (input) => auditReport(session(), input),
  };
}
