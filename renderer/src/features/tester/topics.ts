import type { AccessRule } from '../../../../shared/model/access.ts';
import { fillTopic } from '../../../../shared/rules/topic.ts';
import type { PaneIdentity } from './panes.ts';

/** What somebody would try first: the observer listens to everything, a device to its commands. */
export function firstFilter(identity: PaneIdentity, project: string, access: readonly AccessRule[]): string {
  if (identity.kind === 'observer') return `${project}/#`;
  // another broker has other topics
  if (identity.kind === 'own') return '#';
  return deviceTopic(access, 'read', project, identity.id) ?? `${project}/commands/${identity.id}`;
}

/** A device sends its values, the observer commands; which device's is for the person to complete. */
export function firstTopic(identity: PaneIdentity, project: string, access: readonly AccessRule[]): string {
  if (identity.kind === 'observer') return deviceTopic(access, 'read', project, '') ?? `${project}/commands/`;
  if (identity.kind === 'own') return 'test';
  return deviceTopic(access, 'write', project, identity.id) ?? `${project}/energy/${identity.id}`;
}

function deviceTopic(access: readonly AccessRule[], way: 'read' | 'write', project: string, device: string): string | undefined {
  const template = access.find((rule) => rule.role === 'device')?.[way][0];
  return template === undefined ? undefined : fillTopic(template, { project, device });
}
