import type { BrokerSettings } from '../../../shared/model/broker.ts';

/** Where the files of the kit go on the broker's machine. */
export interface BrokerPaths {
  readonly directory: string;
  readonly certs: string;
  readonly data: string;
  readonly log: string;
  readonly conf: string;
  readonly acl: string;
  readonly passwords: string;
  readonly logFile: string;
}

/** Derives every path of the kit; a slash at the end of a setting makes no difference. */
export function brokerPaths(settings: Pick<BrokerSettings, 'directory' | 'data' | 'log'>): BrokerPaths {
  const clean = (path: string) => path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
  const [directory, data, log] = [clean(settings.directory), clean(settings.data), clean(settings.log)];
  return {
    directory,
    certs: `${directory}/certs`,
    data,
    log,
    conf: `${directory}/mosquitto.conf`,
    acl: `${directory}/acl`,
    passwords: `${directory}/passwd`,
    logFile: `${log}/mosquitto.log`,
  };
}
