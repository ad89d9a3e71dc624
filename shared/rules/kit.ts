import { z } from 'zod';
import {
  deviceNames,
  identityModes,
  type KitSettings,
  kitForms,
  logDetails,
  logShippings,
  standardKit,
  tls13Suites,
  tlsVersions,
} from '../model/kit.ts';
import { type Problem, problem } from '../problems.ts';
import { checkHostName, isIpAddress } from './host.ts';
import { checkNetwork } from './network.ts';
import { ruled, whole } from './zod-problems.ts';

/** Bounds of the numbers of a kit; the window asks for the same. */
export const kitBounds = {
  maxConnections: [1, 600_000],
  // a packet of MQTT has at most 268,435,455 bytes after its fixed header (MQTT 5 §1.5.5); Mosquitto counts that header too
  maxPacketSize: [256, 268_435_460],
  // Mosquitto's 0 means "no limit" for both
  maxInflightMessages: [1, 65_535],
  maxQueuedMessages: [1, 1_000_000],
  connectionRate: [1, 10_000],
  logWeeks: [1, 520],
} as const satisfies Partial<Record<keyof KitSettings, readonly [number, number]>>;

const bounded = (name: keyof typeof kitBounds) => whole(kitBounds[name][0], kitBounds[name][1]);

/**
 * Checks an OpenSSL cipher list by its letters only: what the names mean is known by the broker's own OpenSSL. It ends in a
 * line of a configuration and in quotes of a shell.
 */
export function checkCiphers(list: string): Problem[] {
  if (list === '') return [];
  if (!/^[A-Za-z0-9_+!:@=.-]{1,1000}$/.test(list)) return [problem('cipher-list', { value: list })];
  // a list that only takes away leaves nothing
  return list.split(':').some((part) => /^[A-Za-z0-9]/.test(part)) ? [] : [problem('cipher-list', { value: list })];
}

/** Checks the suites of TLS 1.3: known ones, none twice. */
export function checkTls13Suites(list: string): Problem[] {
  if (list === '') return [];
  const parts = list.split(':');
  const strange = parts.find((part) => !(tls13Suites as readonly string[]).includes(part));
  if (strange !== undefined) return [problem('cipher-suite', { value: strange, choices: tls13Suites.join(', ') })];
  const twice = parts.find((part, index) => parts.indexOf(part) < index);
  return twice === undefined ? [] : [problem('duplicate', { value: twice, other: String(parts.indexOf(twice) + 1) })];
}

/** Checks where logs are sent: a URL for Loki, a host with or without a port for syslog. */
export function checkShippingTarget({
  shipping,
  shippingTarget: target,
}: Pick<KitSettings, 'shipping' | 'shippingTarget'>): Problem[] {
  if (shipping === 'none') return [];
  if (target === '') return [problem('missing', {})];
  if (shipping === 'loki')
    return /^https?:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._~/-]*)?$/.test(target) ? [] : [problem('log-target', { value: target })];
  const { host, port } = syslogTarget(target);
  const isPort = Number.isInteger(port) && port >= 1 && port <= 65_535;
  return isPort && (isIpAddress(host) || (host !== '' && checkHostName(host).length === 0)) && !host.includes('*')
    ? []
    : [problem('log-target', { value: target })];
}

/** `host`, `host:port` or `[IPv6]:port`; 514 where none is named (RFC 6587 §3.2 has none of its own, rsyslog takes 514). */
export function syslogTarget(target: string): { readonly host: string; readonly port: number } {
  if (isIpAddress(target)) return { host: target, port: 514 };
  const found = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d{1,5}))?$/.exec(target);
  return { host: found?.[1] ?? found?.[2] ?? '', port: found ? Number(found[3] ?? 514) : Number.NaN };
}

/** What does not fit together in a kit, with paths below it. */
export function checkKit(kit: KitSettings): Problem[] {
  const twice = kit.networks.findIndex((network, index) => kit.networks.indexOf(network) < index);
  return [
    ...checkShippingTarget(kit).map((found) => ({ ...found, path: 'shippingTarget' })),
    ...(twice === -1
      ? []
      : [
          problem(
            'duplicate',
            { value: kit.networks[twice] ?? '', other: `networks[${kit.networks.indexOf(kit.networks[twice] ?? '')}]` },
            `networks[${twice}]`,
          ),
        ]),
  ];
}

/** The kit's part of a plan, every field with its default. */
export const kitSchema = z.strictObject({
  form: z.enum(kitForms).default(standardKit.form),
  identity: z.enum(identityModes).default(standardKit.identity),
  deviceIs: z.enum(deviceNames).default(standardKit.deviceIs),
  tlsMinimum: z.enum(tlsVersions).default(standardKit.tlsMinimum),
  ciphers: ruled(z.string(), checkCiphers).default(standardKit.ciphers),
  ciphersTls13: ruled(z.string(), checkTls13Suites).default(standardKit.ciphersTls13),
  maxConnections: bounded('maxConnections').nullable().default(standardKit.maxConnections),
  maxPacketSize: bounded('maxPacketSize').default(standardKit.maxPacketSize),
  maxInflightMessages: bounded('maxInflightMessages').default(standardKit.maxInflightMessages),
  maxQueuedMessages: bounded('maxQueuedMessages').default(standardKit.maxQueuedMessages),
  connectionRate: bounded('connectionRate').nullable().default(standardKit.connectionRate),
  logDetail: z.enum(logDetails).default(standardKit.logDetail),
  connectionMessages: z.boolean().default(standardKit.connectionMessages),
  logWeeks: bounded('logWeeks').default(standardKit.logWeeks),
  networks: z
    .array(ruled(z.string(), checkNetwork))
    .readonly()
    .default([...standardKit.networks]),
  shipping: z.enum(logShippings).default(standardKit.shipping),
  shippingTarget: z.string().default(standardKit.shippingTarget),
});
