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
  /** Opens the file, locked, if there is one; says what there is. Closes another one that was open. */
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
  let vault: Vault | null = null;

  const state = (): VaultState => {
    if (vault?.unlocked) return { state: 'unlocked', file, operator: vault.session.operator, readOnly: false };
    if (vault) return { state: 'locked', file, lastOperator: vault.lastOperator };
    return existsSync(file) ? { state: 'locked', file, lastOperator: '' } : { state: 'none', file };
  };
  const session = () => {
    if (!vault) throw new FieldkeyError(existsSync(file) ? 'VAULT_LOCKED' : 'VAULT_NOT_OPEN', {});
    return vault.session;
  };

  return {
    'vault.use': (input) => {
      vault?.close();
      vault = null;
      file = input.file;
      if (existsSync(file)) {
        try {
          vault = Vault.open(file, { now });
        } catch {
          // why it cannot be opened is told when the person tries to unlock it, in the place where they can act on it
        }
      }
      return state();
    },
    'vault.create': async (input) => {
      vault?.close();
      vault = null;
      vault = await Vault.create(file, input, { now });
      return state();
    },
    'vault.unlock': async (input) => {
      vault ??= Vault.open(file, { now });
      await vault.unlock(input.passphrase, input.operator);
      return state();
    },
    'vault.lock': () => {
      vault?.lock();
      return state();
    },
    'vault.close': () => {
      vault?.close();
      vault = null;
    },
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
