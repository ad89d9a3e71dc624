import type { CallInput, CallOutput } from '../../../../shared/contract.ts';
import type { Role } from '../../../../shared/model/access.ts';
import { type BrokerTarget, foldersOf } from '../../../../shared/model/broker.ts';
import { standardKit } from '../../../../shared/model/kit.ts';
import { type Problem, problem } from '../../../../shared/problems.ts';
import { checkBrokerFolders, checkBrokerPath } from '../../../../shared/rules/broker-path.ts';
import { checkHostName, checkIpAddress, isIpAddress } from '../../../../shared/rules/host.ts';
import { checkProjectName } from '../../../../shared/rules/project-name.ts';

export type Reviewed = CallOutput<'import.review'>;

/** What a person decides about an import, as typed. */
export interface Decisions {
  readonly project: string;
  /** Names and addresses of the broker, separated by commas. */
  readonly hosts: string;
  readonly port: string;
  readonly target: BrokerTarget;
  readonly directory: string;
  readonly data: string;
  readonly log: string;
  /** Roles that are other than proposed, by device id. */
  readonly roles: ReadonlyMap<string, Role>;
}

/** As proposed; `port` and `target` are what new projects have on this computer. */
export function decisionsOf(review: Reviewed, standard: { readonly port: number; readonly target: BrokerTarget }): Decisions {
  return {
    project: review.project,
    hosts: [...review.broker.names, ...review.broker.addresses].join(', '),
    port: String(standard.port),
    target: standard.target,
    ...foldersOf(standard.target, standardKit.form),
    roles: new Map(),
  };
}

export const folders = ['directory', 'data', 'log'] as const;
export type DecisionProblems = Readonly<Record<'project' | 'hosts' | 'port' | (typeof folders)[number], readonly Problem[]>>;

const portOf = (text: string) => (/^\d{1,5}$/.test(text.trim()) ? Number(text.trim()) : Number.NaN);
const hostsOf = (text: string) => text.split(/[\s,;]+/).filter((host) => host !== '');

/** By the rules of a plan; main checks once more. */
export function problemsOf(decisions: Decisions): DecisionProblems {
  const { project, hosts, port, directory, data, log } = decisions;
  const found = checkBrokerFolders({ directory, data, log });
  const folder = (name: (typeof folders)[number]) => [
    ...checkBrokerPath(decisions[name]),
    ...found.filter(({ path }) => path.endsWith(name)),
  ];
  const all = hostsOf(hosts);
  return {
    project: checkProjectName(project.trim()),
    hosts:
      all.length === 0
        ? [problem('broker-unreachable', {})]
        : all.flatMap((host) => (isIpAddress(host) ? checkIpAddress(host) : checkHostName(host))),
    port: portOf(port) >= 1 && portOf(port) <= 65_535 ? [] : [problem('number-range', { minimum: 1, maximum: 65_535 })],
    directory: folder('directory'),
    data: folder('data'),
    log: folder('log'),
  };
}

type Asked = Pick<CallInput<'import.run'>, 'project' | 'broker' | 'roles'>;

/** Null while something is wrong. */
export function askedFor(decisions: Decisions): Asked | null {
  if (Object.values(problemsOf(decisions)).some((found) => found.length > 0)) return null;
  const { project, hosts, port, target, directory, data, log, roles } = decisions;
  const all = hostsOf(hosts);
  return {
    project: project.trim(),
    broker: {
      names: all.filter((host) => !isIpAddress(host)),
      addresses: all.filter(isIpAddress),
      port: portOf(port),
      target,
      directory,
      data,
      log,
    },
    roles: Object.fromEntries(roles),
  };
}

/** The same decisions with one role for these devices; what is as proposed is no decision. */
export function withRole(decisions: Decisions, devices: Reviewed['devices'], role: Role): Decisions {
  const roles = new Map(decisions.roles);
  for (const device of devices) {
    if (device.role === role) roles.delete(device.id);
    else roles.set(device.id, role);
  }
  return { ...decisions, roles };
}
