import { openDeviceIssuer, type PreparedDevice, prepareDevice, storeDevice } from '../authority/device-certificate.ts';
import { authorityById, brokerOf, keyTypeOf, observerCertificate, projectById } from '../authority/lookup.ts';
import { openMoveOf, type PreparedMove, prepareMove } from '../authority/moves.ts';
import { renewalsOf, type Skipped } from '../authority/renewals.ts';
import type { VaultSession } from '../vault/session.ts';
import { devicesBelow, type ReissueRequest } from './move-fleet.ts';

/** Enough for a rate, and over in a moment. */
const sampleSize = 25;

export interface Rehearsal {
  /** Names of the authorities that would be made; empty when the move was started already. */
  readonly newAuthorities: readonly string[];
  /** Devices that would be issued anew, and those that would be passed over. */
  readonly devices: number;
  readonly skipped: readonly Skipped[];
  readonly broker: boolean;
  readonly observer: boolean;
  /** How long the job would take, measured with certificates that were made, written and taken back; exporting comes on top. */
  readonly seconds: number;
}

class TakenBack extends Error {}

/**
 * What `reissueBelow` would do, and how long it would take, without changing anything: the new authorities are made in
 * memory, some certificates are issued and written in a transaction that is rolled back.
 * @throws as `reissueBelow` would: a rehearsal that fails shows what is missing
 */
export async function rehearseReissue(session: VaultSession, authorityId: number, request: ReissueRequest): Promise<Rehearsal> {
  return session.inTurn(async () => {
    const { project_id: projectId } = authorityById(session, authorityId);
    const began = performance.now();
    const made = openMoveOf(session, authorityId) ? null : await prepareMove(session, authorityId, request);
    const once = performance.now() - began;
    const days = projectById(session, projectId).device_days;
    const deviceIds = devicesBelow(session, authorityId);
    const { renewals, skipped } = renewalsOf(session, projectId, { deviceIds }, request.mode, days);
    const sample = renewals.slice(0, sampleSize);
    const each = sample.length === 0 ? 0 : (await timeOf(session, projectId, sample, made, days)) / sample.length;
    for (const prepared of [made?.top, made?.site]) {
      prepared?.keyPair.pkcs8.fill(0);
      prepared?.canary.key.pkcs8.fill(0);
    }
    return {
      newAuthorities: [made?.top, made?.site].flatMap((prepared) => prepared?.name ?? []),
      devices: renewals.length,
      skipped,
      broker: request.compromised && brokerOf(session, projectId) !== undefined,
      observer: request.compromised && observerCertificate(session, projectId) !== undefined,
      seconds: (once + each * renewals.length) / 1000,
    };
  });
}

/** ms for a sample of devices, prepared and written as the job would, and taken back. */
async function timeOf(
  session: VaultSession,
  projectId: number,
  sample: ReturnType<typeof renewalsOf>['renewals'],
  made: PreparedMove | null,
  days: number,
): Promise<number> {
  const began = performance.now();
  const opened = made
    ? {
        project: projectById(session, projectId),
        authorityId: made.old.id,
        issuer: (made.site ?? made.top).issuer,
      }
    : openDeviceIssuer(session, projectId);
  const key = keyTypeOf(session, projectId);
  const prepared: { deviceId: number; device: PreparedDevice }[] = [];
  for (const { deviceId } of sample) {
    const name = session.tables.device.get(deviceId)?.name ?? '';
    prepared.push({ deviceId, device: await prepareDevice(session, opened, name, { key, days }) });
  }
  try {
    session.write((log) => {
      for (const { deviceId, device } of prepared) storeDevice(session, log, opened, device, { id: deviceId });
      throw new TakenBack();
    });
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
  }
  return performance.now() - began;
}
