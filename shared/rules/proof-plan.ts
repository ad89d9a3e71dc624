import type { DeviceRequest } from '../model/device.ts';
import type { AclInput } from './access-mosquitto.ts';
import { deviceAccess } from './device-access.ts';
import { fillTopic } from './topic.ts';

/** Stands in topics for a device that there is not, and for a level that a wildcard leaves open. */
export const proofWord = 'fieldkey-proof';
/** The broker publishes it by itself, retained; who may not read `$SYS` must not get it. */
export const versionTopic = '$SYS/broker/version';
/** More would take minutes on a slow line and say nothing new. */
const topicsEach = 60;

/** Whom a proof connects as, with the topics that it tries to write and to read. */
export interface ProofSubject {
  readonly id: string;
  readonly topics: readonly string[];
}

/**
 * The topics of a proof: of each chosen device its own, those of the next one, those of a device that there is not, what other
 * roles use, and one outside of everything. The observer, first in the list, tries all of them. Topics of real devices that
 * were not chosen are left alone. `stranger`: that device; `tellsVersion`: the broker publishes its version; `alone`: the observer
 * tries those of the stranger also where nobody was chosen.
 */
export function proofSubjects(
  input: AclInput,
  chosen: readonly DeviceRequest[],
  {
    stranger = proofWord,
    tellsVersion = true,
    alone = false,
  }: { readonly stranger?: string; readonly tellsVersion?: boolean; readonly alone?: boolean } = {},
): ProofSubject[] {
  const version = tellsVersion ? [versionTopic] : [];
  const { project, access, exceptions = [] } = input;
  const fill = (template: string, device: string) => messageTopic(fillTopic(template, { project, device }));
  const own = ({ id, role }: DeviceRequest) => {
    const { write, read, deny } = deviceAccess(access, exceptions, { id, role });
    return [...write, ...read, ...deny].flatMap((template) => fill(template, id));
  };
  const ofStranger = access.flatMap((rule) =>
    [...rule.write, ...rule.read, ...(rule.deny ?? [])].flatMap((template) => fill(template, stranger)),
  );
  const subjects = chosen.map((device, index) => {
    const next = chosen[(index + 1) % chosen.length] ?? device;
    const topics = [...own(device), ...own(next), ...ofStranger, `${proofWord}/outside`, ...version];
    return { id: device.id, topics: once(topics).slice(0, topicsEach) };
  });
  const ofObserver = alone ? [...ofStranger, `${proofWord}/outside`].slice(0, topicsEach) : [];
  const topics = once([...subjects.flatMap((subject) => subject.topics), ...ofObserver, ...version]);
  return [{ id: input.observer, topics }, ...subjects];
}

/** A topic that the filter matches and that means nothing to anybody; none where the broker alone publishes. */
function messageTopic(filter: string): string[] {
  if (filter.startsWith('$')) return [];
  return [
    filter
      .split('/')
      .map((level) => (level === '+' || level === '#' ? proofWord : level))
      .join('/'),
  ];
}

function once(topics: readonly string[]): string[] {
  return [...new Set(topics)];
}
