import { lintStored } from '../../authority/certificate-lint.ts';
import { authorityById } from '../../authority/lookup.ts';
import { changeMany, type ManyMemory, type ManyReport } from '../../jobs/revoke-many.ts';
import type { VaultAnswers } from './answers.ts';
import { withBroughtKey } from './brought-key.ts';
import type { VaultContext } from './context.ts';

export type CertificateCallName = 'certificate.revokeMany' | 'certificate.releaseMany' | 'certificate.lint' | 'crl.history';

/** Acts on many certificates, the linter's judgement of one, and the lists that there were. */
export function certificateCalls({ session, job }: VaultContext): VaultAnswers<CertificateCallName> {
  return {
    'certificate.revokeMany': ({ jobId, projectId, key, ...request }) => {
      const memory: ManyMemory = {};
      return job({ jobId, resumes: true, projectId }, (opened, control) =>
        withBroughtKey(opened, projectId, key, async (handed) =>
          plain(await changeMany(opened, projectId, { ...request, act: 'revoke', handed }, control, memory)),
        ),
      );
    },
    'certificate.releaseMany': ({ jobId, projectId, key, ...request }) => {
      const memory: ManyMemory = {};
      return job({ jobId, resumes: true, projectId }, (opened, control) =>
        withBroughtKey(opened, projectId, key, async (handed) =>
          plain(await changeMany(opened, projectId, { ...request, act: 'release', handed }, control, memory)),
        ),
      );
    },
    'certificate.lint': ({ certificateId }) => lintStored(session(), certificateId),
    'crl.history': ({ authorityId }) => {
      authorityById(session(), authorityId);
      return session()
        .tables.crl.where('authority_id = ? ORDER BY number DESC', authorityId)
        .map((row) => ({
          number: row.number,
          publishedAt: row.created_at,
          thisUpdate: row.this_update,
          nextUpdate: row.next_update,
          entries: row.entries,
        }));
    },
  };
}

function plain({ certificates, skipped, crls }: ManyReport) {
  return { certificates: [...certificates], skipped: [...skipped], crls: [...crls] };
}
