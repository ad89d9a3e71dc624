/** What can be tried against the practice broker; each is something that it has to refuse. */
export const practiceAttempts = ['stranger', 'no-certificate', 'revoked', 'topic'] as const;
export type PracticeAttempt = (typeof practiceAttempts)[number];

/** Why somebody was not let in; explained at the practice broker's channel. */
export const brokerRefusals = [
  'no-certificate',
  'unknown-authority',
  'revoked',
  'expired',
  'not-yet-valid',
  'purpose',
  'no-name',
  'password',
  'revocation-list',
  'tls-version',
  'not-tls',
  'broker-not-trusted',
  'mqtt-version',
  'not-mqtt',
  'too-many-connections',
  'gave-up',
  'handshake',
] as const;
export type BrokerRefusal = (typeof brokerRefusals)[number];

/** For what a broker runs on this computer. */
export const brokerPurposes = ['practice', 'temporary'] as const;
export type BrokerPurpose = (typeof brokerPurposes)[number];
