import type { AccessRule } from '../../../../shared/model/access.ts';
import { fillTopic } from '../../../../shared/rules/topic.ts';
import { type PaneIdentity, speakerOf } from './panes.ts';

/** What somebody would try first: the observer listens to everything, a device to its commands. */
export function firstFilter(identity: PaneIdentity, project: string, access: readonly AccessRule[]): string {
  const speaker = speakerOf(identity);
  // another broker has other topics
  if (speaker === null) return '#';
  if (speaker.kind === 'observer') return `${project}/#`;
  return deviceTopic(access, 'read', project, speaker.device) ?? `${project}/commands/${speaker.device}`;
}

/** A device sends its values, the observer commands; which device's is for the person to complete. */
export function firstTopic(identity: PaneIdentity, project: string, access: readonly AccessRule[]): string {
  const speaker = speakerOf(identity);
  if (speaker === null) return 'test';
  if (speaker.kind === 'observer') return deviceTopic(access, 'read', project, '') ?? `${project}/commands/`;
  return deviceTopic(access, 'write', project, speaker.device) ?? `${project}/energy/${speaker.device}`;
}

function deviceTopic(access: readonly AccessRule[], way: 'read' | 'write', project: string, device: string): string | undefined {
  const template = access.find((rule) => rule.role === 'device')?.[way][0];
  return template === undefined ? undefined : fillTopic(template, { project, device });
}
