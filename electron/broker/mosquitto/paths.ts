import type { BrokerSettings } from '../../../shared/model/broker.ts';
import type { KitForm } from '../../../shared/model/kit.ts';

/** Where the files of the kit go on the broker's machine, or how the broker in a container sees them. */
export interface BrokerPaths {
  readonly directory: string;
  readonly certs: string;
  readonly data: string;
  readonly log: string;
  /** The broker's configuration, or that part of it which is ours. */
  readonly conf: string;
  readonly acl: string;
  readonly passwords: string;
  readonly logFile: string;
}

/** Derives every path on the machine; a slash at the end of a setting makes no difference. */
export function brokerPaths(settings: Pick<BrokerSettings, 'directory' | 'data' | 'log' | 'kit'>): BrokerPaths {
  const clean = (path: string) => path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
  const directory = clean(settings.directory);
  return pathsIn(directory, clean(settings.data), clean(settings.log), settings.kit.form);
}

/** The same files as the broker finds them: in a container, where the image looks for them. */
export function pathsForBroker(settings: Pick<BrokerSettings, 'directory' | 'data' | 'log' | 'kit'>): BrokerPaths {
  if (settings.kit.form !== 'container') return brokerPaths(settings);
  return pathsIn('/mosquitto/config', '/mosquitto/data', '/mosquitto/log', 'container');
}

function pathsIn(directory: string, data: string, log: string, form: KitForm): BrokerPaths {
  return {
    directory,
    certs: `${directory}/certs`,
    data,
    log,
    conf: form === 'drop-in' ? `${directory}/conf.d/${confName[form]}` : `${directory}/${confName[form]}`,
    acl: `${directory}/acl`,
    passwords: `${directory}/passwd`,
    logFile: `${log}/mosquitto.log`,
  };
}

/** Name of the configuration in the kit's folder. */
export const confName: Readonly<Record<KitForm, string>> = {
  whole: 'mosquitto.conf',
  'drop-in': 'fieldkey.conf',
  container: 'mosquitto.conf',
  // of two pieces, the one that goes below a listener
  fragments: 'listener.conf',
};

/** The piece of a foreign configuration that stands before every listener. */
export const globalFragment = 'global.conf';

/** Who owns what the broker reads: by name where the package makes the user, by number where only the image knows it. */
export function brokerOwner(form: KitForm): { readonly user: string; readonly group: string } {
  return form === 'container' ? { user: '1883', group: '1883' } : { user: 'mosquitto', group: 'mosquitto' };
}

/** The port of the loopback interface that a proxy on the same machine passes connections on to. */
export function portBehindProxy(port: number): number {
  return port === 18_883 ? 18_884 : 18_883;
}
