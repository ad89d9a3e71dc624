interface Found {
  readonly name: string;
  readonly address: string;
  readonly family: 4 | 6;
  readonly internal: boolean;
}

/** Networks between programs of one computer; no device is in them. */
const inside = /^(docker|veth|br-|virbr|vmnet|vboxnet|vethernet|lxc|lxd|podman|cni|flannel|cali)/i;

/** As many as are read at a glance. */
const most = 3;

/**
 * Addresses of this computer at which devices could find a broker that runs on it: IPv4 first, because small devices often know
 * nothing else; no loopback, and no network of containers or virtual machines.
 */
export function ownAddresses(found: readonly Found[]): string[] {
  const real = found.filter(({ internal, name }) => !internal && !inside.test(name));
  return [...new Set([...real].sort((a, b) => a.family - b.family).map(({ address }) => address))].slice(0, most);
}
