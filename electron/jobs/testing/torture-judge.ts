import { existsSync } from 'node:fs';
import { isErrorReport } from '../../../shared/errors.ts';
import { testKdfCost, testSecret } from '../../authority/testing/fixtures.ts';
import { openSlot } from '../../vault/keychain-slots.ts';
import type { Migration } from '../../vault/migrations.ts';
import { recoverVaultKey } from '../../vault/recovery.ts';
import type { VaultSession } from '../../vault/session.ts';
import { Vault } from '../../vault/vault.ts';
import { verifyVault } from '../../vault/verify.ts';
import type { Told } from './torture-acts.ts';

/**
 * The database is sound, everything acknowledged is there exactly once, nothing is half. Settles in `told` what a kill left
 * open: which passphrase opens, whether the shares are still the old ones. One line for each loss.
 */
export async function judge(file: string, told: Told, migrations?: readonly Migration[]): Promise<string[]> {
  if (!existsSync(file)) return told.issued.length > 0 ? ['the vault is gone'] : [];
  const vault = Vault.open(file, { kdfCost: testKdfCost, ...(migrations ? { migrations } : {}) });
  try {
    const session = await unlocked(vault, told);
    return session
      ? [...(await found(session, told)), ...slotLosses(session, told), ...(await shareLosses(session, told))]
      : ['no passphrase opens it'];
  } finally {
    vault.close();
  }
}

async function unlocked(vault: Vault, told: Told): Promise<VaultSession | null> {
  for (const passphrase of told.passphrases) {
    try {
      const session = await vault.unlock(passphrase, testSecret.operator);
      told.passphrases = [passphrase];
      return session;
    } catch (error) {
      if (!isErrorReport(error) || error.code !== 'PASSPHRASE_WRONG') throw error;
    }
  }
  return null;
}

async function found(session: VaultSession, told: Told): Promise<string[]> {
  const { database } = session;
  const column = <T>(sql: string) => database.prepare<[], T>(sql).pluck().all();
  const missing = <T>(wanted: readonly T[], there: readonly T[], what: string) => {
    const set = new Set(there);
    return wanted.filter((each) => !set.has(each)).map((each) => `${what} ${each} is missing`);
  };
  const names = column<string>('SELECT name FROM device');
  const serials = column<string>('SELECT lower(hex(serial)) FROM certificate');
  const check = String(database.pragma('integrity_check', { simple: true }));
  const { findings } = await verifyVault(session);
  const keys = column<number>('SELECT id FROM private_key WHERE sealed IS NOT NULL ORDER BY random() LIMIT 3');
  for (const key of keys) session.openKey(key).pkcs8.fill(0);
  const followed = new Set(
    column<number>(
      "SELECT c.id FROM certificate c WHERE c.status = 'valid' AND EXISTS (SELECT 1 FROM certificate s WHERE s.predecessor_id = c.id)",
    ),
  );
  const onHold = new Set(column<number>("SELECT id FROM certificate WHERE status = 'hold'"));
  const revoked = new Set(column<number>("SELECT id FROM certificate WHERE status = 'revoked'"));
  const holds = Object.entries(told.held).filter(([id, held]) => !revoked.has(Number(id)) && onHold.has(Number(id)) !== held);
  const halves = told.replacing.filter((id) => followed.has(id));
  // what was half begun is settled now: later acts may follow a certificate that was not replaced after all
  told.replacing = [];
  return [
    ...(check === 'ok' ? [] : [`integrity: ${check}`]),
    ...findings,
    ...(new Set(names).size === names.length ? [] : ['a device is there twice']),
    ...(new Set(serials).size === serials.length ? [] : ['a serial is there twice']),
    ...missing(told.issued, names, 'device'),
    ...missing(told.serials, serials, 'certificate'),
    ...missing(told.ended, [...revoked], 'revocation of'),
    ...missing(told.crls, column<number>('SELECT number FROM crl'), 'revocation list'),
    ...missing(told.exports, column<number>('SELECT id FROM export'), 'record of export'),
    ...halves.map((id) => `certificate ${id} was replaced and is not revoked`),
    ...holds.map(([id, held]) => `certificate ${id} ${held ? 'is not on hold' : 'is still on hold'}`),
  ];
}

async function shareLosses(session: VaultSession, told: Told): Promise<string[]> {
  const { shares, sharesBegun } = told;
  told.sharesBegun = false;
  if (!shares) return [];
  try {
    (await recoverVaultKey(session.database, shares.slice(1))).vaultKey.fill(0);
    return [];
  } catch (error) {
    if (!isErrorReport(error)) throw error;
    // the new ones were stored and nobody has seen them: they are made again
    told.shares = null;
    return sharesBegun && error.code === 'SHARE_OTHER_SET' ? [] : [`the shares do not open it: ${error.code}`];
  }
}

/** Each slot that was turned on opens the vault, each that was turned off does not; what a kill left open is settled. */
function slotLosses({ database }: VaultSession, told: Told): string[] {
  return Object.entries(told.keychains).flatMap(([slot, known]) => {
    let opened = 'it opens';
    try {
      openSlot(database, { slot, key: Buffer.from(known.key, 'hex') }, database.name).fill(0);
    } catch (error) {
      if (!isErrorReport(error)) throw error;
      opened = error.code;
    }
    const wanted = { on: ['it opens'], off: ['KEYCHAIN_ENDED'], open: ['it opens', 'KEYCHAIN_ENDED'] }[known.state];
    const losses = wanted.includes(opened) ? [] : [`slot ${slot} is ${known.state}: ${opened}`];
    known.state = opened === 'it opens' ? 'on' : 'off';
    return losses;
  });
}
