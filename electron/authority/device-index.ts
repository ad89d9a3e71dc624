import { FieldkeyError } from '../../shared/errors.ts';
import type { Role } from '../../shared/model/access.ts';
import type { CertificateStatus } from '../../shared/model/certificate.ts';
import type { DeviceRow } from '../../shared/model/device.ts';
import { certificateState, type Judging, renewFrom } from '../../shared/rules/certificate-state.ts';
import type { VaultSession } from '../vault/session.ts';
import { holderSql } from './shared-certificate.ts';
import { untrustedDevices } from './untrusted-devices.ts';

/** A device with the certificate that it works with: the newest valid one, or else the newest. */
export type Joined = {
  deviceId: number;
  id: string;
  role: string;
  certificateId: number | null;
  serial: Buffer | null;
  not_before: number | null;
  not_after: number | null;
  status: CertificateStatus | null;
  revoked_at: number | null;
  /** Other devices that work with the same certificate. */
  shared: number;
};

/** The MACs are not checked for lists; every act checks what it uses, and a damaged vault marks what does not carry its seal. */
const joined = `
  SELECT d.id AS deviceId, d.name AS id, d.role, c.id AS certificateId, c.serial, c.not_before, c.not_after, c.status, c.revoked_at,
    (SELECT count(*) FROM shared_certificate o WHERE o.holder_id = ${holderSql('d.id')}) AS shared
  FROM device d LEFT JOIN certificate c ON c.id =
    (SELECT id FROM certificate WHERE device_id = ${holderSql('d.id')} ORDER BY status = 'valid' DESC, id DESC LIMIT 1)
  WHERE d.project_id = ?`;

/** A row with what a search looks at. */
export interface Indexed {
  row: Joined;
  readonly folded: string;
  /** Hexadecimal; empty without a certificate. */
  serial: string;
  readonly trusted: boolean;
}

/** What is read again by itself after acts; after larger ones everything is. */
const changesAtMost = 5_000;

/** The order in which people count: meter-2 before meter-10. */
const order = new Intl.Collator('en', { numeric: true });
const byId = (a: Indexed, b: Indexed) => order.compare(a.row.id, b.row.id);

/**
 * The devices of a project in their order. Reading 100,000 takes a third of a second, so they are kept, and after an act only
 * what it changed is read again: a search answers at once also while thousands are being issued.
 */
class DeviceIndex {
  readonly #session: VaultSession;
  readonly #projectId: number;
  readonly #devices = new Set<number>();
  readonly #certificates = new Set<number>();
  #salvaged = false;
  #suspects: ReadonlySet<string> | null = null;
  #rows: readonly Indexed[] | null = null;
  #known = new Map<number, Indexed>();

  constructor(session: VaultSession, projectId: number) {
    this.#session = session;
    this.#projectId = projectId;
    session.tables.device.onWrite((id) => this.#devices.add(id));
    session.tables.certificate.onWrite((id) => this.#certificates.add(id));
    // who works with whose certificate: rare enough to read everything again
    session.tables.sharedCertificate.onWrite(() => {
      this.#rows = null;
    });
  }

  get rows(): readonly Indexed[] {
    const { suspects, tables } = this.#session;
    const { salvaging } = tables.device;
    const changed = this.#devices.size + this.#certificates.size;
    const judged = this.#salvaged === salvaging && (!salvaging || this.#suspects === suspects);
    if (this.#rows === null || !judged || changed > changesAtMost) this.#rows = this.#readAll(salvaging);
    else if (changed > 0) this.#rows = this.#readChanged(this.#rows);
    this.#salvaged = salvaging;
    this.#suspects = suspects;
    this.#devices.clear();
    this.#certificates.clear();
    return this.#rows;
  }

  #readAll(salvaging: boolean): readonly Indexed[] {
    const untrusted = salvaging ? untrustedDevices(this.#session) : new Set<number>();
    const rows = this.#session.database
      .prepare<[number], Joined>(joined)
      .all(this.#projectId)
      .map((row) => indexed(row, !untrusted.has(row.deviceId)))
      .sort(byId);
    this.#known = new Map(rows.map((each) => [each.row.deviceId, each]));
    return rows;
  }

  /** `rows` with what was written since; an act that was rolled back is only read for nothing. */
  #readChanged(rows: readonly Indexed[]): readonly Indexed[] {
    const { database } = this.#session;
    const owner = database.prepare<[number], number | null>('SELECT device_id FROM certificate WHERE id = ?').pluck();
    for (const id of this.#certificates) this.#devices.add(owner.get(id) ?? -1);
    const sharers = database.prepare<[number], number>('SELECT device_id FROM shared_certificate WHERE holder_id = ?').pluck();
    for (const id of [...this.#devices]) for (const sharer of sharers.all(id)) this.#devices.add(sharer);
    const read = database.prepare<[number, number], Joined>(`${joined} AND d.id = ?`);
    const added: Indexed[] = [];
    for (const id of this.#devices) {
      const row = read.get(this.#projectId, id);
      const known = this.#known.get(id);
      if (row && known) Object.assign(known, { row, serial: serialOf(row) });
      else if (row) {
        const each = indexed(row, true);
        added.push(each);
        this.#known.set(id, each);
      }
    }
    // two sorted runs: what the engine's sort is fast at
    return added.length === 0 ? rows : [...rows, ...added.sort(byId)].sort(byId);
  }
}

function indexed(row: Joined, trusted: boolean): Indexed {
  return { row, folded: row.id.toLowerCase(), serial: serialOf(row), trusted };
}

function serialOf({ serial }: Joined): string {
  return serial?.toString('hex') ?? '';
}

const indexes = new WeakMap<VaultSession, Map<number, DeviceIndex>>();

/** All devices of a project in the order people count. @throws VAULT_LOCKED */
export function deviceIndex(session: VaultSession, projectId: number): readonly Indexed[] {
  session.assertOpen();
  const ofSession: Map<number, DeviceIndex> = indexes.get(session) ?? new Map();
  indexes.set(session, ofSession);
  const known = ofSession.get(projectId) ?? new DeviceIndex(session, projectId);
  ofSession.set(projectId, known);
  return known.rows;
}

/** One device as in the list. @throws DEVICE_NOT_FOUND */
export function rowOfDevice(session: VaultSession, projectId: number, deviceId: number): Joined {
  const row = session.database.prepare<[number, number], Joined>(`${joined} AND d.id = ?`).get(projectId, deviceId);
  if (!row) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: String(deviceId) });
  return row;
}

/** The state that a list shows; `awaiting` without a certificate. */
export function stateOf(
  { status, not_before: notBefore, not_after: notAfter }: Joined,
  { now, warnDays }: Judging,
): DeviceRow['state'] {
  const known = notBefore !== null && notAfter !== null && status !== null;
  return known ? certificateState({ status, notBefore, notAfter }, now, warnDays) : 'awaiting';
}

/** What a list says of a device, judged at a moment by the project's warning. */
export function rowOf(row: Joined, at: Judging, trusted = true): DeviceRow {
  const { not_before: notBefore, not_after: notAfter } = row;
  return {
    deviceId: row.deviceId,
    id: row.id,
    role: row.role as Role,
    state: stateOf(row, at),
    certificateId: row.certificateId,
    serial: row.serial?.toString('hex') ?? null,
    notBefore,
    notAfter,
    renewFrom: notBefore !== null && notAfter !== null ? renewFrom(notBefore, notAfter, at.warnDays) : null,
    revokedAt: row.revoked_at,
    shared: row.shared,
    trusted,
  };
}
