import type { ConnectionCause } from '../../shared/model/connection.ts';
import type { DoctorReport, DoctorStep, DoctorStepReport, SkipReason } from '../../shared/model/doctor.ts';
import {
  type DoctorCode,
  type DoctorFinding,
  type DoctorFix,
  type DoctorFixKind,
  type DoctorRemark,
  doctorRemarks,
} from '../../shared/model/doctor-findings.ts';
import { refusals } from './access-words.ts';
import { utc } from './output.ts';

type Values = (name: string) => string;
type Sentence = (v: Values) => string;

const steps: Readonly<Record<DoctorStep, string>> = {
  files: 'files and keys',
  predicted: 'foreseeable',
  dns: 'name',
  tcp: 'network',
  tls: 'TLS',
  admission: 'client certificate',
  connack: 'MQTT',
  subscribe: 'subscribing',
  loopback: 'round trips',
  access: 'access rules',
  negative: 'refusals',
};

const skipped: Readonly<Record<SkipReason, string>> = {
  'failed-before': 'not tried after the failure',
  'not-asked': 'left out (--quick)',
  'address-given': 'an address, no name',
  'no-tls': 'this transport has no TLS',
  'no-certificate': 'no client certificate was sent',
  'no-project': 'no project says what is allowed',
  'not-possible': 'nothing here to try it with',
  cancelled: 'cancelled',
};

