import { setTimeout } from 'node:timers/promises';
import { app } from 'electron';
import { FieldkeyError } from '../../../shared/errors.ts';
import { type SimulationReport, type SimulationState, simulationBegins } from '../../../shared/model/simulation.ts';
import { SimulationHost } from '../simulation-host.ts';
import type { VaultCalls } from '../vault-turns.ts';
import type { Handlers } from './answer-calls.ts';
import type { Measures } from './speakers.ts';
import { sameHost, startTester, type TesterParts } from './tester-handlers.ts';

interface SimulationParts extends Omit<TesterParts, 'unlocked' | 'measures'> {
  /** Calls of the vault that is in use now, and of no other. */
  readonly bound: () => VaultCalls;
  readonly endObservers: () => Promise<void>;
}

/** ms that the devices of a run have to take their leave when its vault is left. */
const patience = 5_000;
/** Keys that leave the vault at the same time. */
const batch = 20;

type SimulationHandlers = Pick<Handlers, 'simulation.start' | 'simulation.stop' | 'simulation.show'>;

/** The calls of a load test. Keys go from the vault's thread to the simulation's process, a few at a time. */
export function createSimulationHandlers({ host, bound, tell, endObservers }: SimulationParts): SimulationHandlers & {
  readonly endSimulation: () => Promise<void>;
  readonly measures: Measures;
} {
  let report: SimulationReport | null = null;
  let starting = false;
  let observing = false;
  /** How often a vault was left: what is prepared meanwhile does not begin. */
  let left = 0;
  /** The vault that the run has its keys from. */
  let own: VaultCalls = host;
  const note = (state: SimulationState) => {
    if (!report) return;
    report = { ...report, state };
    tell('simulation.changed', copy(report));
    if (state.phase !== 'ended') return;
    const { projectId, host: address, port } = report;
    // a vault that is locked by now has the beginning in its log
    void own.call('simulation.finish', { projectId, host: address, port, state }).catch(() => undefined);
  };
  const simulation = new SimulationHost({ start: startTester, onState: note });
  app.once('will-quit', () => simulation.end());
  return {
    measures: ({ projectId, host: there }) =>
      observing && simulation.running && report?.projectId === projectId && sameHost(report.host, there),
    /** Another vault is turned to: these devices are none of its own. The end is still noted in the one that is left. */
    endSimulation: async () => {
      left++;
      await Promise.race([simulation.stop(), setTimeout(patience, undefined, { ref: false })]);
      simulation.end();
      report = null;
    },
    'simulation.start': async ({ projectId, host: address, port, runId, ramp, qos, ...rest }) => {
      if (simulation.running || starting) throw new FieldkeyError('SIMULATION_RUNNING', {});
      starting = true;
      const before = left;
      const calls = bound();
      try {
        if (rest.observe) await endObservers();
        const prepared = await calls.call('simulation.prepare', { projectId, host: address, port, ...rest });
        if (left !== before) throw new FieldkeyError('VAULT_LOCKED', {});
        own = calls;
        observing = rest.observe;
        const { members, observer } = prepared;
        report = {
          projectId,
          host: address,
          port,
          interval: rest.interval,
          ramp,
          qos,
          state: simulationBegins(runId, members.length),
        };
        const place = { runId, host: address, port, planned: members.length, interval: rest.interval, ramp, qos };
        const state = await simulation.start({ ...place, observer }, async (from) => {
          const some = members.slice(from, from + batch);
          const identities = await calls.call('simulation.keys', {
            projectId,
            certificateIds: some.map(({ certificateId }) => certificateId),
          });
          const meters = some.map(({ topic, deviceId }, at) => ({
            identity: identities[at] as (typeof identities)[number],
            topic,
            seed: deviceId,
          }));
          return { meters, last: from + some.length >= members.length };
        });
        report = { ...report, state };
        return copy(report);
      } finally {
        starting = false;
      }
    },
    'simulation.stop': async () => {
      await simulation.stop();
      return {};
    },
    'simulation.show': async ({ projectId }) => {
      // names of devices come from the vault: nobody is told of them while it is locked
      await host.call('project.list', undefined);
      return report?.projectId === projectId ? copy(report) : null;
    },
  };
}

function copy(report: SimulationReport) {
  return structuredClone(report) as never;
}
