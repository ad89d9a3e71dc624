import { readFile } from 'node:fs/promises';
import type { SimulationState } from '../../../shared/model/simulation.ts';
import type { OpenedIdentity } from '../../authority/test-identity.ts';
import { changeMany } from '../../jobs/revoke-many.ts';
import { openSimulated, type PreparedSimulation, prepareSimulation } from '../../jobs/simulate-meters.ts';
import { Simulation } from '../simulation/simulation.ts';
import { defaultTiming } from '../timing.ts';
import { type Lab, openLab } from './lab.ts';

export interface RunOptions {
  readonly interval: number;
  readonly ramp: number;
  readonly observe: boolean;
  readonly search?: string;
}

export interface SimulationLab {
  readonly lab: Lab;
  /** Starts a run and feeds it as main does, a few keys at a time. */
  run(options: RunOptions, states: SimulationState[]): Promise<{ stop(): Promise<void>; keysLeft(): number }>;
  brokerLog(): Promise<string>;
  /** Connections that the broker has now, from the kernel (Linux). */
  connections(): Promise<number>;
  close(): Promise<void>;
}

const batch = 20;

/**
 * A project with many devices and the broker of its exported kit. `revoked` of them, evenly spread, are chosen for each run and
 * refused: they were revoked after they had been chosen, and before the kit was exported.
 */
export async function simulationLab(count: number, revoked: number): Promise<SimulationLab> {
  const devices = Array.from({ length: count }, (_, i) => ({
    id: `meter-${String(i + 1).padStart(3, '0')}`,
    role: 'device' as const,
  }));
  let chosen: PreparedSimulation['members'] = [];
  const lab = await openLab(
    {},
    {
      devices,
      beforeExport: async ({ session }, projectId) => {
        const place = { projectId, host: 'localhost', port: 1, interval: 1, observe: false, search: '', limit: null };
        chosen = (await prepareSimulation(session, place)).members;
        const step = Math.max(1, Math.floor(count / Math.max(1, revoked)));
        const deviceIds = chosen
          .filter((_, at) => at % step === 0)
          .slice(0, revoked)
          .map(({ deviceId }) => deviceId);
        if (revoked > 0)
          await changeMany(session, projectId, { deviceIds, certificateIds: [], act: 'revoke', reason: 'keyCompromise' });
      },
    },
  );
  const { session } = lab.vault;
  return {
    lab,
    async run({ search = '', ...options }, states) {
      const place = { projectId: lab.projectId, host: 'localhost', port: lab.port };
      const request = { ...place, interval: options.interval, observe: options.observe, search, limit: null };
      const { observer } = await prepareSimulation(session, request);
      const members = chosen.filter(({ id }) => id.includes(search));
      const keys: OpenedIdentity[] = observer ? [observer.identity] : [];
      const order = {
        runId: 'a-simulation',
        host: 'localhost',
        port: lab.port,
        planned: members.length,
        interval: options.interval,
        ramp: options.ramp,
        qos: 1,
        observer,
      } as const;
      const simulation = new Simulation(order, defaultTiming, (state) => states.push(state));
      await simulation.start();
      const feed = async () => {
        for (let from = 0; from < members.length; from += batch) {
          const some = members.slice(from, from + batch);
          const identities = openSimulated(
            session,
            lab.projectId,
            some.map(({ certificateId }) => certificateId),
          );
          keys.push(...identities);
          const meters = some.map(({ topic, deviceId }, at) => ({
            identity: identities[at] as OpenedIdentity,
            topic,
            seed: deviceId,
          }));
          if (!(await simulation.add(meters, from + batch >= members.length))) return;
        }
      };
      void feed();
      return {
        stop: () => simulation.end('stopped'),
        // a key that was not wiped is one that stays in memory
        keysLeft: () => keys.filter(({ key }) => key.some((byte) => byte !== 0)).length,
      };
    },
    brokerLog: () => lab.broker.log(),
    connections: () => established(lab.port),
    close: () => lab.close(),
  };
}

async function established(port: number): Promise<number> {
  const local = new RegExp(`^\\s*\\d+: [0-9A-F]+:${port.toString(16).toUpperCase().padStart(4, '0')} [0-9A-F:]+ 01 `);
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8')));
  return tables.flatMap((table) => table.split('\n')).filter((line) => local.test(line)).length;
}
