import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { KitForm } from '../../../shared/model/kit.ts';

/** Where the files of the kit go on the broker's machine. */
export interface RabbitmqPaths {
  readonly directory: string;
  readonly certs: string;
  readonly crls: string;
  readonly conf: string;
  readonly advanced: string;
  readonly plugins: string;
  readonly env: string;
  readonly definitions: string;
  readonly data: string;
  readonly log: string;
  /** Of the distribution's own configuration it has the node in its name, so this is a pattern then. */
  readonly logFile: string;
}

type Folders = Pick<BrokerSettings, 'directory' | 'data' | 'log' | 'kit'>;

/** Derives every path of the kit; a slash at the end of a setting makes no difference. */
export function rabbitmqPaths(settings: Folders): RabbitmqPaths {
  const clean = (path: string) => path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
  return pathsIn(clean(settings.directory), clean(settings.data), clean(settings.log), settings.kit.form);
}

/** The same files as the broker finds them: in a container, where the image looks for them. */
export function pathsForBroker(settings: Folders): RabbitmqPaths {
  if (settings.kit.form !== 'container') return rabbitmqPaths(settings);
  return pathsIn(rabbitmqFolders.directory, rabbitmqFolders.data, rabbitmqFolders.log, 'container');
}

function pathsIn(directory: string, data: string, log: string, form: KitForm): RabbitmqPaths {
  const theirs = form === 'drop-in' || form === 'fragments';
  return {
    directory,
    certs: `${directory}/certs`,
    crls: `${directory}/crls`,
    conf: form === 'drop-in' ? `${directory}/conf.d/${confName[form]}` : `${directory}/rabbitmq.conf`,
    advanced: `${directory}/advanced.config`,
    plugins: `${directory}/enabled_plugins`,
    env: `${directory}/rabbitmq-env.conf`,
    definitions: `${directory}/${theirs ? 'fieldkey-' : ''}definitions.json`,
    data,
    log,
    logFile: `${log}/${theirs ? 'rabbit@*.log' : 'rabbitmq.log'}`,
  };
}

/** Name of the configuration in the kit's folder. Files in conf.d are read in the order of their names, and the last one counts. */
export const confName: Readonly<Record<KitForm, string>> = {
  whole: 'rabbitmq.conf',
  'drop-in': '90-fieldkey.conf',
  container: 'rabbitmq.conf',
  fragments: 'rabbitmq.conf.part',
};

/** Folders of Debian's package and of the image; Debian's programs look for rabbitmq-env.conf in the first one only. */
export const rabbitmqFolders = { directory: '/etc/rabbitmq', data: '/var/lib/rabbitmq', log: '/var/log/rabbitmq' } as const;

/** Who the broker is: by name where the package makes the user, by number where only the image knows it. */
export function rabbitmqOwner(form: KitForm): string {
  return form === 'container' ? '999' : 'rabbitmq';
}
