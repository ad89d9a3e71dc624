import type { ErrorCode, ErrorReport } from '../../shared/errors.ts';
import type { AnswerRefusal } from '../../shared/model/answer.ts';
import type { ListRefusal } from '../../shared/model/deployed-list.ts';
import type { IntakeRefusal } from '../../shared/model/request.ts';
import type { Problem, Rule } from '../../shared/problems.ts';
import { profileRefusalText } from './profile-words.ts';

/**
 * The command line's sentences, English only: its output is read by scripts and pasted into tickets. Both tables are
 * exhaustive, so a new code or rule does not compile before it has a sentence.
 */

type Values = Readonly<Record<string, unknown>>;

const errorText: Record<ErrorCode, (p: Values) => string> = {
  INPUT_INVALID: (p) => `The input is not valid.${list(p['problems'])}`,
  PLAN_INVALID: (p) => `The plan ${p['file']} is not valid. Nothing was issued.${list(p['problems'])}`,
  PLAN_NOT_READABLE: (p) => `The plan ${p['file']} cannot be read: ${p['reason']}`,
  PLAN_CONFLICT: (p) =>
    `The project ${p['project']} exists and cannot become what the plan says. Nothing was issued.${list(p['problems'])}\nUse the stored values, or another project name.`,
  VAULT_EXISTS: (p) => `There is already a file ${p['file']}. Choose another name.`,
  VAULT_NOT_FOUND: (p) => `There is no vault ${p['file']}. Check the path; "provision" creates a vault.`,
  VAULT_NOT_A_VAULT: (p) => `${p['file']} is not a Fieldkey vault. It was not changed.`,
  VAULT_FROM_FUTURE: (p) =>
    `${p['file']} was written by a newer Fieldkey (format ${p['found']}, this program knows ${p['supported']}). Update Fieldkey; the vault was not changed.`,
  VAULT_IN_USE: (p) =>
    `${p['file']} is open in another Fieldkey (process ${p['pid']} on ${p['host']} since ${p['since']}). Lock or close it there first.`,
  VAULT_NOT_WRITABLE: (p) =>
    `${p['file']} cannot be opened for writing: ${p['reason']}. Check the permissions, or copy it to a place that can be written.`,
  VAULT_DAMAGED: (p) =>
    `${p['file']} is damaged: ${p['detail']}. Nothing is written to it. "restore" puts a sound copy in its place and keeps this file.`,
  VAULT_TAMPERED: (p) =>
    `The vault was changed outside of Fieldkey (${p['table']}, row ${p['row']}). Use a copy from before the change, and find out who made it.`,
  VAULT_LOCKED: () => 'The vault was locked meanwhile. What was issued until then is kept; run the command again.',
  VAULT_NOT_OPEN: () => 'No vault is open. Name one with --vault FILE.',
  VAULT_FULL: (p) =>
    `The disk is full; ${p['file']} is as it was after the last complete step. Make room and run the command again.`,
  VAULT_READ_ONLY: (p) =>
    `${p['file']} can be read but not written: ${p['reason']}. Nothing was changed. Take the write protection away, or copy the vault to a place that can be written.`,
  VAULT_GONE: (p) =>
    `${p['file']} was removed or replaced while it was open. Nothing more is written; what was committed before may be in the file that was moved away.`,
  COPY_UNSOUND: (p) => `${p['file']} is not a sound copy: ${p['detail']}. The vault was not touched; try an older copy.`,
  CLOCK_WRONG: (p) =>
    `The clock of this computer says ${new Date(Number(p['clock'])).toISOString()}, the vault knows of ${new Date(Number(p['known'])).toISOString()}. Nothing was issued: certificates with wrong dates would be refused by devices or live too long. Set the clock; if it is right, run the command again with --clock-is-right.`,
  PASSPHRASE_WRONG: () =>
    'The passphrase is not right. Check caps lock and keyboard layout; without it nobody can open the vault.',
  KEY_PASSPHRASE_WRONG: () =>
    'This passphrase does not open the key file. It has one of its own (FIELDKEY_AUTHORITY_PASSPHRASE), chosen when the key was taken out of the vault.',
  BACKUP_PASSPHRASE_WRONG: () =>
    'The passphrase of the backup is not right, or the file was changed. A backup has a passphrase of its own, besides that of the vault in it.',
  PASSPHRASE_WEAK: (p) => `The passphrase is too short: at least ${p['minimum']} characters, for example four or five words.`,
  PASSPHRASE_MISSING: (p) => `No passphrase: set ${p['variable']}, or run the command in a terminal and type it when asked.`,
  PASSPHRASE_DIFFERENT: () => 'The two passphrases are not the same. Run the command again.',
  SHARES_NONE: () => 'No recovery shares were made for this vault. "shares make" makes them, with the passphrase.',
  SHARES_TOO_FEW: (p) => `${p['needed']} different shares are needed, ${p['given']} were given. Nothing was changed.`,
  SHARE_MISTYPED: (p) =>
    `Share ${p['share']} of those given cannot be read (${shareMistakes[String(p['reason'])] ?? p['reason']})${Number(p['group']) > 0 ? `: look at group ${p['group']}` : ''}. Nothing was changed.`,
  SHARE_OTHER_VAULT: (p) =>
    `Share ${p['share']} of those given belongs to another vault (${p['vault']}, this one is ${p['expected']}).`,
  SHARE_OTHER_SET: (p) =>
    `Share ${p['share']} of those given (number ${p['index']} on its card) is of set ${p['set']}; only those of set ${p['expected']} open this vault, because making shares replaces the ones before.`,
  SHARE_TWICE: (p) =>
    `Shares ${p['other']} and ${p['share']} of those given are the same one (number ${p['index']} on its card).`,
  SHARE_WRONG: (p) =>
    `Share ${p['share']} of those given is not the one that was handed out as number ${p['index']}: it was altered.`,
  KEYCHAIN_UNAVAILABLE: () => 'This computer has no keychain that could keep the key of a vault. Use the passphrase.',
  KEYCHAIN_LOST: () => 'The keychain of this computer has nothing that opens this vault. Use the passphrase.',
  KEYCHAIN_ENDED: () =>
    'This vault is not opened by the keychain of that computer: it was turned off, or the passphrase was changed.',
  PROJECT_NOT_FOUND: (p) => `There is no project ${p['project']} in this vault. "list" shows those that are.`,
  PROJECT_EXISTS: (p) => `There is already a project ${p['project']}.`,
  DEVICE_NOT_FOUND: (p) => `There is no device ${p['device']} in this vault. "list" shows those that are.`,
  DEVICE_EXISTS: (p) => `There is already a device ${p['device']} in this project.`,
  CERTIFICATE_NOT_FOUND: (p) => `There is no certificate ${p['certificate']}.`,
  AUTHORITY_NOT_FOUND: (p) => `There is no authority ${p['authority']}.`,
  ISSUER_EXPIRED: (p) =>
    `The authority ${p['authority']} ended on ${new Date(Number(p['notAfter'])).toISOString()}; it can issue nothing more.`,
  KEY_ELSEWHERE: (p) =>
    `Only the public half of their key is here: ${[p['devices']].flat().join(', ')}. Have a new signing request made, sign it with "sign-requests --replace", then "revoke" the old certificate.`,
  TEST_CERTIFICATE_REFUSED: (p) =>
    `${p['device']} gets no test certificate: that is for a device that works with a valid certificate and keeps its key itself. Renew or replace it first; a device whose key is in the vault is tested with its own.`,
  KEY_UNAVAILABLE: (p) => `The private key ${p['key']} is not in this vault.`,
  AUTHORITY_OFFLINE: (p) =>
    `The private key of ${p['authority']} is not in this vault: it was taken out. Bring it for this one act with --key FILE, or let a site authority issue ("authority site").`,
  AUTHORITY_OUTSIDE: (p) =>
    `${p['authority']} belongs to somebody else and signs nothing here. "authority request" makes a request for it, "authority answer" takes what comes back.`,
  AUTHORITY_KEY_OTHER: (p) =>
    `The key in this file is not that of ${p['authority']}. Use the file that "authority offline" wrote.`,
  AUTHORITY_IS_ROOT: (p) =>
    `${p['authority']} is a root: whoever trusts it does so without a revocation list. Replace it with "replace-root".`,
  AUTHORITY_NEEDED: (p) =>
    `${p['authority']} stays in use: only an authority that has ended is taken out of use like this, and another one has to be there that issues. "replace-root" replaces one that has not ended.`,
  AUTHORITY_NOT_ACTIVE: (p) => `The authority ${p['authority']} cannot do this: it is ${p['state']}.`,
  CERTIFICATE_REVOKED: (p) => `The certificate ${p['serial']} is revoked already, for good. Issue a new one instead.`,
  CERTIFICATE_NOT_HELD: (p) => `The certificate ${p['serial']} is not on hold; only a hold can be lifted.`,
  CERTIFICATE_SHARED: (p) =>
    `${names(p['devices'])} use the certificate of another device. Replace that one, or give them their own first: fieldkey share end.`,
  PASSWORD_CHANGING: (p) =>
    `The password of ${names(p['devices'])} is being changed already. End that first: fieldkey password finish (or undo).`,
  MOVE_NOT_FOUND: (p) => `No authority is being replaced (${p['move']}). "authority list" shows what there is.`,
  MOVE_INCOMPLETE: (p) =>
    `${p['remaining']} of ${p['total']} devices have no certificate of the new authority yet, or were not exported since it is trusted; they could not connect any more. "renew" and "export" them first, or use --force.`,
  LINT_FAILED: (p) =>
    `Fieldkey's own check refused what it had just built; nothing was stored. Please report this: ${[p['findings']].flat().join('; ')}`,
  REQUEST_REFUSED: (p) => `The request is not signed: ${requestRefusalText(String(p['reason']))}.`,
  ANSWER_REFUSED: (p) => `The answer is not taken, and nothing was changed: ${answerRefusalText(String(p['reason']))}.`,
  CRL_REFUSED: (p) =>
    `The revocation list is not taken over, and nothing was changed (${p['list']}): ${listRefusalText(String(p['reason']))}.`,
  BROKER_NOT_OURS: () =>
    'The broker has a certificate of another authority, or a key that somebody else keeps: neither is replaced on the way. Make a new request, or have one made; "broker own" makes both here again.',
  PROFILE_REFUSED: (p) => `It is not issued like this: ${profileRefusalText(String(p['reason']))}.`,
  IMPORT_NO_AUTHORITY: () =>
    'There is no authority here that could issue: a certificate of an authority with its private key is needed. Nothing was imported. "--dry-run" says what was found and why it is not taken; encrypted keys need FIELDKEY_KEY_PASSPHRASE.',
  IMPORT_ALREADY: (p) => `The vault has the key of ${p['name']} already. Nothing was imported.`,
  IMPORT_CHANGED: () => 'The files are not those that were shown any more. Nothing was imported; look at them again.',
  EXPORT_FOREIGN_FILES: (p) =>
    `${p['directory']} has files that are not from its last export, so it is not replaced: ${[p['files']].flat().join(', ')}. Move them away, or export to another folder.`,
  EXPORT_OTHER_AUTHORITY: (p) =>
    `${p['directory']} holds a project of the same name with another authority, so it is not replaced. Check that this is the right vault; move that folder away, or export to another one.`,
  EXPORT_NOT_WRITABLE: (p) =>
    `${p['directory']} cannot be written: ${p['reason']}. Check the rights of that folder, or export to another one.`,
  EXPORT_READ_ONLY: (p) =>
    `${p['directory']} is on a read-only medium. Slide its write protection open, or have a damaged stick repaired; then export again.`,
  EXPORT_MEDIUM_GONE: (p) =>
    `The medium of ${p['directory']} was pulled out or does not answer any more (${p['reason']}). Plug it in and export again; keys may be on it already.`,
  EXPORT_NO_SPACE: (p) => `Not enough room for ${p['directory']}: ${p['needed']} bytes are needed, ${p['free']} are free.`,
  EXPORT_VERIFY_FAILED: (p) =>
    `What was read back from ${p['directory']} is not what was written: ${[p['files']].flat().join(', ')}. Use another medium.`,
  EXPORT_CANCELLED: (p) => `Cancelled. ${p['directory']} is as it was before.`,
  FILE_TOO_LARGE: (p) => `${p['file']} is larger than ${p['limit']} bytes; this cannot be what it should be.`,
  LOG_NOT_READABLE: (p) => `The log ${p['file']} cannot be read: ${p['reason']}.`,
  FILE_MALFORMED: (p) => `Not a readable ${p['what']}: ${p['reason']}.`,
  PAYLOAD_NOT_FOUND: () => 'There is no such saved message in this project.',
  OBSERVER_MEASURES: () => 'The observer is measuring a load test on this broker. Stop it first, or wait for its end.',
  SIMULATION_RUNNING: () => 'A load test is running. Stop it first.',
  CHECK_NOT_FOUND: (p) => `There is no check "${p['check']}" in this project.`,
  CHECKS_RUNNING: () => 'Checks are running. Wait for their end, or stop them first.',
  CONNECTION_NOT_FOUND: () => 'There is no such connection (any more).',
  CONNECTION_NOT_OPEN: () => 'The connection is not open. Connect first.',
  RECORDING_NOT_WRITABLE: (p) => `Nothing can be recorded in ${p['folder']}: ${p['reason']}.`,
  RECORDING_UNREADABLE: (p) => `The recording cannot be read: ${p['reason']}.`,
  BROKER_PORT_IN_USE: (p) =>
    `Port ${p['port']} of ${p['host']} is used by another program. Stop that one, or choose another port.`,
  BROKER_ADDRESS_MISSING: (p) =>
    `This computer does not have the address ${p['host']} now. Check cable or WLAN, or choose another one.`,
  BROKER_PORT_PRIVILEGED: (p) =>
    `The system does not let this program listen on port ${p['port']}. Choose one above 1023, 8883 for example.`,
  BROKER_FAILED: (p) => `The broker could not be started: ${p['detail']}.`,
  BROKER_NOT_RUNNING: () => 'The broker does not run. Start it first.',
  PROOF_CANCELLED: (p) =>
    `Broken off; nothing is kept as a proof, and the audit log says so. Until then: connected as ${names(p['who'])}, ${p['messages']} messages sent, ${p['refusals']} refusals tried. All connections are closed.`,
  JOB_CANCELLED: (p) => `Cancelled. ${p['done']} of ${p['total']} were done and are kept; run the command again for the rest.`,
  INTERNAL: (p) => `Something unexpected happened: ${p['detail']}. Please report this.`,
};

