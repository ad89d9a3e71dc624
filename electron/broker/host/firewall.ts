import { type Network, parseNetwork } from '../../../shared/rules/network.ts';

/** What may come in, and where. */
export interface FirewallInput {
  readonly project: string;
  readonly port: number;
  /** CIDR, already checked. */
  readonly networks: readonly string[];
  /** Ports that Docker publishes pass by the rules for the machine itself; they have to be met on their way there. */
  readonly container: boolean;
}

/** A file of `firewall/` in a kit. */
export interface FirewallFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Rules for the broker's port in the words of three firewalls; whoever reads them takes one. Each can be loaded again without
 * harm. They take care of this port alone: everybody else of the networks named, and of all others, is refused *here*, and
 * what the machine does with its other ports stays its own business. Empty without networks.
 */
export function firewallFiles(input: FirewallInput): FirewallFile[] {
  if (input.networks.length === 0) return [];
  const networks = input.networks.map(parseNetwork).filter((network) => network !== undefined);
  return [
    { name: 'nftables.nft', text: nftables(input, networks) },
    { name: 'iptables.sh', text: iptablesScript(input) },
    { name: 'iptables.rules', text: iptablesRules(input, networks, 4) },
    { name: 'ip6tables.rules', text: iptablesRules(input, networks, 6) },
    // ufw has no say over what Docker publishes
    ...(input.container ? [] : [{ name: 'ufw.sh', text: ufw(input, networks) }]),
  ];
}

function cidr({ address, prefix }: Network): string {
  return `${address}/${prefix}`;
}

function of(networks: readonly Network[], family: 4 | 6): Network[] {
  return networks.filter((network) => network.family === family);
}

/** The table is made, emptied and filled in one transaction (nft(8)): there is no moment without it. */
function nftables({ project, port, container }: FirewallInput, networks: readonly Network[]): string {
  const table = 'inet fieldkey_mqtt';
  const set = (family: 4 | 6) => {
    const elements = of(networks, family).map(cidr);
    if (elements.length === 0) return [];
    return [
      `\tset devices${family} {`,
      `\t\ttype ipv${family}_addr`,
      '\t\tflags interval',
      '\t\tauto-merge',
      `\t\telements = { ${elements.join(', ')} }`,
      '\t}',
    ];
  };
  const hook = container
    ? // before Docker writes the container's address into the packet
      'type filter hook prerouting priority mangle; policy accept;'
    : 'type filter hook input priority -10; policy accept;';
  return lines(
    '#!/usr/sbin/nft -f',
    ...head(project, port),
    '# A table of its own: it refuses everybody else on this port, and decides nothing about any other. Where the',
    '# machine refuses by default in another table, that table needs a line of its own that accepts this port.',
    `table ${table}`,
    `delete table ${table}`,
    `table ${table} {`,
    ...set(4),
    ...set(6),
    '\tchain port {',
    `\t\t${hook}`,
    `\t\ttcp dport != ${port} accept`,
    '\t\tmeta l4proto != tcp accept',
    '\t\tiif lo accept',
    ...(of(networks, 4).length > 0 ? ['\t\tip saddr @devices4 accept'] : []),
    ...(of(networks, 6).length > 0 ? ['\t\tip6 saddr @devices6 accept'] : []),
    '\t\tcounter drop',
    '\t}',
    '}',
  );
}

const chain = 'FIELDKEY-MQTT';

function iptablesRules({ project, port }: FirewallInput, networks: readonly Network[], family: 4 | 6): string {
  return lines(
    ...head(project, port),
    `# Loaded by iptables.sh with ip${family === 6 ? '6' : ''}tables-restore --noflush: only this chain is replaced.`,
    '*filter',
    `:${chain} - [0:0]`,
    `-A ${chain} -i lo -j RETURN`,
    ...of(networks, family).map((network) => `-A ${chain} -s ${cidr(network)} -j RETURN`),
    `-A ${chain} -j DROP`,
    'COMMIT',
  );
}

/** The jump stands first: `-A` would come behind rules that have accepted already. */
function iptablesScript({ project, port, container }: FirewallInput): string {
  const from = container ? 'DOCKER-USER' : 'INPUT';
  // behind Docker's address translation only the connection tracking still knows the port that was called
  const match = container
    ? `-p tcp -m conntrack --ctorigdstport ${port} --ctdir ORIGINAL -j ${chain}`
    : `-p tcp --dport ${port} -j ${chain}`;
  return lines(
    '#!/bin/sh',
    ...head(project, port),
    '# As root, in this folder. IPv4 and IPv6 have rules of their own, and both are needed. Rules are gone after a restart',
    '# of the machine unless they are kept: Debian does that with the package iptables-persistent.',
    'set -eu',
    'cd "$(dirname "$0")"',
    ...['', '6'].flatMap((six) => [
      `ip${six}tables-restore --noflush < ip${six}tables.rules`,
      `ip${six}tables -C ${from} ${match} 2> /dev/null || ip${six}tables -I ${from} 1 ${match}`,
    ]),
  );
}

/** By this comment ufw.sh finds its own rules again. */
const ufwMark = 'fieldkey-mqtt';

/**
 * ufw looks at its rules from the first to the last, appends new ones and skips those that it has: what an earlier run left is taken
 * away first, or a network that is added would come behind the refusal of everybody else, and one that is gone would stay.
 */
function ufw({ project, port }: FirewallInput, networks: readonly Network[]): string {
  const everybody = `proto tcp from any to any port ${port}`;
  return lines(
    '#!/bin/sh',
    ...head(project, port),
    '# As root, at any time again: the rules of the run before are replaced. ufw keeps them by itself; those of others stay.',
    'set -eu',
    'mine=$(mktemp)',
    'trap \'rm -f "$mine"\' EXIT',
    `ufw show added | sed -n "s/^ufw \\(.*\\) comment '${ufwMark}'$/\\1/p" > "$mine"`,
    '# shellcheck disable=SC2086 # a rule is several words',
    'while read -r rule; do ufw --force delete $rule < /dev/null > /dev/null; done < "$mine"',
    '# of everybody else there can be one rule only, and it stays where it is: without a mark it is of an earlier kit, or opens the port',
    ...['deny', 'allow'].map((action) => `ufw --force delete ${action} ${everybody} > /dev/null`),
    '# each one before all that are there: in the end networks that may, then everybody else, then the rules of others',
    `ufw prepend deny ${everybody} comment ${ufwMark}`,
    ...networks.map((network) => `ufw prepend allow proto tcp from ${cidr(network)} to any port ${port} comment ${ufwMark}`),
  );
}

function head(project: string, port: number): string[] {
  return [`# Written by Fieldkey for the project ${project}: who may reach the broker on port ${port}.`];
}

function lines(...all: string[]): string {
  return `${all.join('\n')}\n`;
}
