import { type BrokerSettings, emqxHostFolders } from '../../../shared/model/broker.ts';
import type { KitForm } from '../../../shared/model/kit.ts';

/** Where the files of the kit go on the broker's machine. */
export interface EmqxPaths {
  readonly directory: string;
  readonly certs: string;
  readonly conf: string;
  readonly acl: string;
  readonly users: string;
  readonly env: string;
  readonly data: string;
  readonly log: string;
  /** EMQX numbers its log files: emqx.log.1 and so on. Others with that beginning are its notes about them. */
  readonly logFiles: string;
}

export function clean(path: string): string {
  return path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
}

/** Derives every path of the kit; a slash at the end of a setting makes no difference. */
export function emqxPaths(settings: Pick<BrokerSettings, 'directory' | 'data' | 'log' | 'kit'>): EmqxPaths {
  const [directory, data, log] = [clean(settings.directory), clean(settings.data), clean(settings.log)];
  return {
    directory,
    certs: `${directory}/certs`,
    conf: `${directory}/${confName[settings.kit.form]}`,
    acl: `${directory}/acl.conf`,
    users: `${directory}/users.csv`,
    env: `${directory}/emqx.env`,
    data,
    log,
    logFiles: `${log}/emqx.log.[0-9]*`,
  };
}

/** Name of the configuration in the kit's folder; EMQX has no folder for pieces of it. */
export const confName: Readonly<Record<KitForm, string>> = {
  whole: 'emqx.conf',
  'drop-in': 'fieldkey.conf',
  container: 'emqx.conf',
  fragments: 'fieldkey.conf',
};

/** Where EMQX's packages look for emqx.conf. */
export const packageFolder = emqxHostFolders.directory;

/** Who the broker is: by name where the package makes the user, by number where only the image knows it. */
export function emqxOwner(form: KitForm): string {
  return form === 'container' ? '1000' : 'emqx';
}
