import type { CallOutput } from '../../../shared/contract.ts';
import { useBridgeEvent } from './events.ts';
import { callOptions, queryClient, useCall } from './queries.ts';

export type LocalBroker = NonNullable<CallOutput<'localBroker.state'>>;

/** The broker that runs on this computer; null when none does. Keeps itself up to date, a few times a second at most. */
export function useLocalBroker(): LocalBroker | null {
  const { data } = useCall('localBroker.state', undefined);
  useBridgeEvent('localBroker.changed', setLocalBroker);
  return data ?? null;
}

export function setLocalBroker(state: LocalBroker | null): void {
  queryClient.setQueryData(callOptions('localBroker.state', undefined).queryKey, state);
}