/** Exhaustive: a cause without a sentence does not compile. */
export const causeTexts: Readonly<Record<ConnectionCause, Sentence>> = {
  'name-not-found': (v) => `no name server and no hosts file knows an address for ${v('host')}`,
  'name-server-silent': (v) => `no name server answered in time for ${v('host')}`,
  refused: (v) => `nothing listens on ${v('host')}:${v('port')}: the broker is stopped, or listens only to itself`,
  unreachable: (v) => `no answer from ${v('host')}: a firewall, another network, or it is switched off`,
  'no-answer': (v) => `port ${v('port')} accepted the connection and then stayed silent: no MQTT broker with TLS`,
  'plain-port': (v) => `port ${v('port')} is unencrypted: it speaks plain MQTT`,
  'tls-port': (v) => `port ${v('port')} speaks TLS, and was asked in the clear`,
  'not-tls': (v) => `port ${v('port')} speaks no TLS; it answered "${v('answer')}"`,
  'not-mqtt': (v) => `what answers on port ${v('port')} speaks TLS and no MQTT: "${v('answer')}"`,
  'websocket-refused': (v) => `no WebSocket for MQTT on port ${v('port')} (HTTP status ${v('status')})`,
  'broker-untrusted': (v) =>
    `the certificate of the broker (${v('broker')}, issued by ${v('issuer')}) was signed by no authority that is trusted`,
  'broker-other-root': (v) => `the broker's chain (${v('broker')}, issued by ${v('issuer')}) ends in a root that is not trusted`,
  'broker-authority-recreated': (v) =>
    `the broker's certificate was signed by an authority called ${v('issuer')} like ours, with another key: one of them was made anew`,
  'broker-chain-incomplete': (v) =>
    `the broker leaves out the certificate of ${v('issuer')}, which is between its own and the root`,
  'broker-self-signed': (v) => `the broker signed its certificate itself (${v('broker')})`,
  'broker-expired': (v) => `the broker's certificate ended on ${day(v('notAfter'))} by the clock of this computer`,
  'broker-not-yet-valid': (v) =>
    `the broker's certificate begins on ${day(v('notBefore'))} by the clock of this computer, which is probably behind`,
  'broker-name-mismatch': (v) => `the broker's certificate is not made for ${v('host')}; it has ${v('names')}`,
  'broker-purpose': (v) => `the certificate that the broker shows (${v('broker')}) is not meant for a server`,
  'broker-key-usage': (v) => `the key usage of the broker's certificate (${v('broker')}) lacks digitalSignature`,
  'client-certificate-required': () => 'the broker wants a client certificate and saw none',
  'client-certificate-unknown-authority': (v) =>
    `the broker does not know ${v('issuer')}, which issued the certificate of ${v('client')}`,
  'client-certificate-expired': (v) =>
    `the certificate of ${v('client')} ended on ${day(v('notAfter'))}, for the broker and for this computer`,
  'client-certificate-not-yet-valid': (v) => `the certificate of ${v('client')} begins on ${day(v('notBefore'))}`,
  'client-certificate-weak': (v) => `the certificate of ${v('client')} is too weak: a short RSA key, or SHA-1`,
  'broker-list-ended': (v) =>
    `the broker refuses the certificate of ${v('client')} as ended, which has time until ${day(v('notAfter'))}: its revocation list has ended, or its clock is ahead`,
  'client-certificate-revoked': (v) => `the certificate of ${v('client')} is on the revocation list of the broker`,
  'client-certificate-unsupported': (v) => `the certificate of ${v('client')} is not meant for a client`,
  'client-certificate-rejected': (v) =>
    `the broker rejects the certificate of ${v('client')} and says no more: mostly its clock is behind`,
  'handshake-failure': () => 'the broker broke the TLS handshake off without saying why',
  'no-common-cipher': () => 'no cipher in common: the handshake ended before the broker showed a certificate',
  'protocol-version': () => 'no version of TLS in common; at least 1.2 is needed',
  alpn: () => 'the broker wants an application protocol (ALPN) that was not offered',
  'server-name-refused': (v) => `nothing there answers to the name ${v('host')} (SNI)`,
  'closed-during-tls': (v) =>
    `${v('host')}:${v('port')} closes the connection as soon as TLS begins: a proxy, a firewall, or another service`,
  'file-unreadable': (v) => `${file(v)} cannot be read: neither PEM nor DER`,
  'key-unsupported': () => 'this kind of key cannot be used here (curve, or form of encryption); P-256 works everywhere',
  'key-mismatch': (v) => `the key does not belong to the certificate of ${v('client')}`,
  'passphrase-missing': () => 'the key is encrypted, and there is no passphrase',
  'passphrase-wrong': () => 'the passphrase of the key is wrong',
  'authority-unreadable': () => 'there is no certificate in the authority file; TLS would ignore it silently',
  'authority-is-no-authority': () => 'what is in the authority file is no authority',
  'no-connack': (v) => `TLS came about on port ${v('port')}, and then no answer to CONNECT`,
  'closed-before-connack': () => 'TLS came about, and then the connection was closed without an answer to CONNECT',
  'mqtt-version': () => 'the broker speaks neither MQTT 5 nor 3.1.1 here',
  credentials: () => 'the broker refuses user name or password',
  'authentication-method': () => 'the broker wants another authentication method',
  'authentication-unanswered': (v) =>
    `the broker goes on with an authentication exchange (method ${v('method')}), and there is no answer for step ${v('step')}`,
  'not-authorized': (v) => `the broker does not admit ${v('client') === '' ? 'this client' : v('client')}`,
  banned: () => 'the broker has banned this client',
  'client-id-rejected': () => 'the broker refuses the client id',
  'taken-over': () => 'somebody else connects with the same certificate or client id, and takes the connection',
  'packet-too-large': () => 'a packet was larger than the broker takes',
  'quota-exceeded': () => 'a quota of the broker is used up',
  'rate-limited': () => 'too fast for the rate limit of the broker',
  'server-busy': () => 'the broker takes no connections at the moment',
  'server-moved': () => 'the broker says that another server is in charge',
  'shutting-down': () => 'the broker is shutting down',
  'protocol-error': () => 'something against the rules of MQTT',
  'closed-by-broker': () => 'the broker closed the connection, which it had accepted, and gave no reason',
  'keep-alive-timeout': () => 'no sign of life from the broker in time',
  resting: () => 'somebody else speaks with the same certificate at the moment',
  'vault-locked': () => 'the vault was locked',
  'tester-ended': () => 'the process that tests ended unexpectedly',
  unknown: () => 'the signs fit no cause that is known here',
};

