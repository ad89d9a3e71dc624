import { isDeepStrictEqual } from 'node:util';
import { FieldkeyError } from '../../shared/errors.ts';
import type { AccessException, AccessRule, Role } from '../../shared/model/access.ts';
import { type BrokerSettings, type BrokerTarget, softwareOf } from '../../shared/model/broker.ts';
import type { DeviceName } from '../../shared/model/kit.ts';
import { type Problem, problem } from '../../shared/problems.ts';
import { checkAccessForTarget } from '../../shared/rules/access-target.ts';
import { checkNameForTarget } from '../../shared/rules/broker-target.ts';
import { renewFrom } from '../../shared/rules/certificate-state.ts';
import { plainExceptions, plainRule } from '../../shared/rules/device-access.ts';
import { foldDeviceId } from '../../shared/rules/device-id.ts';
import { checkPlan } from '../../shared/rules/plan.ts';
import { changeBroker, reissueBroker } from '../authority/broker-certificate.ts';
import { isForeign } from '../authority/broker-chain.ts';
import { brokerAwaits } from '../authority/broker-origin.ts';
import { storeAccess, storeExceptions } from '../authority/create-project.ts';
import type { HandedKey } from '../authority/issuer.ts';
import {
  accessOf,
  authorityCertificate,
  brokerCertificate,
  brokerOf,
  exceptionsOf,
  hasKey,
  keyTypeOf,
  latestCrl,
  livingAuthorities,
  projectById,
  warnDaysOf,
} from '../authority/lookup.ts';
import { crlGrace, publishCrl } from '../authority/publish-crl.ts';
import { keepObserver } from '../authority/renew-own.ts';
import { exceptionsText } from '../vault/compare-tables.ts';
import type { VaultSession } from '../vault/session.ts';
import { changedFiles } from './kit-difference.ts';
import { kitNow } from './kit-now.ts';
import { completePasswords } from './passwords.ts';

/**
 * Changes the broker's settings; what stands in its certificate (names, addresses, days) means a new one, by the key that
 * is `handed` when it is not in the vault. Gives the files of the kit that differ from before.
 * @throws INPUT_INVALID by the plan's rules, with paths below `settings`; PROJECT_NOT_FOUND; whatever issuing throws
 */
export async function changeBrokerSettings(
  session: VaultSession,
  projectId: number,
  settings: BrokerSettings,
  handed?: HandedKey,
): Promise<{ reissued: boolean; filesToCopy: string[] }> {
  checkSettings(session, projectId, { settings });
  const before = kitNow(session, projectId);
  const change = await becomeBroker(session, projectId, settings, handed);
  return { reissued: change === 'reissued', filesToCopy: changedFiles(before, kitNow(session, projectId)) };
}

/**
 * Changes who may write and read what; what is left out stays as it is. `deviceIs`: what stands for a device in its topics.
 * @throws INPUT_INVALID by the plan's rules and the broker's; PROJECT_NOT_FOUND
 */
export function changeAccess(
  session: VaultSession,
  projectId: number,
  access: readonly AccessRule[],
  exceptions?: readonly AccessException[],
  deviceIs?: DeviceName,
): { filesToCopy: string[] } {
  const broker = brokerOf(session, projectId)?.parsed;
  const settings =
    broker && deviceIs !== undefined && deviceIs !== broker.kit.deviceIs
      ? { ...broker, kit: { ...broker.kit, deviceIs } }
      : undefined;
  checkSettings(session, projectId, { access, exceptions, ...(settings ? { settings } : {}) });
  const before = kitNow(session, projectId);
  becomeAccess(session, projectId, access, exceptions);
  if (settings) storeSettings(session, projectId, settings);
  return { filesToCopy: changedFiles(before, kitNow(session, projectId)) };
}

/**
 * Makes the broker's settings be these, and sees to it that its certificate and the revocation list last: a certificate
 * that is due for renewal is issued anew, and a list that would end before it (also because a run was killed between the
 * two) is followed by a new one.
 * @throws whatever issuing throws
 */
