import { FieldkeyError } from '../../../shared/errors.ts';
import type { TesterHost } from '../tester-host.ts';
import type { VaultCalls } from '../vault-turns.ts';
import type { Handlers } from './answer-calls.ts';
import { type Measures, type Speakers, speakerName } from './speakers.ts';

export interface DoctorParts {
  /** Calls of the vault that is in use now, and of no other. */
  readonly bound: () => VaultCalls;
  readonly tester: Pick<TesterHost, 'diagnose' | 'stopDiagnosis'>;
  readonly speakers: Pick<Speakers, 'rest'>;
  readonly measures: Measures;
}

/** The identities beside which the observer of the project connects, or that are it. */
const speaksForVault: ReadonlySet<string> = new Set(['observer', 'device', 'own']);

/** The calls of the doctor. Keys go from the vault's thread to the tester's process and are wiped here on the way. */
export function createDoctorHandlers({
  bound,
  tester,
  speakers,
  measures,
}: DoctorParts): Pick<Handlers, 'doctor.run' | 'doctor.cancel'> & { readonly stopDoctor: () => Promise<void> } {
  /** Those that run, and whether they have been cancelled. */
  const running = new Map<string, { cancelled: boolean }>();
  const cancel = async (runId: string) => {
    const run = running.get(runId);
    if (run) run.cancelled = true;
    await tester.stopDiagnosis(runId);
  };
  return {
    /** The vault is locked or left: nobody could keep the report. */
    stopDoctor: async () => {
      await Promise.all([...running.keys()].map(cancel));
    },
    'doctor.run': async (request) => {
      const { runId, projectId, identity } = request;
      // before anything is taken out of the vault, or written there
      if (speaksForVault.has(identity.kind) && measures({ projectId, host: request.host }))
        throw new FieldkeyError('OBSERVER_MEASURES', {});
      const host = bound();
      const own = { cancelled: false };
      running.set(runId, own);
      let resume: () => void = () => undefined;
      try {
        const order = await host.call('doctor.prepare', request);
        const { connection, observer, access } = order;
        // they are the same clients for the broker, and would fight for their places
        const subjects = access?.subjects.map((subject) => subject.identity.id) ?? [];
        const ofVault = identity.kind === 'observer' || identity.kind === 'device';
        const speaker = ofVault ? order.identity.clientId : speakerName(connection?.speaksAs ?? null);
        let examining: ReturnType<typeof tester.diagnose>;
        try {
          resume = await speakers.rest({
            projectId,
            names: new Set([speaker, observer?.id, ...subjects].filter((name) => typeof name === 'string')),
            ownId: identity.kind === 'own' ? identity.ownId : null,
          });
          examining = tester.diagnose(order);
        } finally {
          // they were copied when they were posted
          for (const key of [
            order.identity.key,
            observer?.key,
            ...[...order.refusals, ...(access?.subjects ?? [])].map((each) => each.identity?.key),
          ])
            key?.fill(0);
        }
        // while it was prepared there was nothing yet to be told to stop
        if (own.cancelled) await tester.stopDiagnosis(runId);
        return await host.call('doctor.finish', { projectId, report: await examining });
      } finally {
        running.delete(runId);
        resume();
      }
    },
    'doctor.cancel': async ({ runId }) => {
      await cancel(runId);
      return {};
    },
  };
}
