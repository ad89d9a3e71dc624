import type { CallInput, CallOutput } from '../../../../shared/contract.ts';
import { checkIpAddress } from '../../../../shared/rules/host.ts';

type Broker = NonNullable<CallOutput<'project.overview'>['broker']>;

/** The broker's settings with one more name or address: saving them issues its certificate anew. */
export function changedBroker(broker: Broker, name: string): CallInput<'broker.change'>['settings'] {
  const { names, addresses, port, target, directory, data, log, days, kit } = broker;
  const isAddress = checkIpAddress(name).length === 0;
  const added = (list: readonly string[], wanted: boolean) =>
    wanted && name !== '' && !list.some((each) => each.toLowerCase() === name.toLowerCase()) ? [...list, name] : [...list];
  return {
    names: added(names, !isAddress),
    addresses: added(addresses, isAddress),
    port,
    target,
    directory,
    data,
    log,
    days,
    kit,
  };
}
