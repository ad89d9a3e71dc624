import type { TesterHost } from '../tester-host.ts';
import type { VaultHost } from '../vault-host.ts';
import type { Handlers } from './answer-calls.ts';

export interface DoctorParts {
  readonly host: Pick<VaultHost, 'call'>;
  readonly tester: Pick<TesterHost, 'diagnose' | 'stopDiagnosis' | 'list' | 'disconnect'>;
  /** Ends the tester's connections. */
  readonly endConnections: () => Promise<void>;
}

/** The calls of the doctor. Keys go from the vault's thread to the tester's process and are wiped here on the way. */
export function createDoctorHandlers({
  host,
  tester,
  endConnections,
}: DoctorParts): Pick<Handlers, 'doctor.run' | 'doctor.cancel'> {
  /** Those that run, and whether they have been cancelled. */
  const running = new Map<string, { cancelled: boolean }>();
  const endOwn = async (ownId: number) => {
    const open = tester.list().filter(({ owner }) => owner.identity.kind === 'own' && owner.identity.ownId === ownId);
    await Promise.all(open.map(({ state }) => tester.disconnect(state.connectionId)));
  };
  return {
    'doctor.run': async (request) => {
      const { runId, projectId, identity } = request;
      // they are the same clients for the broker, and would fight for their places
      if (identity.kind === 'observer' || identity.kind === 'device') await endConnections();
      const own = { cancelled: false };
      running.set(runId, own);
      try {
        const order = await host.call('doctor.prepare', request);
        if (identity.kind === 'own')
          await (order.connection?.speaksAs || order.identity.deviceId !== null ? endConnections() : endOwn(identity.ownId));
        const examining = tester.diagnose(order);
        // they were copied when they were posted
        for (const key of [
          order.identity.key,
          order.observer?.key,
          ...[...order.refusals, ...(order.access?.subjects ?? [])].map((each) => each.identity?.key),
        ])
          key?.fill(0);
        // while it was prepared there was nothing yet to be told to stop
        if (own.cancelled) await tester.stopDiagnosis(runId);
        return await host.call('doctor.finish', { projectId, report: await examining });
      } finally {
        running.delete(runId);
      }
    },
    'doctor.cancel': async ({ runId }) => {
      const run = running.get(runId);
      if (run) run.cancelled = true;
      await tester.stopDiagnosis(runId);
      return {};
    },
  };
}