/** As exhaustive. */
export const remarkTexts: Readonly<Record<DoctorRemark, Sentence>> = {
  'file-converted': (v) => `the ${v('file')} file is ${v('form')}, and was converted`,
  'public-authorities': () => 'no authority was given: those that this computer trusts are used',
  'chain-short': (v) => `the client's chain ends below ${v('issuer')}, whose certificate should come along`,
  'client-ends-soon': (v) => `the certificate of ${v('client')} ends in ${v('days')} days, on ${day(v('notAfter'))}`,
  'client-ended': (v) => `the certificate of ${v('client')} has ended on ${day(v('notAfter'))}`,
  'client-not-begun': (v) => `the certificate of ${v('client')} does not begin before ${day(v('notBefore'))}`,
  'client-purpose': (v) => `the certificate of ${v('client')} lacks clientAuth`,
  'client-weak': (v) => `the certificate of ${v('client')} (${v('key')}, ${v('signature')}) is weaker than brokers take today`,
  'client-revoked': (v) =>
    `the certificate of ${v('client')} is ${v('hold') === '1' ? 'on hold' : 'revoked'} in the vault, since ${day(v('revokedAt'))}`,
  'client-other-authority': (v) =>
    `the certificate of ${v('client')} is from ${v('issuer')}, that of the broker is checked against ${v('authority')}`,
  'authority-ended': (v) => `the authority ${v('authority')} has ended on ${day(v('notAfter'))}`,
  'list-ended': (v) =>
    `the revocation list of the project has ended on ${day(v('nextUpdate'))}: a broker that has it refuses everybody`,
  'list-ends-soon': (v) =>
    `the revocation list of the project ends in ${v('days')} days: after that the broker refuses everybody`,
  'own-broker-ended': (v) =>
    `the certificate that the project has for its broker (${v('broker')}) has ended on ${day(v('notAfter'))}`,
  'own-broker-lacks-name': (v) => `the certificate that the project has for its broker lacks ${v('host')}; it has ${v('names')}`,
  'clock-wrong': (v) => `the clock of this computer (${day(v('now'))}) contradicts the vault, which knows of ${day(v('known'))}`,
  'address-dead': (v) => `${v('address')} does not answer (${v('error')}), another address does`,
  unencrypted: (v) => `port ${v('port')} is unencrypted: everybody on the way can read what is sent`,
  'broker-ends-soon': (v) => `the certificate of the broker (${v('broker')}) ends in ${v('days')} days, on ${day(v('notAfter'))}`,
  'broker-other-certificate': (v) =>
    `the broker shows another certificate (${v('fingerprint').slice(0, 16)}…) than the newest of the project (${v('own').slice(0, 16)}…)`,
  'broker-key-usage-lax': (v) =>
    `the key usage of the certificate of ${v('broker')} has no digitalSignature: stricter clients will refuse it`,
  'server-name-overridden': (v) => `checked for the name ${v('name')} in place of ${v('host')}; other clients will refuse this`,
  'not-verified': () => 'the connection takes any certificate: whoever is in between can pretend to be the broker',
  'no-certificate-asked': () => 'the broker asks for no client certificate, and the project wants one',
  'keep-alive-lowered': (v) => `the broker lowered the keep-alive from ${v('asked')} to ${v('given')} seconds`,
  'packet-limit': (v) => `the broker takes packets of at most ${v('bytes')} bytes`,
  'client-id-assigned': (v) => `the broker chose the client id ${v('id')}`,
  'older-protocol': () => 'the broker speaks MQTT 3.1.1 only: it does not say what it can do, nor when it refuses a topic',
  'qos-limited': (v) => `the broker takes QoS ${v('qos')} at most`,
  'no-retained': () => 'the broker keeps no retained messages',
  'no-wildcards': () => 'the broker allows no wildcards in subscriptions',
  'no-shared': () => 'the broker has no shared subscriptions',
  'session-expiry-changed': (v) => `the broker keeps sessions for ${v('given')} seconds, asked were ${v('asked')}`,
  'subscription-refused': (v) =>
    `the subscription to ${v('topic')} was ${v('reasonCode') === '0' ? 'not answered' : `refused (reason code ${v('reasonCode')})`}`,
  'publish-refused': (v) => `publishing to ${v('topic')} was refused (reason code ${v('reasonCode')})`,
  'not-delivered': (v) => `what was published to ${v('topic')} did not arrive within ${v('milliseconds')} ms`,
  slow: (v) => `a message took ${v('milliseconds')} ms`,
  'one-identity-only': (v) => `only ${v('tested')} took part: the way from devices to the observer and back was not tried`,
  'access-differs': (v) => `${v('count')} of ${v('total')} access rules are otherwise on the broker than in the project`,
  'access-older-list': (v) => `the broker decides by the rules as they were since ${day(v('at'))}`,
  'access-everything-allowed': () => 'the broker allows everything: it uses no access list',
  'access-nothing-allowed': () => 'the broker allows nothing: its access list does not know these names',
  'access-other-rule': () => 'the access list of the broker was changed at these places',
  'access-untried': (v) => `${v('count')} access rules could not be tried`,
  'let-in-no-certificate': () => 'LET IN without a certificate',
  'let-in-foreign-authority': () => 'LET IN with a certificate of a foreign authority',
  'let-in-revoked': () => 'LET IN with a revoked certificate',
  'let-in-expired': () => 'LET IN with a certificate that has ended',
  'let-in-no-password': () => 'LET IN without the password',
  'let-in-wrong-password': () => 'LET IN with a wrong password',
  'let-in-revoked-password': () => 'LET IN with a password that is over: the broker has the password file of before a revocation',
  'let-in-plain': (v) => `port ${v('port')} takes unencrypted connections`,
  'refusal-untried': (v) => `could not be tried: ${refusals[v('test') as keyof typeof refusals] ?? v('test')}`,
};

