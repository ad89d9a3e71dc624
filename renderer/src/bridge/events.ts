import { useEffect, useEffectEvent } from 'react';
import type { EventName } from '../../../shared/bridge.ts';
import type { EventPayload } from '../../../shared/contract.ts';

/** Listens to one event of main for as long as the component is there. */
export function useBridgeEvent<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): void {
  const onEvent = useEffectEvent(listener);
  useEffect(() => window.fieldkey.on(name, (payload) => onEvent(payload as EventPayload<N>)), [name]);
}