const shareMistakes: Readonly<Record<string, string>> = {
  empty: 'it is empty',
  length: 'characters are missing or too many',
  character: 'a character that no share has',
  checksum: 'a character is wrong',
  version: 'it was made by a newer Fieldkey',
};

/** Why the answer of another authority is not taken. */
export const answerRefusalTexts: Record<AnswerRefusal, string> = {
  'no-certificate': 'there is no certificate in these files (PEM, DER or P7B)',
  'no-request': 'no request of this project waits for an answer',
  key: 'none of the certificates is for the key of our request',
  'in-use': 'the broker has this certificate already',
  'key-known': 'its key is one of this vault that is used for something else',
  'not-yet': 'the certificate is not valid yet',
  ended: 'the certificate has ended',
  'is-authority': 'it is the certificate of an authority, not of a server',
  purpose: 'it is not for servers (extKeyUsage has no serverAuth)',
  name: 'it is not valid for the name that devices connect to, so they would refuse the broker',
  'chain-incomplete': 'the chain is not complete: give the certificates of all its issuers, up to the root that signed itself',
  'chain-unsound': 'the chain does not hold: one of its certificates was not issued by the next one, or may not issue it',
  'not-authority': 'it is no authority (basicConstraints without cA): ask for a subordinate authority',
  'may-not-sign': 'its keyUsage lacks keyCertSign or cRLSign: it could not sign certificates and revocation lists',
  'not-for-devices': 'extKeyUsage of the chain has no clientAuth: brokers would refuse every device below it',
  'other-name': 'it has another name or key identifier than before: what the authority has signed would lose its issuer',
  'names-forbidden': 'the name constraints of the chain do not allow the names of the devices',
  'chain-weak':
    'a certificate of the chain has a weak key or signature, or one that cannot be checked here (SHA-1, RSA-PSS, Ed25519)',
};

