import { FieldkeyError } from '../../shared/errors.ts';
import type { RenewalMode } from '../../shared/model/authority.ts';
import type { JobControl } from '../../shared/model/job.ts';
import { reissueBroker } from '../authority/broker-certificate.ts';
import { isForeign } from '../authority/broker-chain.ts';
import { brokerAwaits } from '../authority/broker-origin.ts';
import type { HandedKey } from '../authority/issuer.ts';
import { authorityById, brokerCertificate, brokerOf, keyTypeOf, observerCertificate } from '../authority/lookup.ts';
import { closeMove, type MoveOptions, moveById, openMoveOf, startMove } from '../authority/moves.ts';
import { subtreeOf } from '../authority/new-authority.ts';
import { changeSettings } from '../authority/project-settings.ts';
import { completeCrls } from '../authority/publish-crl.ts';
import { renewObserver } from '../authority/renew-own.ts';
import type { SuccessionRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { outliveBroker } from './change-project.ts';
import { type MoveProgress, moveProgress } from './move-progress.ts';
import { type RenewMemory, type RenewReport, renewDevices } from './renew.ts';

/**
 * Finishes a move: the broker and the observer get certificates of the new authority, the old one is retired: nobody is
 * told to trust it any more and its list leaves the kit. Whoever did not move cannot connect once the broker has that kit.
 * Each step is passed over when it is done, so a run that was killed is completed by running it again.
 * @throws MOVE_NOT_FOUND, MOVE_INCOMPLETE unless `force`, JOB_CANCELLED before anything has changed, AUTHORITY_OFFLINE, whatever issuing throws
 */
export async function finishMove(
  session: VaultSession,
  moveId: number,
  options: { readonly force?: boolean; readonly state?: 'retired' | 'compromised'; readonly handed?: HandedKey | undefined } = {},
  control: JobControl = {},
): Promise<MoveProgress> {
  const move = moveById(session, moveId);
  if (move.finished_at !== null) return moveProgress(session, moveId);
  const { devices, moved } = moveProgress(session, moveId);
  if (moved < devices && !options.force)
    throw new FieldkeyError('MOVE_INCOMPLETE', { remaining: devices - moved, total: devices });
  // it ends here or not at all: half of it would leave a broker whom nobody below the old authority knows
  if (control.signal?.aborted) throw new FieldkeyError('JOB_CANCELLED', { done: 0, total: 2 });
  await moveOwn(session, move, control);
  session.write((log) => closeMove(session, log, move, options.state ?? 'retired'));
  control.onProgress?.({ step: 'publish', done: 0, total: 1 });
  await outliveBroker(session, move.project_id);
  await completeCrls(session, move.project_id, options.handed);
  control.onProgress?.({ step: 'publish', done: 1, total: 1 });
  return moveProgress(session, moveId);
}

/** Broker and observer go to the new authority. The broker's key may be the old one's secret, so it gets a new one. */
async function moveOwn(
  session: VaultSession,
  { project_id: projectId, new_authority_id: newId }: SuccessionRow,
  { onProgress }: JobControl,
): Promise<void> {
  onProgress?.({ step: 'issue', done: 0, total: 2 });
  const fresh = subtreeOf(session, newId);
  session.write((log) => changeSettings(session, log, projectId, { brokerIssuer: fresh.at(-1) }));
  const broker = brokerOf(session, projectId);
  const certificate = broker && brokerCertificate(session, broker.id);
  // one of another authority is not concerned
  const theirs = certificate !== undefined && isForeign(certificate);
  if (broker && !theirs && !brokerAwaits(session, projectId) && !fresh.includes(certificate?.issuer_id ?? 0)) {
    await reissueBroker(session, projectId, broker.parsed, keyTypeOf(session, projectId));
  }
  onProgress?.({ step: 'issue', done: 1, total: 2 });
  if (!fresh.includes(observerCertificate(session, projectId)?.issuer_id ?? 0)) await renewObserver(session, projectId, 'rekey');
  onProgress?.({ step: 'issue', done: 2, total: 2 });
}

export interface ReissueRequest extends MoveOptions {
  /** The devices keep their keys, or get new ones. */
  readonly mode: RenewalMode;
  /** The authority's key is known to somebody: it is out of use at the end of the job, without an overlap. */
  readonly compromised: boolean;
}

/** Handed in again when an interrupted run goes on. */
export interface ReissueMemory extends RenewMemory {
  moveId?: number;
}

export interface ReissueReport extends RenewReport {
  readonly move: MoveProgress;
}

/**
 * Issues everything below an authority anew, below a new one. Starts the move unless it was started. A compromised
 * authority is out of use at the end, and a site authority's certificate stands on the list of the one above.
 * @throws AUTHORITY_NOT_FOUND, AUTHORITY_NOT_ACTIVE, AUTHORITY_OFFLINE, JOB_CANCELLED, whatever issuing throws
 */
export async function reissueBelow(
  session: VaultSession,
  authorityId: number,
  request: ReissueRequest,
  control: JobControl = {},
  memory: ReissueMemory = {},
): Promise<ReissueReport> {
  memory.moveId ??= openMoveOf(session, authorityId)?.id ?? (await startMove(session, authorityId, request, control));
  const { moveId } = memory;
  const projectId = moveById(session, moveId).project_id;
  const deviceIds = devicesBelow(session, authorityId);
  const report = await renewDevices(
    session,
    projectId,
    { mode: request.mode, deviceIds, handed: request.handed },
    control,
    memory,
  );
  if (request.compromised) {
    await finishMove(session, moveId, { force: true, state: 'compromised', handed: request.handed }, withoutTotals(control));
  }
  return { ...report, move: moveProgress(session, moveId) };
}

/** The last steps of a job whose progress has counted devices: two certificates more would look like a restart. */
function withoutTotals({ signal, onProgress }: JobControl): JobControl {
  return { signal, onProgress: (progress) => progress.step !== 'issue' && onProgress?.(progress) };
}

/** Devices in use whose present certificate was issued by the authority or one below it. */
export function devicesBelow(session: VaultSession, authorityId: number): number[] {
  return session.database
    .prepare<[number, string], number>(
      `SELECT d.id FROM device d JOIN certificate c ON c.id =
         (SELECT id FROM certificate WHERE device_id = d.id ORDER BY status = 'valid' DESC, id DESC LIMIT 1)
       WHERE d.project_id = ? AND d.retired_at IS NULL AND c.issuer_id IN (SELECT value FROM json_each(?)) ORDER BY d.name_folded`,
    )
    .pluck()
    .all(authorityById(session, authorityId).project_id, JSON.stringify(subtreeOf(session, authorityId)));
}
