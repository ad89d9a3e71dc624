import type { KitSettings } from './kit.ts';

/** Broker software and version that a kit is written for. */
export const brokerTargets = ['mosquitto-2.0', 'mosquitto-2.1', 'rabbitmq-3', 'emqx-5'] as const;
export type BrokerTarget = (typeof brokerTargets)[number];

export type BrokerSoftware = 'mosquitto' | 'rabbitmq' | 'emqx';

/** Which software a target is a version of. */
export function softwareOf(target: BrokerTarget): BrokerSoftware {
  if (target === 'rabbitmq-3') return 'rabbitmq';
  return target === 'emqx-5' ? 'emqx' : 'mosquitto';
}

/** The folders that a software's package uses, for settings that say nothing else. */
export const brokerFolders = {
  mosquitto: { directory: '/etc/mosquitto', data: '/var/lib/mosquitto', log: '/var/log/mosquitto' },
  rabbitmq: { directory: '/etc/rabbitmq', data: '/var/lib/rabbitmq', log: '/var/log/rabbitmq' },
  emqx: { directory: '/opt/emqx', data: '/opt/emqx-data', log: '/opt/emqx-log' },
} as const satisfies Record<BrokerSoftware, Record<'directory' | 'data' | 'log', string>>;

/** What a project knows of its broker. Paths are those on the broker's machine, POSIX. */
export interface BrokerSettings {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  readonly port: number;
  readonly target: BrokerTarget;
  /** Where the configuration goes; certs/ lies below it. */
  readonly directory: string;
  readonly data: string;
  readonly log: string;
  /** Validity of the broker certificate in days. */
  readonly days: number;
  readonly kit: KitSettings;
}

/**
 * The same settings for another broker software: folders that are those of the earlier package become those of the new one, and
 * what only Mosquitto's kit knows becomes what every kit knows.
 */
export function withTarget<
  S extends Pick<BrokerSettings, 'target' | 'directory' | 'data' | 'log'> & {
    readonly kit?: Pick<KitSettings, 'form' | 'identity'>;
  },
>(settings: S, target: BrokerTarget): S {
  const [before, now] = [softwareOf(settings.target), softwareOf(target)];
  if (before === now) return { ...settings, target };
  const folders = (['directory', 'data', 'log'] as const).map((name) => [
    name,
    settings[name] === brokerFolders[before][name] ? brokerFolders[now][name] : settings[name],
  ]);
  const kit = settings.kit && now !== 'mosquitto' ? { kit: { ...settings.kit, form: 'whole', identity: 'certificate' } } : {};
  return { ...settings, ...Object.fromEntries(folders), ...kit, target };
}