export async function becomeBroker(
  session: VaultSession,
  projectId: number,
  settings: BrokerSettings,
  handed?: HandedKey,
): Promise<'unchanged' | 'changed' | 'reissued'> {
  const change = await becomeSettings(session, projectId, settings, handed);
  await outliveBroker(session, projectId, handed);
  await keepObserver(session, projectId);
  await completePasswords(session, projectId);
  return change;
}

async function becomeSettings(
  session: VaultSession,
  projectId: number,
  settings: BrokerSettings,
  handed?: HandedKey,
): Promise<'unchanged' | 'changed' | 'reissued'> {
  const broker = brokerOf(session, projectId);
  const stored = broker?.parsed;
  const certificate = broker && brokerCertificate(session, broker.id);
  const lasts =
    certificate !== undefined &&
    session.now() < renewFrom(certificate.not_before, certificate.not_after, warnDaysOf(session, projectId));
  // it gets one from whoever runs it, and none is made here on the way
  const awaited = brokerAwaits(session, projectId) !== null;
  if (stored && lasts && isDeepStrictEqual(sorted(stored), sorted(settings))) return 'unchanged';
  const inCertificate = ({ names, addresses, days }: BrokerSettings) => ({ names, addresses, days });
  // a certificate of another authority is not replaced by one of ours on the way: its names are asked for again
  const theirs = certificate !== undefined && isForeign(certificate);
  if (stored && (theirs || awaited) && isDeepStrictEqual(sorted(stored), sorted(settings))) return 'unchanged';
  if (stored && (theirs || awaited || (lasts && isDeepStrictEqual(inCertificate(stored), inCertificate(settings))))) {
    storeSettings(session, projectId, settings);
    return 'changed';
  }
  await reissueBroker(session, projectId, settings, keyTypeOf(session, projectId), { handed });
  return 'reissued';
}

/** What the certificate does not say. */
function storeSettings(session: VaultSession, projectId: number, settings: BrokerSettings): void {
  session.write((log) => {
    changeBroker(session, projectId, settings);
    const subject = projectById(session, projectId).name;
    log('project.change', { projectId, subject, detail: { broker: JSON.stringify(settings) } });
  });
}

/** Makes the access rules be these, and the exceptions where they are given. @throws DEVICE_NOT_FOUND */
export function becomeAccess(
  session: VaultSession,
  projectId: number,
  access: readonly AccessRule[],
  exceptions?: readonly AccessException[],
): 'unchanged' | 'changed' {
  const rules = access.map(plainRule);
  const own =
    exceptions && plainExceptions(exceptions.map((each) => ({ ...each, device: nameIn(session, projectId, each.device) })));
  const sameRules = isDeepStrictEqual(accessOf(session, projectId).map(plainRule), rules);
  const sameOwn = own === undefined || isDeepStrictEqual(exceptionsOf(session, projectId), own);
  if (sameRules && sameOwn) return 'unchanged';
  session.write((log) => {
    const subject = projectById(session, projectId).name;
    if (!sameRules) storeAccess(session, projectId, rules);
    if (!sameOwn) storeExceptions(session, projectId, own);
    log('project.change', {
      projectId,
      subject,
      detail: {
        ...(sameRules ? {} : { access: JSON.stringify(rules) }),
        ...(sameOwn ? {} : { exceptions: exceptionsText(session, projectId) }),
      },
    });
  });
  return 'changed';
}

/** The id as the device was given it: `Meter-1` and `meter-1` are the same device. */
function nameIn(session: VaultSession, projectId: number, id: string): string {
  const row = session.tables.device.where('project_id = ? AND name_folded = ?', projectId, foldDeviceId(id))[0];
  return row?.name ?? id;
}

/** A new broker certificate may live longer than the revocation list: then the list would be the first to lock all out. */
export async function outliveBroker(session: VaultSession, projectId: number, handed?: HandedKey): Promise<void> {
  const broker = brokerOf(session, projectId);
  const ends = broker && brokerCertificate(session, broker.id)?.not_after;
  if (ends === undefined) return;
  for (const authority of livingAuthorities(session, projectId)) {
    const crl = latestCrl(session, authority.id);
    const enough = Math.min(ends + crlGrace, authorityCertificate(session, authority.id).not_after);
    // without its key the list stays as it is; the overview warns before it ends
    const signs = hasKey(session, authority) || handed?.authorityId === authority.id;
    if ((!crl || crl.next_update < enough) && signs) await publishCrl(session, authority.id, { handed });
  }
}

