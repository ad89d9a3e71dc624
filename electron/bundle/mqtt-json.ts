import type { BrokerSettings } from '../../shared/model/broker.ts';
import type { IdentityMode } from '../../shared/model/kit.ts';

/** Where the device connects to: a name of the broker's certificate if there is one, otherwise an address. */
export interface BrokerEndpoint {
  readonly host: string;
  readonly url: string;
  /** The certificate has only a wildcard name; the host is then an example that people have to replace. */
  readonly guessed: boolean;
}

export function brokerEndpoint(settings: BrokerSettings): BrokerEndpoint {
  const name = settings.names.find((candidate) => !candidate.startsWith('*')) ?? settings.addresses[0];
  const host = name ?? (settings.names[0] ?? 'localhost').replace(/^\*/, 'mqtt');
  // RFC 3986 §3.2.2: an IPv6 address in a URL stands in brackets
  const inUrl = host.includes(':') ? `[${host}]` : host;
  return { host, url: `mqtts://${inUrl}:${settings.port}`, guessed: name === undefined };
}

export interface MqttJsonInput {
  readonly url: string;
  readonly clientId: string;
  readonly publishTopic: string | undefined;
  readonly subscribeTopic: string | undefined;
  readonly login?: { readonly username: string; readonly password: string } | undefined;
  readonly ca: string;
  /** Undefined where the broker asks for none. */
  readonly certificate: string | undefined;
  /** SEC1 for unencrypted EC keys, otherwise the PEM as it is. */
  readonly key: string | undefined;
}

/**
 * Settings in the keys of the whatwatt Go (`/api/v1/mqtt/settings`; devices.md), complete and self-contained, so that
 * other clients can be set up from them too: `subscribe.topic` is for those, the gateway has no such setting.
 */
export function mqttJson(input: MqttJsonInput): string {
  const settings = {
    enable: true,
    url: input.url,
    client_id: input.clientId,
    skip_cn_check: false,
    ...(input.login === undefined ? {} : { username: input.login.username, password: input.login.password }),
    ...(input.publishTopic === undefined ? {} : { publish: { topic: input.publishTopic } }),
    ...(input.subscribeTopic === undefined ? {} : { subscribe: { topic: input.subscribeTopic } }),
    broker: { certificate: input.ca },
    ...(input.certificate === undefined
      ? {}
      : { client: { certificate: input.certificate, ...(input.key === undefined ? {} : { key: input.key }) } }),
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

const bytes = (text: string) => new TextEncoder().encode(text).length;

/**
 * Why a whatwatt Go would refuse these settings: its documented limits, counted in bytes, and "8 kB" taken as 8,000, since
 * the vendor says neither. Empty when it takes them. The file is written all the same, because it also serves clients
 * without such limits; the README says what is wrong instead of how to send it.
 */
export function whatwattObjections(
  json: string,
  input: MqttJsonInput,
  { identity, encrypted }: { readonly identity: IdentityMode; readonly encrypted: boolean },
): string[] {
  const limits: readonly [string, number, number][] = [
    ['the URL', bytes(input.url), 127],
    ['the topic', bytes(input.publishTopic ?? ''), 127],
    ['the client id', bytes(input.clientId), 63],
    ['the user name', bytes(input.login?.username ?? ''), 127],
    ['the password', bytes(input.login?.password ?? ''), 127],
    ['the whole file', bytes(json), 8_000],
  ];
  const found = limits
    .filter(([, length, limit]) => length > limit)
    .map(([what, length, limit]) => `${what} has ${length} bytes, it takes ${limit}`);
  if (input.publishTopic === undefined) found.push('there is no topic that it may publish to');
  if (identity !== 'certificate' && !input.login) found.push('its password is not in this folder');
  if (identity === 'password') return found;
  if (input.key === undefined) found.push('the private key is not in this folder');
  // the vendor documents key_password, but not which encryptions it reads, and a password has no place beside its key
  if (encrypted)
    found.push('the key is encrypted: add "key_password" to "client" by hand and try whether it reads this encryption');
  return found;
}
