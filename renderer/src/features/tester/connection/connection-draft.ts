import type { CallOutput } from '../../../../../shared/contract.ts';
import { type LastWill, newConnection, newWill, type OwnConnection } from '../../../../../shared/model/own-connection.ts';
import type { Problem } from '../../../../../shared/problems.ts';
import { ownConnection } from '../../../../../shared/rules/own-connection.ts';
import { problemsOfZod } from '../../../../../shared/rules/zod-problems.ts';

export type StoredConnection = CallOutput<'connection.list'>[number];

/** How somebody is known to the broker, as the form asks for it. */
export const whoChoices = ['none', 'login', 'files', 'observer', 'device'] as const;
export type Who = (typeof whoChoices)[number];

/** Somebody of the vault, whose certificate, key and password lie there and nowhere else. */
export function ofVault(who: Who): who is 'observer' | 'device' {
  return who === 'observer' || who === 'device';
}

const mqttNumbers = ['keepAlive', 'sessionExpiry', 'receiveMaximum', 'maximumPacketSize', 'topicAliasMaximum'] as const;
type MqttNumber = (typeof mqttNumbers)[number];
type WillDraft = Omit<LastWill, 'delay' | 'messageExpiry'> & { readonly delay: string; readonly messageExpiry: string };

/** A connection as typed: numbers are text, empty where none is a choice of its own; a will that is not left keeps its words. */
export interface ConnectionDraft extends Omit<OwnConnection, 'speaksAs' | 'port' | 'mqtt' | 'will'> {
  readonly who: Who;
  /** The id of the device that is meant; empty while none is chosen. */
  readonly device: string;
  readonly port: string;
  readonly mqtt: Omit<OwnConnection['mqtt'], MqttNumber> & Readonly<Record<MqttNumber, string>>;
  readonly hasWill: boolean;
  readonly will: WillDraft;
}

const textOf = (number: number | null): string => (number === null ? '' : String(number));

/** What is stored, or a new one that begins with `begin`. */
export function draftOf(stored: StoredConnection | null, begin: OwnConnection = newConnection): ConnectionDraft {
  const { speaksAs, ...settings } = stored?.settings ?? begin;
  const will = settings.will ?? newWill;
  const numbers = Object.fromEntries(mqttNumbers.map((name) => [name, textOf(settings.mqtt[name])]));
  return {
    ...settings,
    device: speaksAs?.kind === 'device' ? speaksAs.device : '',
    who: speaksAs
      ? speaksAs.kind
      : settings.tls.certificate !== ''
        ? 'files'
        : settings.user !== '' || stored?.has.password
          ? 'login'
          : 'none',
    port: String(settings.port),
    mqtt: { ...settings.mqtt, ...(numbers as Record<MqttNumber, string>) },
    hasWill: settings.will !== null,
    will: { ...will, delay: textOf(will.delay), messageExpiry: textOf(will.messageExpiry) },
  };
}

/** What the draft says; text that is no number becomes one that no rule allows. */
export function settingsOf(draft: ConnectionDraft): OwnConnection {
  const { who, device, hasWill, will, port, ...rest } = draft;
  const wanted = (text: string): number => (/^\d{1,10}$/.test(text.trim()) ? Number(text) : -1);
  const optional = (text: string): number | null => (text.trim() === '' ? null : wanted(text));
  return {
    ...rest,
    speaksAs: who === 'observer' ? { kind: who } : who === 'device' ? { kind: who, device } : null,
    host: rest.host.trim(),
    user: who === 'none' || ofVault(who) ? '' : rest.user,
    port: wanted(port),
    tls: { ...rest.tls, certificate: who === 'files' ? rest.tls.certificate : '' },
    mqtt: {
      ...rest.mqtt,
      keepAlive: wanted(rest.mqtt.keepAlive),
      sessionExpiry: optional(rest.mqtt.sessionExpiry),
      receiveMaximum: optional(rest.mqtt.receiveMaximum),
      maximumPacketSize: optional(rest.mqtt.maximumPacketSize),
      topicAliasMaximum: optional(rest.mqtt.topicAliasMaximum),
    },
    will: hasWill ? { ...will, delay: optional(will.delay), messageExpiry: optional(will.messageExpiry) } : null,
  };
}

/** What is wrong with it, by the place in the settings. `withAuthorities`: a file of them was chosen and comes with it. */
export function problemsOf(draft: ConnectionDraft, withAuthorities: boolean): ReadonlyMap<string, Problem> {
  const settings = settingsOf(draft);
  const checked = ownConnection.safeParse(settings);
  if (checked.success) return new Map();
  const found = problemsOfZod(checked.error, settings).filter(({ path }) => path !== 'tls.ca' || !withAuthorities);
  // of several at one place the first is enough to go on
  return new Map(found.toReversed().map((each) => [each.path, each]));
}
