import { FieldkeyError } from '../../../shared/errors.ts';
import type { RenewalMode, SkipReason } from '../../../shared/model/authority.ts';
import { foldDeviceId } from '../../../shared/rules/device-id.ts';
import { certificateDetail } from '../../authority/certificate-view.ts';
import { renewObserver } from '../../authority/renew-own.ts';
import { renewBroker, renewDevices } from '../../jobs/renew.ts';
import type { VaultSession } from '../../vault/session.ts';
import { authorityKey } from '../authority-key.ts';
import { type CommandContext, numberOf, projectNamed, withVault } from '../context.ts';
import { grouped, utc } from '../output.ts';

export interface RenewOptions {
  readonly device?: string[];
  readonly due?: string;
  readonly all?: boolean;
  readonly broker?: boolean;
  readonly observer?: boolean;
  readonly days?: string;
  readonly key?: string;
}

const whyText: Record<SkipReason, string> = {
  'no-certificate': 'has no certificate yet',
  revoked: 'is revoked; "provision" or the window replaces it',
  hold: 'is on hold; "release" it first',
  'key-compromised': 'its key is compromised; "rekey" it',
  'issuer-ends': 'would not live longer: the authority ends first; renew the authority',
  retired: 'is out of use',
  'key-elsewhere': 'its key was made elsewhere; it needs a new request ("sign-requests")',
  shared: 'uses the certificate of another device; renew that one',
  'key-weak': 'its key is too weak to be certified again; "rekey" it',
};

/** `fieldkey renew PROJECT` and `fieldkey rekey PROJECT`: of devices, the broker, the observer. What was before stays valid. */
export async function renewCommand(
  context: CommandContext,
  mode: RenewalMode,
  name: string,
  options: RenewOptions,
): Promise<void> {
  const { output } = context;
  await withVault(context, false, async (session) => {
    const { id: projectId } = projectNamed(session, name);
    const word = mode === 'renew' ? 'Renewed (same key)' : 'Re-keyed (new key)';
    const result: Record<string, unknown> = {};
    await authorityKey(context, session, projectId, options, async (handed) => {
      if (options.broker) {
        result.broker = await renewBroker(session, projectId, mode, handed);
        output.say(`${word}: the broker. Export, and copy the new kit to it.`);
      }
      if (options.observer) {
        const certificateId = await renewObserver(session, projectId, mode, handed);
        const { serial, notAfter } = certificateDetail(session, certificateId, session.now());
        result.observer = { certificateId, serial, notAfter };
        output.say(`${word}: the observer, until ${utc(notAfter)}`);
      }
      const wanted = selectionOf(session, projectId, options);
      if (wanted) {
        const report = await renewDevices(
          session,
          projectId,
          { ...wanted, mode, days: numberOf(options.days, 'days'), handed },
          { signal: context.signal, onProgress: output.progress },
        );
        output.say(`${word}: ${report.done.length} devices. Those before stay valid; "revoke" ends one.`);
        for (const { id, serial, notAfter } of report.done)
          output.say(`  ${id.padEnd(24)} until ${utc(notAfter)}  ${grouped(serial)}`);
        for (const { id, why } of report.skipped) output.say(`  passed over: ${id} ${whyText[why]}`);
        Object.assign(result, report);
      }
    });
    if (Object.keys(result).length === 0) output.say('Nothing named: --device ID, --due DAYS, --all, --broker or --observer.');
    output.result({ mode, ...result });
  });
}

/** Which devices; null = none were named. @throws DEVICE_NOT_FOUND */
function selectionOf(
  session: VaultSession,
  projectId: number,
  options: RenewOptions,
): { deviceIds: number[] | null; withinDays: number | null } | null {
  if (!options.device && options.due === undefined && !options.all) return null;
  const deviceIds = options.device?.map((device) => {
    const row = session.tables.device.where('project_id = ? AND name_folded = ?', projectId, foldDeviceId(device))[0];
    if (!row) throw new FieldkeyError('DEVICE_NOT_FOUND', { device });
    return row.id;
  });
  return { deviceIds: deviceIds ?? null, withinDays: numberOf(options.due, 'due') ?? null };
}
