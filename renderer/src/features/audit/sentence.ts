import type { TFunction } from 'i18next';
import { type AuditEntry, knownAction } from '../../../../shared/model/audit.ts';
import type { RevocationReason } from '../../../../shared/model/certificate.ts';
import type { Format } from '../../locales/format.ts';
import { colonHex, shortHex } from '../../ui/hex.ts';
import { wordOf } from './word.ts';

/** What of a project an act can have changed: the names of its detail. */
const projectParts = ['access', 'exceptions', 'broker', 'trust', 'settings', 'moves'] as const;

/** By which means a vault was unlocked; programs of former times did not note it. */
const unlockedBy = ['passphrase', 'shares', 'keychain'] as const;

/** What an entry says, as one sentence. `whole`: serial numbers in full, as a report needs them. */
export function sentenceOf(entry: AuditEntry, t: TFunction, format: Format, whole = false): string {
  const { subject, detail } = entry;
  const action = knownAction(entry.action);
  // from a newer program, or not what was written: shown as it stands there
  if (action === null) return t('audit.unknownAction', { action: entry.action, subject });
  if (action === 'authority.offline' && detail['offline'] === false) return t('audit.keyBack', { subject });
  if (action === 'certificate.share' && detail['holder'] === undefined) return t('audit.unshared', { subject });
  if (action === 'password.make' && detail['leaving'] !== undefined)
    return t('audit.overlap', { subject, user: String(detail['user']) });
  const by = action === 'vault.unlock' ? unlockedBy.find((each) => each === detail['by']) : undefined;
  if (by !== undefined) return t(`audit.unlockedBy.${by}`);
  const text = (name: string) => String(detail[name] ?? '?');
  const serial = whole ? colonHex(text('serial')) : shortHex(text('serial'));
  const parts = projectParts.filter((part) => part in detail).map((part) => t(`audit.part.${part}`));
  const sentence = t(`audit.action.${action}`, {
    subject,
    serial,
    what: parts.length > 0 ? format.list(parts) : t('audit.somethingElse'),
    kind: wordOf(t, 'audit.kind', detail['kind']),
    state: wordOf(t, 'audit.state', detail['state']),
    role: wordOf(t, 'common.role', detail['role']),
    before: wordOf(t, 'common.role', detail['before']),
    outcome: wordOf(t, 'audit.outcome', detail['outcome']),
    reason: reasonWord(t, detail['reason']),
    number: text('number'),
    holder: text('holder'),
    user: text('user'),
    who: text('who'),
    entries: text('entries'),
    bundles: text('bundles'),
    point: wordOf(t, 'checklist.title', detail['point']),
    note: text('note'),
    devices: text('devices'),
    interval: text('interval'),
    connected: text('connected'),
    refused: text('refused'),
    sent: text('sent'),
    place: `${text('host')}:${text('port')}`,
    revoked: text('revoked'),
    listed: text('listed'),
  });
  // a revocation that came with a list that a broker had
  return detail['deployedList'] === undefined ? sentence : t('audit.byList', { act: sentence, list: text('deployedList') });
}

export function reasonWord(t: TFunction, reason: unknown): string {
  return wordOf(t, 'common.reason', reason as RevocationReason);
}

/** The moment of an entry; one whose time was changed to none at all has words for that. */
export function momentOf(at: number | null, t: TFunction, format: Format): string {
  return at === null || Math.abs(at) > 8.64e15 ? t('audit.unknownTime') : format.dateTime(at);
}
