import type { KeyObject } from 'node:crypto';
import type { CertificateStatus, RevocationReason } from '../../shared/model/certificate.ts';
import type { PasswordSource } from '../../shared/model/password.ts';
import type { Database } from './database.ts';
import { SealedTable } from './sealed-table.ts';

/** The rows as they are stored; see migrations/ for what each column means. Times are milliseconds since 1970. */
export type ProjectRow = {
  id: number;
  name: string;
  name_folded: string;
  subject: string;
  device_days: number;
  created_at: number;
};
export type PrivateKeyRow = {
  id: number;
  algorithm: string;
  spki: Buffer;
  spki_sha256: Buffer;
  sealed: Buffer | null;
  created_at: number;
};
export type AuthorityRow = {
  id: number;
  project_id: number;
  parent_id: number | null;
  name: string;
  key_id: number;
  state: 'active' | 'retired' | 'compromised';
  created_at: number;
};
export type DeviceRowStored = {
  id: number;
  project_id: number;
  name: string;
  name_folded: string;
  role: string;
  created_at: number;
  retired_at: number | null;
};
export type BrokerRow = { id: number; project_id: number; settings: string; created_at: number };
export type CertificateRow = {
  id: number;
  project_id: number;
  kind: 'root' | 'site' | 'broker' | 'device' | 'observer' | 'canary' | 'foreign';
  issuer_id: number | null;
  authority_id: number | null;
  device_id: number | null;
  broker_id: number | null;
  key_id: number | null;
  serial: Buffer;
  common_name: string;
  not_before: number;
  not_after: number;
  fingerprint: Buffer;
  der: Buffer;
  status: CertificateStatus;
  revoked_at: number | null;
  revocation_reason: RevocationReason | null;
  predecessor_id: number | null;
  created_at: number;
};
export type TrustRow = {
  id: number;
  project_id: number;
  purpose: 'broker' | 'clients';
  certificate_id: number;
  created_at: number;
};
export type AccessRow = { id: number; project_id: number; role: string; topics: string };
export type AccessExceptionRow = { id: number; project_id: number; device_id: number; topics: string };
export type ProofRow = {
  id: number;
  project_id: number;
  at: number;
  outcome: 'proved' | 'incomplete' | 'refuted';
  /** JSON, see shared/model/proof.ts. */
  report: string;
};
export type DiagnosisRow = {
  id: number;
  project_id: number;
  /** One of doctorIdentities. */
  kind: string;
  device_id: number | null;
  connection_id: number | null;
  at: number;
  /** JSON, see shared/model/doctor.ts. */
  report: string;
};
export type SavedPayloadRow = {
  id: number;
  project_id: number;
  name: string;
  /** JSON, see shared/model/publish-template.ts. */
  template: string;
  changed_at: number;
};
export type MessageCheckRow = {
  id: number;
  project_id: number;
  /** 1, 2, 3 … in the order in which they are run. */
  position: number;
  name: string;
  /** JSON, see shared/model/check.ts. */
  definition: string;
  changed_at: number;
};
export type CheckRunRow = {
  id: number;
  project_id: number;
  at: number;
  /** JSON, see shared/model/check.ts. */
  report: string;
};
export type CrlRow = {
  id: number;
  authority_id: number;
  number: number;
  this_update: number;
  next_update: number;
  entries: number;
  der: Buffer;
  created_at: number;
};
export type DraftRow = { id: number; content: string | null; changed_at: number };
export type ExportRow = {
  id: number;
  project_id: number;
  at: number;
  operator: string;
  medium_label: string;
  volume_id: string;
  directory: string;
  with_broker: 0 | 1;
  broker_key_id: number | null;
  keys_encrypted: 0 | 1;
  kit_files: string;
  files: number;
  audit_head: string;
};
export type ExportItemRow = {
  id: number;
  export_id: number;
  device_id: number;
  certificate_id: number;
  key_id: number | null;
  basis: Buffer | null;
};
export type ExportOutcomeRow = {
  id: number;
  export_id: number;
  state: 'begun' | 'finished' | 'failed';
  reason: string;
  changed_at: number;
};

export type ProjectSettingRow = { id: number; project_id: number; settings: string };
export type ListedRevocationRow = {
  id: number;
  authority_id: number;
  serial: Buffer;
  revoked_at: number;
  reason: RevocationReason;
};
export type TestCertificateRow = { id: number; certificate_id: number; device_id: number };
export type SuccessionRow = {
  id: number;
  project_id: number;
  old_authority_id: number;
  new_authority_id: number;
  after_export_id: number;
  started_at: number;
  finished_at: number | null;
};

export type KitTextRow = { id: number; project_id: number; path: string; content: string };

export type CredentialRow = {
  id: number;
  project_id: number;
  device_id: number | null;
  user: string;
  sealed: Buffer | null;
  source: PasswordSource;
  state: 'current' | 'leaving' | 'ended';
  created_at: number;
};
export type SharedCertificateRow = { id: number; project_id: number; device_id: number; holder_id: number };

export type OwnConnectionRow = {
  id: number;
  project_id: number;
  /** JSON, see shared/model/own-connection.ts. */
  settings: string;
  sealed: Buffer | null;
  changed_at: number;
};

export type RecoveryRow = {
  id: number;
  set_id: Buffer;
  threshold: number;
  shares: number;
  wrapped_key: Buffer;
  share_hashes: Buffer;
  made_at: number;
};

export type KeychainRow = {
  id: number;
  slot_id: Buffer;
  computer: string;
  key_hash: Buffer;
  wrapped_key: Buffer;
  made_at: number;
};

