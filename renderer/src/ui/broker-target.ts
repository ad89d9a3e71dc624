import type { BrokerTarget } from '../../../shared/model/broker.ts';
import { useCall } from '../bridge/queries.ts';

/** The broker software of a project and where its settings lie; Mosquitto as Debian has it while that is not known yet. */
export function useBrokerPlace(projectId: number): { readonly target: BrokerTarget; readonly directory: string } {
  const { data } = useCall('project.overview', { projectId });
  return { target: data?.broker?.target ?? 'mosquitto-2.0', directory: data?.broker?.directory ?? '/etc/mosquitto' };
}
