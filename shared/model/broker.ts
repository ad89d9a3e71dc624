import { type KitForm, type KitSettings, kitForms } from './kit.ts';

/** Broker software and version that a kit is written for. */
export const brokerTargets = ['mosquitto-2.0', 'mosquitto-2.1', 'rabbitmq-3', 'emqx-5'] as const;
export type BrokerTarget = (typeof brokerTargets)[number];

export type BrokerSoftware = 'mosquitto' | 'rabbitmq' | 'emqx';

/** Which software a target is a version of. */
export function softwareOf(target: BrokerTarget): BrokerSoftware {
  if (target === 'rabbitmq-3') return 'rabbitmq';
  return target === 'emqx-5' ? 'emqx' : 'mosquitto';
}

type Folders = Record<'directory' | 'data' | 'log', string>;

/** The folders that a software's package uses, for settings that say nothing else; for EMQX those beside its container. */
export const brokerFolders = {
  mosquitto: { directory: '/etc/mosquitto', data: '/var/lib/mosquitto', log: '/var/log/mosquitto' },
  rabbitmq: { directory: '/etc/rabbitmq', data: '/var/lib/rabbitmq', log: '/var/log/rabbitmq' },
  emqx: { directory: '/opt/emqx', data: '/opt/emqx-data', log: '/opt/emqx-log' },
} as const satisfies Record<BrokerSoftware, Folders>;

/** Those of EMQX's own package. */
export const emqxHostFolders = { directory: '/etc/emqx', data: '/var/lib/emqx', log: '/var/log/emqx' } as const;

/** The folders of a software in a form. */
export function foldersOf(target: BrokerTarget, form: KitForm): Folders {
  const software = softwareOf(target);
  return software === 'emqx' && form !== 'container' ? emqxHostFolders : brokerFolders[software];
}

/**
 * Who makes the broker's key and certificate when a project is made: `own` = both here; `request` = whoever runs the broker makes the
 * key, and their signing request (PKCS#10) is signed here; `given` = they have a certificate of another authority, which is taken over.
 */
export const brokerCertificateSources = ['own', 'request', 'given'] as const;
export type BrokerCertificateSource = (typeof brokerCertificateSources)[number];

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

type Chosen = Pick<BrokerSettings, 'target' | 'directory' | 'data' | 'log'> & { readonly kit?: Pick<KitSettings, 'form'> };

/**
 * The same settings for another broker software: folders that are those of the earlier package become those of the new one, and
 * a form that it does not have becomes a whole configuration.
 */
export function withTarget<S extends Chosen>(settings: S, target: BrokerTarget): S {
  const form = settings.kit?.form ?? 'whole';
  const next = formsOf(target).includes(form) ? form : 'whole';
  const kit = settings.kit && next !== form ? { kit: { ...settings.kit, form: next } } : {};
  return { ...settings, ...moved(settings, target, next), ...kit, target };
}

/** The same settings in another form, with the folders that go with it. */
export function withForm<S extends Chosen & { readonly kit: Pick<KitSettings, 'form'> }>(settings: S, form: KitForm): S {
  return { ...settings, ...moved(settings, settings.target, form), kit: { ...settings.kit, form } };
}

/** Folders that nobody chose are those of the software and form. */
function moved(settings: Chosen, target: BrokerTarget, form: KitForm): Partial<Folders> {
  const before = foldersOf(settings.target, settings.kit?.form ?? 'whole');
  const now = foldersOf(target, form);
  const names = ['directory', 'data', 'log'] as const;
  return Object.fromEntries(names.filter((name) => settings[name] === before[name]).map((name) => [name, now[name]]));
}

/** The forms that a software's kit has: EMQX reads no folder of pieces, so it has no part of a distribution's configuration. */
export function formsOf(target: BrokerTarget): readonly KitForm[] {
  return softwareOf(target) === 'emqx' ? kitForms.filter((form) => form !== 'drop-in') : kitForms;
}
