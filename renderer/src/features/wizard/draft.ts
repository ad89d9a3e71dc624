import { type AccessRule, defaultAccess, type Role, roles } from '../../../../shared/model/access.ts';
import {
  type BrokerCertificateSource,
  type BrokerTarget,
  brokerCertificateSources,
  brokerTargets,
  foldersOf,
} from '../../../../shared/model/broker.ts';
import { type Defaults, standardDefaults } from '../../../../shared/model/defaults.ts';
import { type KeyAlgorithm, keyAlgorithms } from '../../../../shared/model/key.ts';
import { standardKit } from '../../../../shared/model/kit.ts';
import { isIpAddress } from '../../../../shared/rules/host.ts';
import { splitTags } from '../../ui/tags.ts';

export const steps = ['project', 'authority', 'broker', 'devices', 'access', 'check', 'issue', 'export', 'done'] as const;
export type Step = (typeof steps)[number];

/** The pages on which something is decided: these are counted. */
export const decisions = ['project', 'authority', 'broker', 'devices', 'access', 'check'] as const;
export type Decision = (typeof decisions)[number];

export interface DraftSubject {
  readonly organisation: string;
  readonly country: string;
  readonly state: string;
  readonly city: string;
  readonly organisationalUnit: string;
}

/** All answers as they stand in the fields, right or not: Back must give back what was typed. */
export interface Draft {
  readonly version: 1;
  readonly step: Step;
  /** The check page was reached: editing one answer leads back there. */
  readonly checked: boolean;
  readonly project: string;
  readonly subject: DraftSubject;
  readonly key: KeyAlgorithm;
  readonly years: number;
  readonly deviceDays: number;
  /** Null = not touched: the name follows the project's. */
  readonly names: readonly string[] | null;
  readonly addresses: readonly string[];
  readonly port: string;
  readonly target: BrokerTarget;
  readonly directory: string;
  readonly data: string;
  readonly log: string;
  readonly brokerDays: string;
  /** Who runs the broker, and so who makes its key and certificate. */
  readonly brokerCertificate: BrokerCertificateSource;
  /** One device or pattern a line, see ui/device-lines.ts. */
  readonly devices: string;
  readonly role: Role;
  readonly access: readonly AccessRule[];
  /** The name under which issuing was started: what exists of it is ours and may be completed. */
  readonly started: string | null;
  readonly projectId: number | null;
}

/**
 * Answers that work, so that only a name has to be typed. `country`: of the system, two capital letters or empty; what
 * stands in the defaults goes before it.
 */
export function emptyDraft(country: string, defaults: Defaults = standardDefaults): Draft {
  return {
    version: 1,
    step: 'project',
    checked: false,
    project: '',
    subject: {
      organisation: defaults.organisation,
      country: defaults.country === '' ? country : defaults.country,
      state: '',
      city: '',
      organisationalUnit: '',
    },
    key: defaults.key,
    years: 10,
    deviceDays: defaults.deviceDays,
    names: null,
    addresses: [],
    port: String(defaults.port),
    target: defaults.target,
    ...foldersOf(defaults.target, standardKit.form),
    brokerDays: String(defaults.brokerDays),
    brokerCertificate: 'own',
    devices: 'meter-{001..003}\n',
    role: 'device',
    access: defaultAccess,
    started: null,
    projectId: null,
  };
}

/** `es-ES` → `ES`: the country of the system is a fair first guess for the subject. */
export function countryOf(systemLanguage: string): string {
  try {
    return new Intl.Locale(systemLanguage.replace('_', '-').replace(/\..*$/, '')).region?.match(/^[A-Z]{2}$/)?.[0] ?? '';
  } catch {
    return '';
  }
}

/** The name that a broker most likely gets, from the project's: a DNS label has neither `_` nor capitals (RFC 1123 §2.1). */
export function suggestedNames(project: string): string[] {
  const label = project
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return label === '' ? [] : [`mqtt.${label}.example`];
}

export function namesOf(draft: Draft): readonly string[] {
  return draft.names ?? suggestedNames(draft.project);
}

/** Nobody has said yet where the broker is: what stands there is the program's own example. */
export function isBrokerUnknown(draft: Draft): boolean {
  return draft.names === null && draft.addresses.length === 0;
}

