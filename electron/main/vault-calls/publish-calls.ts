import type { SimulationState } from '../../../shared/model/simulation.ts';
import type { OpenedIdentity } from '../../authority/test-identity.ts';
import { removePayload, savedPayloads, savePayload } from '../../jobs/saved-payloads.ts';
import {
  finishSimulation,
  openSimulated,
  type PreparedSimulation,
  planSimulation,
  prepareSimulation,
  type SimulationRequest,
} from '../../jobs/simulate-meters.ts';
import type { VaultAnswers } from './answers.ts';
import type { VaultContext } from './context.ts';

export type PublishCallName = 'payload.list' | 'payload.save' | 'payload.remove' | 'simulation.plan';

/** What main asks for around a load test; keys go to the process of the simulation and are wiped on the way. */
export interface SimulationSteps {
  readonly 'simulation.prepare': (input: SimulationRequest) => Promise<PreparedSimulation>;
  readonly 'simulation.keys': (input: { projectId: number; certificateIds: readonly number[] }) => OpenedIdentity[];
  readonly 'simulation.finish': (
    input: Pick<SimulationRequest, 'projectId' | 'host' | 'port'> & { readonly state: SimulationState },
  ) => void;
}

export function publishCalls({ session }: VaultContext): VaultAnswers<PublishCallName> & SimulationSteps {
  return {
    'payload.list': ({ projectId }) => savedPayloads(session(), projectId).map((saved) => structuredClone(saved) as never),
    'payload.save': ({ projectId, name, template }) => ({ payloadId: savePayload(session(), projectId, name, template) }),
    'payload.remove': ({ projectId, payloadId }) => {
      removePayload(session(), projectId, payloadId);
      return {};
    },
    'simulation.plan': ({ projectId, ...choice }) => ({ ...planSimulation(session(), projectId, choice) }),
    'simulation.prepare': (input) => prepareSimulation(session(), input),
    'simulation.keys': ({ projectId, certificateIds }) => openSimulated(session(), projectId, certificateIds),
    'simulation.finish': ({ state, ...place }) => finishSimulation(session(), place, state),
  };
}
