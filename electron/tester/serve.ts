import type { DoctorProgress } from '../../shared/model/doctor.ts';
import type { Channel, TesterCall, TesterCalls } from './channel.ts';
import { checkRuns } from './checks/runs.ts';
import { TestConnection } from './connection.ts';
import { diagnose } from './doctor/diagnose.ts';
import { History, type HistoryPort } from './history/history.ts';
import { reportOf } from './history/report.ts';
import { ConnectionGone } from './mqtt-session.ts';
import { proveAccess } from './prove.ts';
import { TimedRuns } from './publishing/timed-runs.ts';
import { Simulation } from './simulation/simulation.ts';
import { defaultTiming, type Timing } from './timing.ts';

type Handlers = { [N in TesterCall]: (input: TesterCalls[N]['input']) => Promise<TesterCalls[N]['output']> };

/** What a call on a connection answers that is not open; the host turns it into an error of the contract. */
export const connectionNotOpen = 'connection-not-open';

/**
 * Runs the tester behind a channel: connections by the id that whoever asks has chosen. `startHistory` starts whatever
 * hosts the files of recordings; it is not called before somebody asks for them.
 */
export function serveTester(channel: Channel, timing: Partial<Timing> = {}, startHistory?: () => HistoryPort): void {
  const times = { ...defaultTiming, ...timing };
  const connections = new Map<string, TestConnection>();
  const proofs = new Map<string, AbortController>();
  const diagnoses = new Map<string, AbortController>();
  const at = (connectionId: string): TestConnection => {
    const connection = connections.get(connectionId);
    if (!connection) throw new ConnectionGone();
    return connection;
  };
  const history = new History(
    startHistory ??
      (() => {
        throw new Error('recordings have no host here');
      }),
    (connectionId) => connections.get(connectionId),
    {
      onState: (state) => channel.send({ kind: 'recording', state }),
      onProgress: (jobId, step, done, total) => channel.send({ kind: 'recordingJob', jobId, step, done, total }),
    },
  );
  const timed = new TimedRuns(
    (connectionId, message) => at(connectionId).publish(message),
    (state) => channel.send({ kind: 'timed', state }),
  );
  let simulation: Simulation | null = null;
  const handlers: Handlers = {
    connect: async (order) => {
      const earlier = connections.get(order.connectionId);
      // a page that was loaded again asks for what it already has
      if (earlier && earlier.state.phase !== 'closed') {
        order.identity.key.fill(0);
        return earlier.state;
      }
      const connection = new TestConnection(order, times, {
        onState: (state) => {
          if (state.phase !== 'connected') timed.end(state.connectionId, 'connection');
          channel.send({ kind: 'state', state });
          history.noteState(state);
        },
        onMessage: (message) => history.note(order.connectionId, message),
        onMessages: (batch) => channel.send({ kind: 'messages', batch }),
      });
      for (const [id, old] of connections) if (old.finished) connections.delete(id);
      connections.set(order.connectionId, connection);
      return connection.open();
    },
    disconnect: async ({ connectionId, cut }) => {
      await connections.get(connectionId)?.close(cut);
      return undefined;
    },
    forget: async ({ connectionId }) => {
      await connections.get(connectionId)?.forget();
      return undefined;
    },
    subscribe: async ({ connectionId, filter, qos, options }) => ({
      reasonCode: await at(connectionId).subscribe(filter, qos, options),
    }),
    unsubscribe: async ({ connectionId, filter }) => {
      await at(connectionId).unsubscribe(filter);
      return undefined;
    },
    prove: async (order) => {
      const { proofId } = order;
      const stop = new AbortController();
      proofs.set(proofId, stop);
      try {
        const onProgress = (done: number, total: number) => channel.send({ kind: 'proving', proofId, done, total });
        return await proveAccess(order, times, { onProgress, signal: stop.signal });
      } finally {
        proofs.delete(proofId);
      }
    },
    stopProof: async ({ proofId }) => {
      proofs.get(proofId)?.abort();
      return undefined;
    },
    startTimed: async (order) => {
      if (at(order.connectionId).state.phase !== 'connected') throw new ConnectionGone();
      return timed.start(order);
    },
    stopTimed: async ({ connectionId }) => {
      timed.end(connectionId, 'stopped');
      return undefined;
    },
    ...checkRuns(times, (runId, result) => channel.send({ kind: 'checked', runId, result })),
    simulate: async (order) => {
      await simulation?.end('stopped');
      simulation = new Simulation(order, times, (state) => channel.send({ kind: 'simulation', state }));
      return simulation.start();
    },
    addSimulated: async ({ meters, last }) => ({ more: (await simulation?.add(meters, last)) ?? false }),
    endSimulated: async () => {
      simulation?.keysEnded();
      return undefined;
    },
    stopSimulation: async () => {
      await simulation?.end('stopped');
      return undefined;
    },
    diagnose: async (order) => {
      const stop = new AbortController();
      diagnoses.set(order.runId, stop);
      try {
        const onProgress = (progress: DoctorProgress) => channel.send({ kind: 'diagnosing', progress });
        return await diagnose(order, times, { onProgress, signal: stop.signal });
      } finally {
        diagnoses.delete(order.runId);
      }
    },
    stopDiagnosis: async ({ runId }) => {
      diagnoses.get(runId)?.abort();
      return undefined;
    },
    publish: async ({ connectionId, ...message }) => ({ reasonCode: await at(connectionId).publish(message) }),
    history: async ({ call, input }) => {
      try {
        return { ok: true, value: await history.ask(call, input as never) };
      } catch (error) {
        return { ok: false, error: reportOf(error) };
      }
    },
  };

  channel.onMessage(async (message) => {
    if (message.kind === 'messagesTaken') {
      connections.get(message.connectionId)?.messagesTaken();
      return;
    }
    const { id, call, input } = message;
    try {
      const value = await (handlers[call] as (input: unknown) => Promise<unknown>)(input);
      channel.send({ kind: 'answer', id, ok: true, value });
    } catch (error) {
      const reason = error instanceof ConnectionGone ? connectionNotOpen : error instanceof Error ? error.message : String(error);
      channel.send({ kind: 'answer', id, ok: false, reason });
    }
  });
}
