import { existsSync } from 'node:fs';
import type { CallInput, CallOutput, ParsedInput } from '../../shared/contract.ts';
import { FieldkeyError } from '../../shared/errors.ts';
import type { VaultState } from '../../shared/model/vault.ts';
import { certificateDetail } from '../authority/certificate-view.ts';
import { deviceDetail, listDevices } from '../authority/device-view.ts';
import { listProjects, projectOverview } from '../authority/project-view.ts';
import { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';

/** The calls of the contract that the vault answers, and two that only main makes. */
export type VaultCallName =
  | 'vault.lock'
  | 'project.list'
  | 'project.overview'
  | 'device.list'
  | 'device.show'
  | 'certificate.show'
  | 'audit.verify';

type FromContract = { [N in VaultCallName]: (input: ParsedInput<N>) => CallOutput<N> | Promise<CallOutput<N>> };

interface FromMain {
  /** Turns to another file and says what there is; closes the one that was open. */
  'vault.use': (input: { file: string }) => VaultState;
  'vault.create': (input: CallInput<'vault.create'>) => Promise<VaultState>;
  'vault.unlock': (input: CallInput<'vault.unlock'>) => Promise<VaultState>;
  'vault.close': () => void;
}

export type VaultHandlers = FromContract & FromMain;

/**
 * What runs in the vault's thread: the one place of the window's program that has the database and the decrypted keys.
 * Knows nothing of threads or windows; whoever hosts it hands it calls.
 */
export function createVaultService(options: { readonly now?: () => number } = {}): VaultHandlers {
  const now = options.now ?? Date.now;
  let file = '';
  let lastOperator = '';
  /** Open only while it is unlocked: a locked window leaves the file to the command line, or lets the stick be pulled out. */
  let vault: Vault | null = null;

  const state = (): VaultState => {
    if (vault) return { state: 'unlocked', file, operator: vault.session.operator, readOnly: false };
    return existsSync(file) ? { state: 'locked', file, lastOperator } : { state: 'none', file };
  };
  const release = () => {
    vault?.close();
    vault = null;
  };
  const session = () => {
    if (!vault) throw new FieldkeyError(existsSync(file) ? 'VAULT_LOCKED' : 'VAULT_NOT_OPEN', {});
    return vault.session;
  };

  return {
    'vault.use': (input) => {
      release();
      file = input.file;
      lastOperator = existsSync(file) ? operatorOf(file) : '';
      return state();
    },
    'vault.create': async (input) => {
      release();
      vault = await Vault.create(file, input, { now });
      lastOperator = input.operator;
      return state();
    },
    'vault.unlock': async (input) => {
      release();
      const opened = Vault.open(file, { now });
      try {
        await opened.unlock(input.passphrase, input.operator);
      } catch (error) {
        opened.close();
        throw error;
      }
      vault = opened;
      lastOperator = input.operator;
      return state();
    },
    'vault.lock': () => {
      release();
      return state();
    },
    'vault.close': release,
    'project.list': () => listProjects(session()),
    'project.overview': (input) => projectOverview(session(), input.projectId, now()),
    'device.list': (input) => listDevices(session(), input, now()),
    'device.show': (input) => deviceDetail(session(), input.deviceId, now()),
    'certificate.show': (input) => certificateDetail(session(), input.certificateId, now()),
    'audit.verify': async () => {
      const result = await verifyVault(session());
      return { ...result, findings: [...result.findings] };
    },
  };
}

/** Who used the vault last. What is wrong with a file is told when somebody tries to unlock it, where they can act on it. */
function operatorOf(file: string): string {
  try {
    const vault = Vault.open(file);
    try {
      return vault.lastOperator;
    } finally {
      vault.close();
    }
  } catch {
    return '';
  }
}