/** Names and addresses as somebody types them into one field, apart; none is the state before anything was said. */
export function hostsIn(text: string): Pick<Draft, 'names' | 'addresses'> {
  const all = splitTags(text).filter((each, index, list) => list.indexOf(each) === index);
  // digits and colons are an address that is not finished yet, or wrong
  const isAddress = (host: string) => isIpAddress(host) || /^[0-9.]+$/.test(host) || host.includes(':');
  return all.length === 0
    ? { names: null, addresses: [] }
    : { names: all.filter((host) => !isAddress(host)), addresses: all.filter(isAddress) };
}

/** The names after the field was changed: the program's own example goes as soon as there is a real one. */
export function changedNames(draft: Draft, names: readonly string[]): Pick<Draft, 'names'> {
  const example = draft.names === null && names.length > namesOf(draft).length ? suggestedNames(draft.project) : [];
  return { names: names.filter((name) => !example.includes(name)) };
}

/** The addresses after the field was changed; as `changedNames`. */
export function changedAddresses(draft: Draft, addresses: readonly string[]): Pick<Draft, 'names' | 'addresses'> {
  return { addresses, names: isBrokerUnknown(draft) && addresses.length > 0 ? [] : draft.names };
}

/** One more name or address. */
export function withHost(draft: Draft, host: string): Partial<Draft> {
  return isIpAddress(host) ? changedAddresses(draft, [...draft.addresses, host]) : changedNames(draft, [...namesOf(draft), host]);
}

type Loose = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Loose => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown, fallback: string) => (typeof value === 'string' ? value : fallback);
const whole = (value: unknown, fallback: number) => (typeof value === 'number' && Number.isInteger(value) ? value : fallback);
const texts = (value: unknown): string[] | null =>
  Array.isArray(value) && value.every((each) => typeof each === 'string') ? [...value] : null;
const oneOf = <V extends string>(choices: readonly V[], value: unknown, fallback: V): V =>
  choices.find((each) => each === value) ?? fallback;

function rulesOf(value: unknown): readonly AccessRule[] {
  if (!Array.isArray(value)) return defaultAccess;
  return defaultAccess.map((standard) => {
    const found = value.filter(isObject).find((each) => each.role === standard.role);
    return found ? { role: standard.role, write: texts(found.write) ?? [], read: texts(found.read) ?? [] } : standard;
  });
}

/**
 * Takes up a stored draft. What a later version added or an earlier one did not know gets its default: a half
 * answer is worth more than none. `base`: a new draft. Gives null when there is nothing that could be used.
 */
export function readDraft(stored: string | null, base: Draft): Draft | null {
  if (stored === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(stored);
  } catch {
    return null;
  }
  if (!isObject(value) || value.version !== 1) return null;
  const subject = isObject(value.subject) ? value.subject : {};
  const projectId = typeof value.projectId === 'number' ? value.projectId : null;
  const step = oneOf(steps, value.step, base.step);
  return {
    version: 1,
    // work does not go on by itself after a restart: the check page shows what is asked for and starts it again
    step: step === 'issue' || ((step === 'export' || step === 'done') && projectId === null) ? 'check' : step,
    checked: value.checked === true,
    project: text(value.project, ''),
    subject: {
      organisation: text(subject.organisation, ''),
      country: text(subject.country, base.subject.country),
      state: text(subject.state, ''),
      city: text(subject.city, ''),
      organisationalUnit: text(subject.organisationalUnit, ''),
    },
    key: oneOf(keyAlgorithms, value.key, base.key),
    years: whole(value.years, base.years),
    deviceDays: whole(value.deviceDays, base.deviceDays),
    names: texts(value.names),
    addresses: texts(value.addresses) ?? [],
    port: text(value.port, base.port),
    target: oneOf(brokerTargets, value.target, base.target),
    directory: text(value.directory, base.directory),
    data: text(value.data, base.data),
    log: text(value.log, base.log),
    brokerDays: text(value.brokerDays, base.brokerDays),
    brokerCertificate: oneOf(brokerCertificateSources, value.brokerCertificate, base.brokerCertificate),
    devices: text(value.devices, ''),
    role: oneOf(roles, value.role, base.role),
    access: rulesOf(value.access),
    started: typeof value.started === 'string' ? value.started : null,
    projectId,
  };
}