const exportColumns = [
  'id',
  'project_id',
  'at',
  'operator',
  'medium_label',
  'volume_id',
  'directory',
  'with_broker',
  'broker_key_id',
  'keys_encrypted',
  'kit_files',
  'files',
  'audit_head',
] as const;
const certificateColumns = [
  'id',
  'project_id',
  'kind',
  'issuer_id',
  'authority_id',
  'device_id',
  'broker_id',
  'key_id',
  'serial',
  'common_name',
  'not_before',
  'not_after',
  'fingerprint',
  'der',
  'status',
  'revoked_at',
  'revocation_reason',
  'predecessor_id',
  'created_at',
] as const;

/** Every authenticated table of the vault. */
export function sealedTables(db: Database, key: () => KeyObject) {
  return {
    project: new SealedTable<ProjectRow>(
      db,
      'project',
      ['id', 'name', 'name_folded', 'subject', 'device_days', 'created_at'],
      key,
    ),
    privateKey: new SealedTable<PrivateKeyRow>(
      db,
      'private_key',
      ['id', 'algorithm', 'spki', 'spki_sha256', 'sealed', 'created_at'],
      key,
    ),
    authority: new SealedTable<AuthorityRow>(
      db,
      'authority',
      ['id', 'project_id', 'parent_id', 'name', 'key_id', 'state', 'created_at'],
      key,
    ),
    device: new SealedTable<DeviceRowStored>(
      db,
      'device',
      ['id', 'project_id', 'name', 'name_folded', 'role', 'created_at', 'retired_at'],
      key,
    ),
    broker: new SealedTable<BrokerRow>(db, 'broker', ['id', 'project_id', 'settings', 'created_at'], key),
    certificate: new SealedTable<CertificateRow>(db, 'certificate', certificateColumns, key),
    trust: new SealedTable<TrustRow>(db, 'trust', ['id', 'project_id', 'purpose', 'certificate_id', 'created_at'], key),
    access: new SealedTable<AccessRow>(db, 'access', ['id', 'project_id', 'role', 'topics'], key),
    accessException: new SealedTable<AccessExceptionRow>(
      db,
      'access_exception',
      ['id', 'project_id', 'device_id', 'topics'],
      key,
    ),
    proof: new SealedTable<ProofRow>(db, 'proof', ['id', 'project_id', 'at', 'outcome', 'report'], key),
    diagnosis: new SealedTable<DiagnosisRow>(
      db,
      'diagnosis',
      ['id', 'project_id', 'kind', 'device_id', 'connection_id', 'at', 'report'],
      key,
    ),
    crl: new SealedTable<CrlRow>(
      db,
      'crl',
      ['id', 'authority_id', 'number', 'this_update', 'next_update', 'entries', 'der', 'created_at'],
      key,
    ),
    draft: new SealedTable<DraftRow>(db, 'draft', ['id', 'content', 'changed_at'], key),
    projectSetting: new SealedTable<ProjectSettingRow>(db, 'project_setting', ['id', 'project_id', 'settings'], key),
    listedRevocation: new SealedTable<ListedRevocationRow>(
      db,
      'listed_revocation',
      ['id', 'authority_id', 'serial', 'revoked_at', 'reason'],
      key,
    ),
    testCertificate: new SealedTable<TestCertificateRow>(db, 'test_certificate', ['id', 'certificate_id', 'device_id'], key),
    succession: new SealedTable<SuccessionRow>(
      db,
      'succession',
      ['id', 'project_id', 'old_authority_id', 'new_authority_id', 'after_export_id', 'started_at', 'finished_at'],
      key,
    ),
    export: new SealedTable<ExportRow>(db, 'export', exportColumns, key),
    exportItem: new SealedTable<ExportItemRow>(
      db,
      'export_item',
      ['id', 'export_id', 'device_id', 'certificate_id', 'key_id', 'basis'],
      key,
    ),
    exportOutcome: new SealedTable<ExportOutcomeRow>(
      db,
      'export_outcome',
      ['id', 'export_id', 'state', 'reason', 'changed_at'],
      key,
    ),
    kitText: new SealedTable<KitTextRow>(db, 'kit_text', ['id', 'project_id', 'path', 'content'], key),
    credential: new SealedTable<CredentialRow>(
      db,
      'credential',
      ['id', 'project_id', 'device_id', 'user', 'sealed', 'source', 'state', 'created_at'],
      key,
    ),
    sharedCertificate: new SealedTable<SharedCertificateRow>(
      db,
      'shared_certificate',
      ['id', 'project_id', 'device_id', 'holder_id'],
      key,
    ),
    savedPayload: new SealedTable<SavedPayloadRow>(
      db,
      'saved_payload',
      ['id', 'project_id', 'name', 'template', 'changed_at'],
      key,
    ),
    messageCheck: new SealedTable<MessageCheckRow>(
      db,
      'message_check',
      ['id', 'project_id', 'position', 'name', 'definition', 'changed_at'],
      key,
    ),
    checkRun: new SealedTable<CheckRunRow>(db, 'check_run', ['id', 'project_id', 'at', 'report'], key),
    ownConnection: new SealedTable<OwnConnectionRow>(
      db,
      'own_connection',
      ['id', 'project_id', 'settings', 'sealed', 'changed_at'],
      key,
    ),
    recovery: new SealedTable<RecoveryRow>(
      db,
      'recovery',
      ['id', 'set_id', 'threshold', 'shares', 'wrapped_key', 'share_hashes', 'made_at'],
      key,
    ),
    keychain: new SealedTable<KeychainRow>(
      db,
      'keychain',
      ['id', 'slot_id', 'computer', 'key_hash', 'wrapped_key', 'made_at'],
      key,
    ),
  };
}

export type Tables = ReturnType<typeof sealedTables>;
