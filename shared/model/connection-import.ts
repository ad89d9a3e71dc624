/** Programs whose stored connections are read. */
export const connectionSources = ['fieldkey', 'mqttx', 'mqtt-explorer'] as const;
export type ConnectionSource = (typeof connectionSources)[number];

/** Why a file is not read at all. */
export const connectionFileRefusals = ['too-large', 'not-json', 'xml', 'excel', 'csv', 'unknown', 'newer', 'empty'] as const;
export type ConnectionFileRefusal = (typeof connectionFileRefusals)[number];

/**
 * What of a connection is not taken over.
 * - `messages`, `groups`: the other program keeps them with its connections.
 * - `subscription-options`, `subscription-off`, `client-id-time`, `connect-timeout`, `reconnect-period`, `publish-properties`:
 *   settings that have no counterpart here. `version-3.1`: MQTT 3.1 becomes 3.1.1.
 * - `file`: it names a file by its path (`detail`), which is never read unasked: it has to be given.
 * - `unreadable`: what it carries as certificate or key cannot be read, or does not belong together (`detail`: a FileProblem).
 * - `value`: not what the protocol allows (`detail`: which), the usual one stands in its place.
 */
export const lostParts = [
  'messages',
  'groups',
  'subscription-options',
  'subscription-off',
  'client-id-time',
  'connect-timeout',
  'reconnect-period',
  'publish-properties',
  'version-3.1',
  'file',
  'unreadable',
  'value',
] as const;
export type LostPart = (typeof lostParts)[number];

export interface Lost {
  readonly what: LostPart;
  readonly detail: string;
}

/** Larger ones hold messages by the hundred thousand; they are refused. */
export const connectionFileMaximum = 32 * 1024 * 1024;
