import type { BrokerTarget } from '../../../shared/model/broker.ts';
import { type IdentityMode, type KitForm, standardKit } from '../../../shared/model/kit.ts';
import { useCall } from '../bridge/queries.ts';

/** The broker of a project, as far as one has to know it to bring something there. */
export interface BrokerPlace {
  readonly target: BrokerTarget;
  /** Where its settings lie. */
  readonly directory: string;
  readonly form: KitForm;
  readonly identity: IdentityMode;
}

/** The broker software of a project and where its settings lie; Mosquitto as Debian has it while that is not known yet. */
export function useBrokerPlace(projectId: number): BrokerPlace {
  const { data } = useCall('project.overview', { projectId });
  return brokerPlace(data?.broker);
}

/** The same of a broker that is at hand. */
export function brokerPlace(
  broker:
    | { readonly target: BrokerTarget; readonly directory: string; readonly kit: Pick<BrokerPlace, 'form' | 'identity'> }
    | null
    | undefined,
): BrokerPlace {
  const { form, identity } = broker?.kit ?? standardKit;
  return { target: broker?.target ?? 'mosquitto-2.0', directory: broker?.directory ?? '/etc/mosquitto', form, identity };
}
