import type { ImportReview } from '../../../shared/model/import.ts';
import type { JobControl } from '../../../shared/model/job.ts';
import { projectByName } from '../../authority/lookup.ts';
import { type ImportPlan, planImport } from '../../import/plan-import.ts';
import { readSource, wipeImported } from '../../import/read-source.ts';
import { importProject } from '../../jobs/import-project.ts';
import { reviewOf } from '../../jobs/import-review.ts';
import { inspectFiles } from '../../jobs/inspect-files.ts';
import { reviewRequests } from '../../jobs/review-requests.ts';
import { type SignMemory, signRequests } from '../../jobs/sign-requests.ts';
import type { VaultSession } from '../../vault/session.ts';
import type { VaultAnswers } from './answers.ts';
import { type BrokerCallName, brokerCalls } from './broker-calls.ts';
import { withBroughtKey } from './brought-key.ts';
import type { VaultContext } from './context.ts';

export type IntakeCallName =
  | BrokerCallName
  | 'request.review'
  | 'request.sign'
  | 'import.review'
  | 'import.run'
  | 'files.inspect';

/** What others made. */
export function intakeCalls(context: VaultContext): VaultAnswers<IntakeCallName> {
  const { now, session, job } = context;
  return {
    ...brokerCalls(context),
    'request.review': async ({ projectId, files, role }) => {
      const { policy, requests } = await reviewRequests(session(), projectId, files, role);
      return { policy, requests: requests.map(plain) };
    },
    'request.sign': ({ jobId, projectId, requests, key }) => {
      const memory: SignMemory = {};
      return job({ jobId, resumes: true, projectId }, (opened, control) =>
        withBroughtKey(opened, projectId, key, async (handed) => {
          const { issued, refused } = await signRequests(opened, projectId, requests, control, memory, handed);
          return { issued: [...issued], refused: [...refused] };
        }),
      );
    },
    // neither goes on by itself after a lock: what is imported is what somebody looks at
    'import.review': ({ jobId, path, passphrase }) =>
      job({ jobId, resumes: false, projectId: () => undefined }, (opened, control) =>
        withPlan(
          { session: opened, control },
          path,
          passphrase,
          async (plan) => structuredClone(reviewOf(plan)) as Plain<ImportReview>,
        ),
      ),
    'import.run': ({ jobId, path, passphrase, digest, project, roles, broker }) => {
      const projectId = (opened: VaultSession) => projectByName(opened, project)?.id;
      return job({ jobId, resumes: false, projectId }, (opened, control) =>
        withPlan({ session: opened, control }, path, passphrase, (plan) =>
          importProject(opened, plan, { project, digest, roles, broker }, control),
        ),
      );
    },
    'files.inspect': ({ files, passphrase }) => inspectFiles(files, { now: now(), passphrase }),
  };
}

type Plain<T> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? Plain<E>[] : T[K] extends object ? Plain<T[K]> : T[K];
};

/** Reads what is at a place, and wipes the keys that were read afterwards. */
async function withPlan<T>(
  { session, control }: { readonly session: VaultSession; readonly control: JobControl },
  path: string,
  passphrase: string | undefined,
  act: (plan: ImportPlan) => Promise<T>,
): Promise<T> {
  const given = passphrase === '' ? undefined : passphrase;
  const imported = await readSource(path, { now: session.now(), passphrase: given, control });
  try {
    return await act(await planImport(imported, session.now(), control));
  } finally {
    wipeImported(imported);
  }
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