function answerRefusalText(reason: string): string {
  const texts: Readonly<Record<string, string>> = answerRefusalTexts;
  return texts[reason] ?? reason;
}

/** Why a list that a broker has is not taken over, and what to do. */
export const listRefusalTexts: Record<ListRefusal, string> = {
  none: 'there is no revocation list in it; take crl.pem from the folder of the broker',
  damaged: 'it is cut short or changed; copy it from the broker once more',
  'other-issuer':
    'no authority of this vault made it; check that vault and broker belong together. Of an authority that was made after the backup nothing is known here: take its block out of the file, and bring the others',
  signature:
    'it is not signed with the key of the authority whose name it has, or in a way that cannot be checked here (SHA-1, RSA-PSS, Ed25519); copy it from the broker once more, or bring the list of the right authority',
  partial: 'it is a delta or indirect list, or one for a part of the certificates; bring the complete one of this authority',
  number:
    'its number is so high that no list of Fieldkey could come after it; if this authority really made it, replace the authority by a new one',
};

function listRefusalText(reason: string): string {
  const texts: Readonly<Record<string, string>> = listRefusalTexts;
  return texts[reason] ?? reason;
}

/** Why a request is not issued; also what the project has against it. */
export const requestRefusalTexts: Record<IntakeRefusal, string> = {
  'not-a-request': 'this is no certificate signing request (PKCS#10, PEM or DER)',
  'too-large': 'it is far too large for a certificate signing request',
  'key-algorithm': 'its key is neither RSA nor EC; devices and brokers in the field cannot read others',
  'rsa-too-short': 'its RSA key is shorter than 2048 bits',
  'rsa-too-long': 'its RSA key is longer than 4096 bits',
  'rsa-modulus': 'its RSA key is not sound (modulus)',
  'rsa-exponent': 'its RSA key has an exponent below 65537, or an even one',
  curve: 'its EC key is on another curve than P-256 or P-384',
  'curve-explicit': 'its EC key spells the parameters of its curve out; make it with a named curve',
  'curve-point': 'its EC key is not an uncompressed point on its curve',
  'signature-hash': 'it is signed with SHA-1 or MD5; make it with SHA-256',
  'signature-pss': 'it is signed with RSA-PSS; make it with sha256WithRSAEncryption',
  'signature-algorithm': 'it is signed in a way that does not belong to its key, or is not known',
  signature: 'its signature does not fit its key, so it is not proved that whoever made it has the key',
  'id-missing': 'it has no common name that could be a device id; give one with --id',
  'id-invalid': 'its name cannot be a device id (letters, digits, dot, hyphen and underscore, at most 63)',
  'id-reserved': 'its name is kept for identities of the program',
  'name-taken': 'a device of that name is in the project; --replace gives that device another certificate',
  'name-twice': 'another request of this list has the same name',
  'key-known': 'the vault knows that key already, for something else',
  'key-twice': 'another request of this list has the same key',
  'role-without-access': 'nothing is allowed to that role in this project',
};

