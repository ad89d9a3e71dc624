import type { KitSettings } from './kit.ts';

/** Broker software and version that a kit is written for. */
export const brokerTargets = ['mosquitto-2.0', 'mosquitto-2.1'] as const;
export type BrokerTarget = (typeof brokerTargets)[number];

/** What a project knows of its broker. Paths are those on the broker's machine, POSIX. */
export interface BrokerSettings {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  readonly port: number;
  readonly target: BrokerTarget;
  /** Where mosquitto.conf goes; certs/ lies below it. */
  readonly directory: string;
  readonly data: string;
  readonly log: string;
  /** Validity of the broker certificate in days. */
  readonly days: number;
  readonly kit: KitSettings;
}
