/** MQTT 5 reason codes of SUBACK, PUBACK and PUBREC that have words (§3.9.3, §3.4.2.1, §3.5.2.1). */
const known = {
  0: 'success',
  1: 'success',
  2: 'success',
  16: 'noSubscribers',
  128: 'unspecified',
  131: 'implementation',
  135: 'notAuthorized',
  143: 'filterInvalid',
  144: 'topicInvalid',
  145: 'packetInUse',
  151: 'quota',
  153: 'payloadFormat',
  154: 'retainUnsupported',
  155: 'qosUnsupported',
  158: 'sharedUnsupported',
  161: 'identifiersUnsupported',
  162: 'wildcardsUnsupported',
} as const;

export type ReasonKey = (typeof known)[keyof typeof known] | 'other';

/** The name under which the locales have words for a reason code. */
export function reasonKey(code: number): ReasonKey {
  return known[code as keyof typeof known] ?? 'other';
}

/** §2.4: from 128 on it is a failure. */
export function isRefusal(code: number): boolean {
  return code >= 128;
}
