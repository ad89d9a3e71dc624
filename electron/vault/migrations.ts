import { createHash } from 'node:crypto';
import foundation from './migrations/001-foundation.sql?raw';
import exportsSql from './migrations/002-exports.sql?raw';
import exportOutcomes from './migrations/003-export-outcomes.sql?raw';
import authoritySql from './migrations/006-authority.sql?raw';
import recoverySql from './migrations/007-recovery.sql?raw';
import importSql from './migrations/008-import.sql?raw';
import keychainSql from './migrations/009-keychain.sql?raw';
import accessSql from './migrations/010-access.sql?raw';
import kitTexts from './migrations/011-kit-texts.sql?raw';
import testCertificate from './migrations/012-test-certificate.sql?raw';
import credentialsSql from './migrations/013-credentials.sql?raw';
import connectionsSql from './migrations/014-connections.sql?raw';
import savedPayloads from './migrations/015-saved-payloads.sql?raw';
import checksSql from './migrations/016-checks.sql?raw';
import diagnosesSql from './migrations/017-diagnoses.sql?raw';

export interface Migration {
  /** 1, 2, 3 …; becomes SQLite's user_version. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** All migrations in their order. A published one is never edited: its hash stands in every vault. */
export const migrations: readonly Migration[] = [
  { number: 1, name: 'foundation', sql: foundation },
  { number: 2, name: 'exports', sql: exportsSql },
  { number: 3, name: 'export-outcomes', sql: exportOutcomes },
  { number: 6, name: 'authority', sql: authoritySql },
  { number: 7, name: 'recovery', sql: recoverySql },
  { number: 8, name: 'import', sql: importSql },
  { number: 9, name: 'keychain', sql: keychainSql },
  { number: 10, name: 'access', sql: accessSql },
  { number: 11, name: 'kit-texts', sql: kitTexts },
  { number: 12, name: 'test-certificate', sql: testCertificate },
  { number: 13, name: 'credentials', sql: credentialsSql },
  { number: 14, name: 'connections', sql: connectionsSql },
  { number: 15, name: 'saved-payloads', sql: savedPayloads },
  { number: 16, name: 'checks', sql: checksSql },
  { number: 17, name: 'diagnoses', sql: diagnosesSql },
];

/** SHA-256 of the text with LF line ends, so that a checkout on Windows gives the same hash. */
export function migrationHash(migration: Migration): Buffer {
  return createHash('sha256').update(migration.sql.replaceAll('\r\n', '\n')).digest();
}