function requestRefusalText(reason: string): string {
  const texts: Readonly<Record<string, string>> = requestRefusalTexts;
  return texts[reason] ?? reason;
}

const ruleText: Record<Rule, (p: Values) => string> = {
  'unknown-key': (p) => `there is no "${p['key']}" here; check the spelling`,
  missing: () => 'is missing or empty',
  type: (p) => `must be of type ${p['expected']}`,
  choice: (p) => `must be one of: ${p['choices']}`,
  'too-short': (p) => `must be at least ${p['minimum']} long`,
  'too-long': (p) => `is longer than ${p['maximum']}`,
  'number-range': (p) => `must be from ${p['minimum']} to ${p['maximum']}`,
  integer: () => 'must be a whole number',
  duplicate: (p) => `"${p['value']}" is already at ${p['other']} (upper and lower case count as the same)`,
  'password-spaces': () => 'must not begin or end with a space',
  'control-character': () => 'must not contain control characters',
  'country-code': () => 'must be two capital letters, as in ISO 3166: ES, DE, FR',
  'project-name': (p) => `"${p['value']}" must be 1 to 63 of A-Z a-z 0-9 . _ - and not begin or end with a dot`,
  'device-id-characters': (p) => `"${p['value']}" may only have A-Z a-z 0-9 . _ - (not: ${p['characters']})`,
  'device-id-length': (p) => `"${p['value']}" is longer than ${p['maximum']} characters`,
  'device-id-dot': (p) => `"${p['value']}" must not begin or end with a dot`,
  'device-id-windows': (p) => `"${p['value']}" is a name that Windows reserves; a folder of that name cannot be made`,
  'device-id-reserved': (p) => `"${p['value']}" is an identity that every project has already`,
  'pattern-form': (p) => `"${p['value']}" is no pattern like press-{001..100}`,
  'pattern-range': (p) => `"${p['value']}" ends before it begins`,
  'pattern-size': (p) => `"${p['value']}" stands for more than ${p['maximum']} devices`,
  'host-name': (p) => `"${p['value']}" is not a DNS name: letters, digits and hyphens between dots, at most 63 each`,
  'host-wildcard': (p) => `"${p['value']}": a wildcard must be the whole first part, with two parts after it (*.lab.example)`,
  'host-is-address': (p) => `"${p['value']}" looks like an IP address; addresses belong in broker.addresses`,
  'ip-address': (p) => `"${p['value']}" is not an IPv4 or IPv6 address`,
  'ip-unspecified': (p) => `"${p['value']}" means "every interface"; devices need the address at which they find the broker`,
  'broker-unreachable': () => 'needs at least one name or address at which devices find the broker',
  'topic-empty': () => 'a topic must not be empty',
  'topic-too-long': (p) => `a topic has at most ${p['maximum']} bytes`,
  'topic-character': () => 'a topic must not contain control characters',
  'topic-plus': (p) => `"${p['value']}": + must stand alone between slashes`,
  'topic-hash': (p) => `"${p['value']}": # must be the last level and stand alone`,
  'topic-placeholder': (p) =>
    `"${p['value']}": ${p['placeholder']} cannot be used here; {project} and {device} can, {device} as a whole level`,
  'topic-wildcard': (p) => `"${p['value']}": a message goes to one topic, without + and #`,
  'bytes-hex': () => 'hexadecimal has two digits for each byte',
  'bytes-base64': () => 'not base64',
  variable: (p) =>
    `${p['value']} is no variable; {{device}}, {{project}}, {{now}}, {{random 0 100}}, {{counter}}, {{uuid}} and {{run}} are`,
  json: () => 'not JSON',
  'json-path': (p) => `"${p['value']}" is not a place in JSON like $.meter.values[0]`,
  'check-variable': (p) =>
    `${p['value']}: what is expected has to be known beforehand; {{device}}, {{project}} and {{run}} can be used`,
  'check-code-qos': () => 'a reason code comes only with QoS 1 or 2',
  'check-refused-arrives': () =>
    'a message that the broker refuses cannot arrive: expect that nothing does, or another reason code',
  'check-name': (p) => `there is a check "${p['value']}" already`,
  'url-path': (p) => `"${p['value']}": a path begins with / and has no spaces`,
  'session-needs-id': () => 'a session that is kept needs a client id',
  'identity-needs-tls': () => 'an identity of the vault is used with TLS only',
  'topic-percent': (p) => `"${p['value']}": write {device} instead of Mosquitto's %u or %c`,
  'topic-spaces': (p) => `"${p['value']}" begins or ends with a space`,
  'role-unknown': (p) => `there is no access rule for the role "${p['role']}"`,
  'role-name': (p) =>
    `"${p['value']}" cannot be a role: lower-case letters, digits and hyphens, beginning with a letter, at most 32`,
  'shares-target': () => 'devices that share a certificate are told apart by Mosquitto only',
  'shares-already': (p) => `${p['device']} hands its own certificate to others; it cannot use another one at the same time`,
  'exception-device': (p) => `there is no device "${p['device']}" in this project`,
  'access-none': (p) => `the role "${p['role']}" may neither write nor read anything`,
  'path-absolute': (p) => `"${p['value']}" must begin with /`,
  'path-shared': (p) => `"${p['value']}" belongs to the whole system; name a folder of the broker's own below it`,
  'path-inside': (p) => `"${p['value']}" lies in ${p['other']}; the three folders must be apart`,
  'topic-part-level': (p) =>
    `"${p['value']}": Mosquitto 2.1 replaces {device} only where it is a whole level between slashes; write {project}/{device}/… instead`,
  'rabbitmq-separator': (p) =>
    `"${p['value']}": to RabbitMQ a dot in a topic is a slash and a * is a +; use neither in names and topics, or another broker`,
  'kit-target': (p) => `EMQX has no kit of the form "${p['value']}"; use "whole", "container" or "fragments"`,
  'cipher-names': (p) => `"${p['value']}" has a word that RabbitMQ and EMQX do not know, or names no cipher that they have`,
  'cipher-list': (p) => `"${p['value']}" is not a cipher list of OpenSSL, such as ECDHE+AESGCM:!aNULL`,
  'cipher-suite': (p) => `"${p['value']}" is not a suite of TLS 1.3; there are ${p['choices']}`,
  network: (p) => `"${p['value']}" is not a network, such as 192.168.100.0/24 or fd00:1::/64`,
  'network-host-bits': (p) => `"${p['value']}" is an address in a network; the network is ${p['network']}`,
  'network-everybody': (p) => `"${p['value']}" is everybody; name the networks of the devices, or none for no firewall rules`,
  'log-target': (p) =>
    `"${p['value']}" is no place for logs: for Loki https://HOST:3100/loki/api/v1/push, for syslog HOST or HOST:PORT`,
  'text-broken': () => 'contains broken characters (half of a surrogate pair)',
  'path-characters': (p) => `"${p['value']}" may only have letters, digits, spaces and . _ - /`,
  'fixed-after-creation': (p) => `is "${p['stored']}" in the vault and cannot become "${p['planned']}"`,
  'date-range': (p) => `must be a date from ${p['earliest']} to ${p['latest']}`,
  'fleet-too-large': (p) => `more than ${p['maximum']} devices; divide them into projects`,
};

/** One problem as a line: `devices[3].id: "m+1" may only have …`. */
export function problemText(problem: Problem): string {
  return `${problem.path === '' ? '' : `${problem.path}: `}${ruleText[problem.rule](problem.params)}`;
}

/** An error as a person reads it: what happened, and what to do. */
export function errorSentence(error: ErrorReport): string {
  return errorText[error.code](error.params);
}

function list(problems: unknown): string {
  return Array.isArray(problems) ? (problems as Problem[]).map((p) => `\n  ${problemText(p)}`).join('') : '';
}

function names(devices: unknown): string {
  return Array.isArray(devices) ? devices.join(', ') : String(devices);
}
