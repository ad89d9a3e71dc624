import { reviewRequests } from '../../jobs/review-requests.ts';
import { type SignMemory, signRequests } from '../../jobs/sign-requests.ts';
import type { VaultAnswers } from './answers.ts';
import type { VaultContext } from './context.ts';

export type IntakeCallName = 'request.review' | 'request.sign';

/** What others made. */
export function intakeCalls({ session, job }: VaultContext): VaultAnswers<IntakeCallName> {
  return {
    'request.review': async ({ projectId, files, role }) => {
      const { policy, requests } = await reviewRequests(session(), projectId, files, role);
      return { policy, requests: requests.map(plain) };
    },
    'request.sign': ({ jobId, projectId, requests }) => {
      const memory: SignMemory = {};
      return job({ jobId, resumes: true, projectId }, async (opened, control) => {
        const { issued, refused } = await signRequests(opened, projectId, requests, control, memory);
        return { issued: [...issued], refused: [...refused] };
      });
    },
  };
}

function plain(request: Awaited<ReturnType<typeof reviewRequests>>['requests'][number]) {
  const { names, addresses, extensions, findings } = request;
  return {
    ...request,
    names: [...names],
    addresses: [...addresses],
    extensions: [...extensions],
    findings: findings.map((finding) => ({ ...finding, params: { ...finding.params } })),
  };
}
