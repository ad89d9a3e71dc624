import { FieldkeyError } from '../../../shared/errors.ts';
import type { TesterHost } from '../tester-host.ts';
import type { VaultCalls } from '../vault-turns.ts';
import type { Handlers } from './answer-calls.ts';
import type { Measures, Speakers } from './speakers.ts';

export interface ProofParts {
  /** Calls of the vault that is in use now, and of no other. */
  readonly bound: () => VaultCalls;
  readonly tester: Pick<TesterHost, 'prove' | 'stopProof'>;
  readonly speakers: Pick<Speakers, 'rest'>;
  readonly measures: Measures;
}

/** The calls of a proof of access. Keys go from the vault's thread to the tester's process and are wiped here on the way. */
export function createProofHandlers({
  bound,
  tester,
  speakers,
  measures,
}: ProofParts): Pick<Handlers, 'proof.run' | 'proof.cancel'> & { readonly stopProofs: () => Promise<void> } {
  /** Those that run, and whether they have been cancelled. */
  const running = new Map<string, { cancelled: boolean }>();
  const cancel = async (runId: string) => {
    const run = running.get(runId);
    if (run) run.cancelled = true;
    await tester.stopProof(runId);
  };
  return {
    /** The vault is locked or left: nobody could keep the proof. */
    stopProofs: async () => {
      await Promise.all([...running.keys()].map(cancel));
    },
    'proof.run': async ({ runId, projectId, host: address, port, deviceIds }) => {
      const place = { projectId, host: address, port };
      if (measures({ projectId, host: address })) throw new FieldkeyError('OBSERVER_MEASURES', {});
      const host = bound();
      const own = { cancelled: false };
      running.set(runId, own);
      let resume: () => void = () => undefined;
      try {
        const { expected, startedAt, ...order } = await host.call('proof.prepare', { ...place, deviceIds });
        // they are the same clients for the broker, and would fight with the proof for their places
        const names = new Set(order.subjects.map(({ identity }) => identity.id));
        let proving: ReturnType<typeof tester.prove>;
        try {
          resume = await speakers.rest({ projectId, names, ownId: null });
          proving = tester.prove({ proofId: runId, host: address, port, ...order });
        } finally {
          // they were copied when they were posted
          for (const { identity } of [...order.subjects, ...order.refusals]) identity?.key.fill(0);
        }
        // while it was prepared there was nothing yet to be told to stop
        if (own.cancelled) await tester.stopProof(runId);
        return await host.call('proof.finish', { ...place, expected, startedAt, observed: await proving });
      } finally {
        running.delete(runId);
        resume();
      }
    },
    'proof.cancel': async ({ runId }) => {
      await cancel(runId);
      return {};
    },
  };
}
