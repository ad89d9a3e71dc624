import { type AuditAction, type AuditEntry, knownAction } from '../../shared/model/audit.ts';
import { grouped } from './output.ts';

type Sentence = (entry: AuditEntry, value: (name: string) => string) => string;

/** By which means; programs of former times did not note it. */
const unlockedBy: Readonly<Record<string, string>> = {
  passphrase: ' with the passphrase',
  shares: ' with recovery shares',
  keychain: ' with the keychain of the computer',
};

/** That a revocation was taken over from a list that a broker had. */
function byList({ detail }: AuditEntry): string {
  return detail['deployedList'] === undefined ? '' : `, by the deployed list ${detail['deployedList']}`;
}

/** What happened, in English, as the window says it. Exhaustive: an act without words does not compile. */
const sentences: Readonly<Record<AuditAction, Sentence>> = {
  'vault.create': () => 'vault created',
  'vault.unlock': (e) => `vault unlocked${unlockedBy[String(e.detail['by'])] ?? ''}`,
  'clock.confirm': (e) => `clock confirmed: ${e.subject}`,
  'passphrase.change': () => 'passphrase changed',
  'passphrase.recover': () => 'passphrase set anew with recovery shares',
  'shares.make': () => 'recovery shares made',
  'shares.drill': () => 'recovery shares tried out',
  'keychain.add': (e) => `opening by the keychain of ${e.subject} turned on`,
  'keychain.remove': (e) => `opening by the keychain of ${e.subject} turned off`,
  'backup.write': (e) => `backup written: ${e.subject}`,
  'backup.verify': (e) => `backup checked: ${e.subject}`,
  'project.create': (e) => `project ${e.subject} created`,
  'project.change': (e) => `project ${e.subject} changed: ${Object.keys(e.detail).join(', ') || 'nothing'}`,
  'authority.create': (e) => `authority ${e.subject} created`,
  'authority.change': (e, v) => `authority ${e.subject} is ${v('state')} now`,
  'authority.offline': (e) =>
    e.detail['offline'] === false
      ? `key of ${e.subject} brought back into the vault`
      : `key of ${e.subject} taken out of the vault`,
  'authority.replace': (e) => `replacing ${e.subject}`,
  'device.add': (e, v) => `device ${e.subject} added (${v('role')})`,
  'device.change': (e, v) => `device ${e.subject}: role ${v('before')} became ${v('role')}`,
  'authority.import': (e, v) => `authority ${e.subject} imported from ${v('place')}`,
  'certificate.import': (e, v) => `certificate of ${e.subject} imported (${v('kind')}), serial ${grouped(v('serial'))}`,
  'certificate.request': (e, v) => `request made for another authority: ${e.subject} (${v('kind')})`,
  'certificate.issue': (e, v) => `certificate issued for ${e.subject} (${v('kind')}), serial ${grouped(v('serial'))}`,
  'certificate.revoke': (e, v) =>
    `certificate of ${e.subject} revoked (${v('reason')}${byList(e)}), serial ${grouped(v('serial'))}`,
  'certificate.hold': (e, v) => `certificate of ${e.subject} put on hold${byList(e)}, serial ${grouped(v('serial'))}`,
  'certificate.release': (e, v) => `hold taken back from the certificate of ${e.subject}, serial ${grouped(v('serial'))}`,
  'certificate.share': (e, v) =>
    e.detail['holder'] === undefined
      ? `device ${e.subject} has a certificate of its own again`
      : `device ${e.subject} uses the certificate of ${v('holder')}`,
  'crl.publish': (e, v) => `revocation list ${v('number')} of ${e.subject} published, ${v('entries')} entries`,
  'crl.import': (e, v) =>
    `revocation list ${v('number')} of ${e.subject}, deployed on a broker, taken over: ${v('revoked')} certificates revoked, ${v('listed')} unknown here`,
  'password.make': (e, v) =>
    `password made for ${e.subject} (${v('source')}), user name ${v('user')}${e.detail['leaving'] === undefined ? '' : '; the one before goes on for a while'}`,
  'password.end': (e, v) => `password of ${e.subject} ended, user name ${v('user')}`,
  'connection.add': (e, v) => `test connection ${e.subject} added, to ${v('host')}:${v('port')}`,
  'connection.change': (e, v) => `test connection ${e.subject} changed, to ${v('host')}:${v('port')}`,
  'connection.remove': (e) => `test connection ${e.subject} removed`,
  'inventory.write': (e, v) => `inventory of ${v('devices')} devices written: ${e.subject}`,
  'export.begin': (e) => `export to ${e.subject} begun`,
  'export.write': (e, v) => `exported to ${e.subject}: ${v('bundles')} bundles`,
  'export.fail': (e, v) => `export to ${e.subject} failed (${v('reason')})`,
  'tester.connect': (e, v) => `connected to ${v('host')}:${v('port')} as ${e.subject}, for a test`,
  'check.save': (e) => `check "${e.subject}" saved`,
  'check.remove': (e) => `check "${e.subject}" removed`,
  'check.begin': (_e, v) =>
    `${v('checks')} checks begun at ${v('host')}:${v('port')}, in place of ${v('takeover')} devices: ${v('list')}`,
  'check.finish': (_e, v) =>
    `checks at ${v('host')}:${v('port')} ended (${v('end')}): ${v('passed')} passed, ${v('failed')} failed, ${v('untried')} could not be run, ${v('devices')} devices`,
  'payload.save': (e) => `message "${e.subject}" kept for tests`,
  'payload.remove': (e) => `message "${e.subject}" removed`,
  'simulation.begin': (_e, v) =>
    `load test begun at ${v('host')}:${v('port')} in place of ${v('devices')} devices, a reading every ${v('interval')} s: ${v('list')}`,
  'simulation.finish': (_e, v) =>
    `load test at ${v('host')}:${v('port')} ended (${v('end')}): ${v('connected')} connected, ${v('refused')} refused, ${v('sent')} messages sent, ${v('acknowledged')} acknowledged`,
  'proof.begin': (_e, v) => `proof of the access rules begun at ${v('host')}:${v('port')}, as ${v('devices')}`,
  'proof.finish': (_e, v) =>
    `access rules tried at ${v('host')}:${v('port')}: ${v('outcome')}, ${v('checks')} checks, ${v('differences')} differences`,
  'proof.cancel': (_e, v) =>
    `proof of the access rules at ${v('host')}:${v('port')} broken off: connected as ${v('who')}, ${v('messages')} messages sent, ${v('refusals')} refusals tried`,
  'doctor.begin': (_e, v) => `examination of the connection to ${v('host')}:${v('port')} begun, as ${v('who')}`,
  'doctor.finish': (_e, v) =>
    `connection to ${v('host')}:${v('port')} examined as ${v('who')}: ${v('outcome')}${v('cause') === '?' ? '' : `, ${v('cause')}`}`,
  'broker.open': (e, v) => `certificate and key of ${e.subject} given to the broker on this computer, ${v('host')}:${v('port')}`,
  'checklist.confirm': (e, v) => `checklist of ${e.subject}: ${v('point')} confirmed: ${v('note')}`,
  'checklist.withdraw': (e, v) => `checklist of ${e.subject}: confirmation of ${v('point')} withdrawn: ${v('note')}`,
  'broker.close': (_e, v) => `broker on this computer stopped, ${v('host')}:${v('port')}`,
};

/** One entry as a sentence. An action of no name that is known is shown as it stands there. */
export function auditSentence(entry: AuditEntry): string {
  const action = knownAction(entry.action);
  const value = (name: string) => String(entry.detail[name] ?? '?');
  return action === null ? `${entry.action} ${entry.subject}` : sentences[action](entry, value);
}
