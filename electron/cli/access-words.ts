import type { ObservedConnection, ObservedRefusal, ProofCheck, ProofExplanation, RefusalTest } from '../../shared/model/proof.ts';
import type { AccessDanger, DangerKind } from '../../shared/rules/access-dangers.ts';
import type { AccessAnswer, AnswerReason } from '../../shared/rules/access-dialect.ts';

const reasons: Readonly<Record<Exclude<AnswerReason, 'line'>, string>> = {
  'no-line': 'no rule fits, and what no rule allows is denied',
  'dangerous-name': 'names with + or # are denied everything that patterns give',
  'broker-topic': 'only the broker itself writes $SYS, and $share is no topic',
  'other-client': 'the client id is not the name of the user: RabbitMQ compares both',
  subscribing: 'the broker refuses no subscription; what is delivered is decided message by message',
};

/** Why an answer is as it is, as one line. */
export function reasonText({ reason, rule }: AccessAnswer): string {
  if (reason !== 'line' || !rule) return reasons[reason === 'line' ? 'no-line' : reason];
  return `line ${rule.number} of the access list, "${rule.text}"${originText(rule.origin)}`;
}

function originText(origin: NonNullable<AccessAnswer['rule']>['origin']): string {
  switch (origin?.kind) {
    case 'role':
      return ` (role ${origin.role}: ${origin.template})`;
    case 'exception':
      return ` (exception of ${origin.device}: ${origin.template})`;
    case 'shield':
      return ` (so that the rules for devices give ${origin.member} nothing that its role does not)`;
    case 'observer':
      return ' (rights of the observer)';
    case undefined:
      return '';
  }
}

const dangers: Readonly<Record<DangerKind, (danger: AccessDanger) => string>> = {
  'writes-everything': () => 'may write every topic on the broker',
  'reads-everything': () => 'may read every topic on the broker',
  'hash-without-sys': () => '# does not take in $SYS; write $SYS/# besides it',
  'write-without-device': () => 'every device may write here in the name of any other: {device} is missing',
  'read-of-others': ({ other }) => `every device reads what is meant for others${other === '' ? '' : ` (${other})`}`,
  'write-of-others': ({ other, device }) =>
    `together with ${other} a device may write the topics of another one${device === '' ? '' : `, for instance one with the id "${device}"`}`,
  'wildcard-middle': ({ other }) => `+ stands for every branch at this place${other === '' ? '' : `, also for ${other}`}`,
  'commands-itself': ({ other }) => `a device may write the topic on which it is commanded (${other})`,
  'broker-topic': () => 'has no effect: only the broker writes $SYS, and $share is no topic',
  'denied-anyway': ({ other }) => `has no effect: ${other} is denied, and a denial always wins`,
  'denies-nothing': () => 'has no effect: nothing allows it',
  'allowed-already': () => 'has no effect: the role allows it',
  'outside-project': () => 'lies outside of {project}/',
};

/** One finding as a line. */
export function dangerText(danger: AccessDanger): string {
  const where = 'role' in danger.at ? `role ${danger.at.role}` : `exception of ${danger.at.device}`;
  return `${where}, ${danger.verb} ${danger.topic}: ${dangers[danger.kind](danger)}`;
}

/** A check of a proof as a line. */
export function checkText({ who, verb, topic, expected, seen, reasonCode, rule }: ProofCheck): string {
  const code = reasonCode !== null && reasonCode >= 128 ? ` (reason code ${reasonCode})` : '';
  const should = `should be ${expected ? 'allowed' : 'denied'}${rule === null ? '' : ` by "${rule}"`}`;
  return `${who} ${verb} ${topic}: ${should}${seen === 'untried' ? '' : `, was ${seen}${code}`}`;
}

export function connectionText({ who, protocolVersion, tls, failure, lost }: ObservedConnection): string {
  if (protocolVersion === null) return `${who}: not connected${failure ? ` (${failure.cause}, ${failure.raw})` : ''}`;
  const version = protocolVersion === 5 ? 'MQTT 5' : 'MQTT 3.1.1, writing is seen by deliveries only';
  return `${who}: ${version}${tls ? `, ${tls.protocol}` : ''}${lost > 0 ? `, lost ${lost} times: is the real one back?` : ''}`;
}

export const refusals: Readonly<Record<RefusalTest, string>> = {
  'no-certificate': 'without a certificate',
  'foreign-authority': 'with a certificate of a foreign authority',
  revoked: 'with a revoked certificate',
  expired: 'with a certificate that has ended',
  'no-password': 'without a password',
  'wrong-password': 'with a wrong password',
  'revoked-password': 'with the password of who was revoked',
  plain: 'in the clear, on this port',
  'plain-1883': 'in the clear, on port 1883',
};

export function refusalText({ test, seen, cause }: ObservedRefusal): string {
  const verdict = { refused: 'refused', accepted: 'LET IN', untried: 'not tried' }[seen];
  return `${refusals[test]}: ${verdict}${cause === null ? '' : ` (${cause})`}`;
}

const explanations: Readonly<Record<ProofExplanation['kind'], (at: number) => string>> = {
  'older-list': (at) =>
    `the broker decides by the rules as they were since ${new Date(at).toISOString()}: export the kit, copy the access list, reload the broker`,
  'everything-allowed': () => 'everything is allowed: the broker uses no access list (acl_file is missing in its configuration)',
  'nothing-allowed': () =>
    'nothing is allowed: the broker does not take the user name from the certificate, or its list knows nobody here',
  'other-rule': () => 'the access list on the broker is another one at these places: somebody changed it by hand',
};

export function explanationText({ kind, at }: ProofExplanation): string {
  return explanations[kind](at ?? 0);
}