/** Field by field, whatever order the JSON had. */
function sorted(settings: BrokerSettings): unknown {
  return Object.fromEntries(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A change is held to the rules of a whole plan, so that no way leads around them. @throws INPUT_INVALID, PROJECT_NOT_FOUND */
export function checkSettings(
  session: VaultSession,
  projectId: number,
  change: {
    readonly settings?: BrokerSettings;
    readonly access?: readonly AccessRule[];
    readonly exceptions?: readonly AccessException[] | undefined;
  },
): void {
  const project = projectById(session, projectId).name;
  const broker = change.settings ?? brokerOf(session, projectId)?.parsed;
  const access = change.access ?? accessOf(session, projectId);
  const { exceptions } = change;
  const result = checkPlan({ project, broker, access, exceptions });
  const problems = [
    ...('problems' in result ? result.problems.map(atSettings) : []),
    ...(broker ? checkAccessForTarget(access, broker.target) : []),
    ...(broker ? namesForTarget(session, projectId, broker.target) : []),
    ...(change.settings ? sharesRefused(session, projectId, change.settings) : []),
    ...unknownDevices(session, projectId, exceptions),
    ...(change.access ? rolesInUse(session, projectId).flatMap((role) => lacking(role, access)) : []),
  ];
  if (problems.length > 0) throw new FieldkeyError('INPUT_INVALID', { problems });
}

/** Devices that there are already whose names the broker software cannot tell apart. */
function namesForTarget(session: VaultSession, projectId: number, target: BrokerTarget): Problem[] {
  if (checkNameForTarget('.', target).length === 0) return [];
  const names = session.database
    .prepare<[number], string>("SELECT name FROM device WHERE project_id = ? AND retired_at IS NULL AND name LIKE '%.%' LIMIT 5")
    .pluck()
    .all(projectId);
  return names.flatMap((name) => checkNameForTarget(name, target, 'settings.target'));
}

/** Only Mosquitto's kit says what several devices with one certificate may do. */
function sharesRefused(session: VaultSession, projectId: number, { target }: BrokerSettings): Problem[] {
  if (softwareOf(target) === 'mosquitto') return [];
  const shares = session.tables.sharedCertificate.where('project_id = ? LIMIT 1', projectId).length > 0;
  return shares ? [problem('shares-target', {}, 'settings.target')] : [];
}

/** An exception of a device that is not there would be a line for nobody, or for a stranger who gets that name later. */
export function unknownDevices(
  session: VaultSession,
  projectId: number,
  exceptions: readonly AccessException[] | undefined,
): Problem[] {
  const known = session.database
    .prepare<[number, string], number>('SELECT 1 FROM device WHERE project_id = ? AND name_folded = ? AND retired_at IS NULL')
    .pluck();
  return (exceptions ?? []).flatMap(({ device }, index) =>
    known.get(projectId, foldDeviceId(device)) === undefined
      ? [problem('exception-device', { device }, `exceptions[${index}].device`)]
      : [],
  );
}

function atSettings(found: Problem): Problem {
  return { ...found, path: found.path.replace(/^broker\b/, 'settings') };
}

function rolesInUse(session: VaultSession, projectId: number): Role[] {
  return session.database
    .prepare<[number], Role>('SELECT DISTINCT role FROM device WHERE project_id = ? AND retired_at IS NULL')
    .pluck()
    .all(projectId);
}

/** A role that devices have and that may do nothing is a forgotten rule, not a wish. */
export function lacking(role: Role, access: readonly AccessRule[], path = 'access'): Problem[] {
  const rule = access.find((r) => r.role === role);
  if (!rule) return [problem('role-unknown', { role }, path)];
  return rule.write.length + rule.read.length === 0 ? [problem('access-none', { role }, path)] : [];
}

/** Runs an act and tells which files the broker needs after it. */
export async function whatToCopy<T>(
  session: VaultSession,
  projectId: number,
  act: () => T | Promise<T>,
): Promise<T & { filesToCopy: string[] }> {
  const before = kitNow(session, projectId);
  const result = await act();
  return { ...result, filesToCopy: changedFiles(before, kitNow(session, projectId)) };
}