/** The commands and options that do it; what needs a person is said as a sentence. */
const fixes: Readonly<Record<DoctorFixKind, (v: Values, project: string) => string>> = {
  'reissue-broker': (v, p) =>
    `add ${v('name')} to the broker's names or addresses in the plan of ${p}, run "fieldkey provision", copy certs/ to the broker, restart it`,
  'renew-broker': (_v, p) => `fieldkey renew ${p} --broker, then export, copy certs/ to the broker, restart it`,
  'export-kit': (_v, p) => `fieldkey export ${p} --out DIR, copy the folder broker/ to the broker and run its install.sh`,
  'publish-list': (_v, p) => `fieldkey crl ${p} --out crl.pem, replace certs/crl.pem on the broker, restart it`,
  'renew-device': (v, p) => `fieldkey renew ${p} --device ${v('device')}`,
  'rekey-device': (v, p) => `fieldkey rekey ${p} --device ${v('device')}`,
  'replace-device': (v, p) => `fieldkey rekey ${p} --device ${v('device')}, and bring the new files to it`,
  'renew-observer': (_v, p) => `fieldkey renew ${p} --observer`,
  'other-device': () => 'try as another device: --as DEVICE',
  'as-observer': () => 'try as the observer: --as observer',
  'as-device': () => 'try as a device: --as DEVICE',
  'enter-passphrase': () => 'give the passphrase: FIELDKEY_KEY_PASSPHRASE or --passphrase-file FILE',
  'choose-files': () => 'use other files: --cert FILE --key FILE',
  'choose-authority': () => 'use the authority of this broker: --ca FILE',
  'change-connection': (v) =>
    `change the connection ${v('connection')} on the page Test, or give --cert, --ca or --username here`,
  'enter-login': () => 'log in: --username NAME and FIELDKEY_MQTT_PASSWORD',
  'other-client-id': () => 'use another client id: --client-id ID',
  'use-port': (v) => `try the other port: --port ${v('port')} --transport ${v('transport')}`,
  'use-address': (v) => `try the address: --host ${v('address')}`,
  'server-name': (v) => `for this test only: --server-name ${v('name') === '' ? 'NAME' : v('name')}`,
  'set-clock': () => 'set the clock of this computer',
  'compare-log': () => "read the broker's log of this moment (fieldkey log FILE)",
};

