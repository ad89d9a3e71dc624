import { useEffect, useSyncExternalStore } from 'react';
import type { SimulationReport } from '../../../../../shared/model/simulation.ts';
import { call } from '../../../bridge/client.ts';

let report: SimulationReport | null = null;
const listeners = new Set<() => void>();
let listening = false;

export function noteSimulation(next: SimulationReport | null): void {
  report = next;
  for (const each of listeners) each();
}

function listen(): void {
  if (listening) return;
  listening = true;
  window.fieldkey.on('simulation.changed', (payload) => noteSimulation(payload as SimulationReport));
  window.fieldkey.on('vault.changed', (payload) => {
    // names of devices must not outlive the open vault in this process
    if ((payload as { state: string }).state !== 'unlocked') noteSimulation(null);
  });
}

/** The load test of a project, as it goes on or as it ended; null = none since the program was started. */
export function useSimulation(projectId: number): SimulationReport | null {
  useEffect(() => {
    listen();
    void call('simulation.show', { projectId })
      .then((shown) => noteSimulation(shown))
      .catch(() => undefined);
  }, [projectId]);
  const present = useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => report,
  );
  return present?.projectId === projectId ? present : null;
}
