import type { ProofObserved } from '../../../shared/model/proof.ts';
import { confirmPoint, showChecklist } from '../../jobs/checklist.ts';
import { finishProof, latestProof, type PreparedProof, type ProofRequest, prepareProof } from '../../jobs/prove-access.ts';
import type { VaultAnswers } from './answers.ts';
import type { VaultContext } from './context.ts';

export type ProofCallName = 'proof.latest' | 'checklist.show' | 'checklist.confirm';

/** What main asks for around a proof; keys go to the tester's process and are wiped on the way, never to the page. */
export interface ProofSteps {
  readonly 'proof.prepare': (input: ProofRequest) => Promise<PreparedProof>;
  readonly 'proof.finish': (
    input: Pick<ProofRequest, 'projectId' | 'host' | 'port'> &
      Pick<PreparedProof, 'expected' | 'startedAt'> & { readonly observed: ProofObserved },
  ) => ReturnType<typeof finishProof>;
}

export function proofCalls({ session, changed }: VaultContext): VaultAnswers<ProofCallName> & ProofSteps {
  return {
    'proof.latest': ({ projectId }) => latestProof(session(), projectId),
    'checklist.show': ({ projectId, check }) => showChecklist(session(), projectId, check),
    'checklist.confirm': ({ projectId, ...confirmed }) => {
      const noted = confirmPoint(session(), projectId, confirmed);
      changed(projectId);
      return noted;
    },
    'proof.prepare': (input) => prepareProof(session(), input),
    'proof.finish': async ({ projectId, host, port, expected, startedAt, observed }) => {
      const kept = await finishProof(session(), { projectId, host, port }, { expected, startedAt }, observed);
      changed(projectId);
      return kept;
    },
  };
}