/** What a finding says, without its weight. */
export function findingText({ code, params }: Pick<DoctorFinding, 'code' | 'params'>): string {
  const value: Values = (name) => String(params[name] ?? '');
  return isRemark(code) ? remarkTexts[code](value) : causeTexts[code](value);
}

export function fixText({ fix, params }: DoctorFix, project: string): string {
  return fixes[fix]((name) => String(params[name] ?? ''), project);
}

/** The report as lines for people. */
export function reportLines(report: DoctorReport): string[] {
  const { place, identity, verdict } = report;
  const project = report.project ?? 'PROJECT';
  const cause = verdict.cause;
  return [
    `${place.transport}://${place.host}:${place.port} as ${identity.connection?.name ?? (identity.id === '' ? identity.kind : identity.id)}`,
    ...report.steps.flatMap(stepLines),
    ...(cause === null ? [] : ['', `Cause: ${findingText(cause)}.`]),
    ...(cause?.alternatives.length
      ? [`It looks the same as: ${cause.alternatives.map((code) => findingText({ code, params: cause.params })).join('; or: ')}.`]
      : []),
    ...(cause?.fixes.map((each) => `  - ${fixText(each, project)}`) ?? []),
    '',
    outcomes[verdict.outcome],
  ];
}

const outcomes: Readonly<Record<DoctorReport['verdict']['outcome'], string>> = {
  healthy: 'Everything is as it should be.',
  remarks: 'It works, and something should be looked at.',
  failed: 'It does not work.',
  cancelled: 'Cancelled.',
};

function stepLines(step: DoctorStepReport): string[] {
  const name = steps[step.step].padEnd(19);
  if (step.outcome === 'skipped') return [`  -     ${name}${step.skipped === null ? '' : skipped[step.skipped]}`];
  const mark = { passed: 'ok   ', warned: 'LOOK ', failed: 'FAIL ' }[step.outcome];
  const findings = step.findings.map(
    ({ weight, ...finding }) => `          ${weight === 'note' ? 'note: ' : ''}${findingText(finding)}`,
  );
  return [`  ${mark} ${name}${Math.round(step.milliseconds)} ms${evidenceText(step)}`, ...findings];
}

/** The most telling thing that was seen. */
function evidenceText(step: DoctorStepReport): string {
  if (!step.evidence) return '';
  switch (step.step) {
    case 'dns':
      return `, ${step.evidence.addresses.map(({ address }) => address).join(', ')}`;
    case 'tcp':
      return step.evidence.used === null ? '' : `, ${step.evidence.used}`;
    case 'tls':
      return step.evidence.protocol === null ? '' : `, ${step.evidence.protocol} ${step.evidence.cipher ?? ''}`;
    case 'connack': {
      const { capabilities } = step.evidence;
      return `, MQTT ${capabilities.protocolVersion === 5 ? '5' : '3.1.1'}${capabilities.software === null ? '' : `, ${capabilities.software}`}`;
    }
    case 'loopback':
      return step.evidence.trips
        .map(
          ({ from, to, milliseconds }) => `, ${from} → ${to} ${milliseconds === null ? 'lost' : `${milliseconds.toFixed(1)} ms`}`,
        )
        .join('');
    case 'access':
      return `, ${step.evidence.checks.length} checks`;
    case 'negative':
      return `, ${step.evidence.refusals.filter(({ seen }) => seen === 'refused').length} of ${step.evidence.refusals.length} refused`;
    default:
      return '';
  }
}

function isRemark(code: DoctorCode): code is DoctorRemark {
  return (doctorRemarks as readonly DoctorCode[]).includes(code);
}

function day(time: string): string {
  const at = Number(time);
  return at === 0 || Number.isNaN(at) ? 'a day that is not known' : utc(at);
}

function file(v: Values): string {
  return v('file') === '' ? 'a file' : `the ${v('file')} file`;
}
