import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { FieldkeyError } from '../../shared/errors.ts';
import { problem } from '../../shared/problems.ts';
import { projectByName } from '../authority/lookup.ts';
import { vaultError } from '../vault/database.ts';
import type { ProjectRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { Vault } from '../vault/vault.ts';
import type { Output } from './output.ts';
import { askPassphrase } from './passphrase.ts';

/** What every command is given. */
export interface CommandContext {
  readonly output: Output;
  /** Absolute path of the vault; empty where a command needs none and none was named. */
  readonly vault: string;
  readonly operator: string | undefined;
  /** The person has looked at the clock (`--clock-is-right`). */
  readonly clockIsRight: boolean;
  /** Aborted by Ctrl-C: finish the unit in hand, then stop. */
  readonly signal: AbortSignal;
  /** Makes a path of the command line absolute. */
  readonly path: (path: string) => string;
}

/** `known`: the passphrase, where it has been asked for already. Opens the vault (or makes one, where the command may), runs the command on it and closes it whatever happens. */
export async function withVault<T>(
  context: CommandContext,
  mayCreate: boolean,
  work: (session: VaultSession) => Promise<T>,
  known?: string,
): Promise<T> {
  const { vault: file, output } = context;
  const operator = context.operator ?? operatorName();
  if (!existsSync(file)) {
    if (!mayCreate) throw new FieldkeyError('VAULT_NOT_FOUND', { file });
    const passphrase = await askPassphrase('Passphrase for the new vault', { twice: true });
    const vault = await Vault.create(file, { passphrase, operator });
    output.say(`Vault created: ${file}`);
    return closing(vault, () => work(vault.session));
  }
  const vault = Vault.open(file);
  return closing(vault, async () => {
    const session = await vault.unlock(known ?? (await askPassphrase('Passphrase', { twice: false })), operator);
    if (context.clockIsRight) session.confirmClock();
    try {
      return await work(session);
    } catch (error) {
      throw vaultError(file, session.damage, error);
    }
  });
}

async function closing<T>(vault: Vault, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    vault.close();
  }
}

/** Who acts when nobody is named. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    // containers run under numbers that have no name
    return 'unknown';
  }
}

/** @throws PROJECT_NOT_FOUND */
export function projectNamed(session: VaultSession, name: string): ProjectRow {
  const project = projectByName(session, name);
  if (!project) throw new FieldkeyError('PROJECT_NOT_FOUND', { project: name });
  return project;
}

/** A date of the command line, `2027-03-01` or with a time, in ms UTC. @throws INPUT_INVALID */
export function dateOf(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new FieldkeyError('INPUT_INVALID', { problems: [problem('type', { expected: 'date (2027-03-01)' }, option)] });
}

/** A whole number of the command line. @throws INPUT_INVALID */
export function numberOf(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new FieldkeyError('INPUT_INVALID', { problems: [problem('integer', {}, option)] });
}

/** The passphrase for exported device keys, or undefined when they stay readable. */
export async function keyPassphrase(options: { readonly encryptKeys?: boolean }): Promise<string | undefined> {
  return options.encryptKeys
    ? await askPassphrase('Passphrase for the device keys', { twice: true, variable: 'FIELDKEY_KEY_PASSPHRASE' })
    : undefined;
}
