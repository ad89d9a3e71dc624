import type { BrokerTarget } from './broker.ts';
import type { KeyAlgorithm } from './key.ts';

/** What new things start with on this computer, until somebody decides otherwise. */
export interface Defaults {
  /** Who unlocks here, for a vault that has not been unlocked on this computer; empty = the name of the system's account. */
  readonly operator: string;
  /** Subject of new projects; empty = none. */
  readonly organisation: string;
  /** Two capital letters; empty = the country of the system. */
  readonly country: string;
  readonly key: KeyAlgorithm;
  /** Validity in days. */
  readonly deviceDays: number;
  readonly brokerDays: number;
  readonly port: number;
  readonly target: BrokerTarget;
  /** Whether an export begins with a passphrase for the device keys asked for. */
  readonly encryptKeys: boolean;
}

export const standardDefaults: Defaults = {
  operator: '',
  organisation: '',
  country: '',
  key: 'p256',
  deviceDays: 365,
  brokerDays: 397,
  port: 8883,
  target: 'mosquitto-2.0',
  encryptKeys: false,
};
