import { existsSync } from 'node:fs';
import type { CallInput, CallOutput, ParsedInput } from '../../shared/contract.ts';
import { FieldkeyError } from '../../shared/errors.ts';
import type { AuditFilter } from '../../shared/model/audit.ts';
import type { VaultState } from '../../shared/model/vault.ts';
import { listProjects } from '../authority/project-view.ts';
import { keepObserver } from '../authority/renew-own.ts';
import { type IdentityRequest, type OpenedIdentity, openTestIdentity } from '../authority/test-identity.ts';
import { type AuditFormat, type WrittenAudit, writeAudit } from '../jobs/audit-file.ts';
import { fitLists } from '../jobs/deployed-lists.ts';
import { type InventoryRequest, writeInventory } from '../jobs/inventory.ts';
import { createPractice } from '../jobs/practice.ts';
import { listsOfDamaged, publishAboveDeployed, publishAfterRestore, readListFiles } from '../jobs/restore-backup.ts';
import type { CrlInfo } from '../pki/read-crl.ts';
import { restoreBackup } from '../vault/backup.ts';
import { listCopies } from '../vault/copies.ts';
import { vaultError } from '../vault/database.ts';
import type { KeychainSecret } from '../vault/keychain-slots.ts';
import { restoreCopy } from '../vault/restore.ts';
import type { VaultSession } from '../vault/session.ts';
import { Vault } from '../vault/vault.ts';
import type { VaultOptions } from '../vault/vault-options.ts';
import { explained, watched } from './around-calls.ts';
import { Courtesy } from './courtesy.ts';
import type { VaultAnswers } from './vault-calls/answers.ts';
import { type AuditCallName, auditCalls } from './vault-calls/audit-calls.ts';
import { type AuthorityCallName, authorityCalls } from './vault-calls/authority-calls.ts';
import { type CheckCallName, type CheckSteps, checkCalls } from './vault-calls/check-calls.ts';
import { type ConnectionCallName, type ConnectionSteps, connectionCalls } from './vault-calls/connection-calls.ts';
import type { TellVaultEvent, VaultContext } from './vault-calls/context.ts';
import { type DoctorCallName, type DoctorSteps, doctorCalls } from './vault-calls/doctor-calls.ts';
import { type ExportCallName, type ExportRun, exportCalls } from './vault-calls/export-calls.ts';
import { type IntakeCallName, intakeCalls } from './vault-calls/intake-calls.ts';
import { VaultJobs } from './vault-calls/jobs.ts';
import { HeldSlots, type KeychainCalls, keychainCalls } from './vault-calls/keychain-calls.ts';
import { type LocalBrokerCalls, localBrokerCalls } from './vault-calls/local-broker-calls.ts';
import { type PasswordCallName, passwordCalls } from './vault-calls/password-calls.ts';
import { type ProjectCallName, projectCalls } from './vault-calls/project-calls.ts';
import { type ProofCallName, type ProofSteps, proofCalls } from './vault-calls/proof-calls.ts';
import { type PublishCallName, publishCalls, type SimulationSteps } from './vault-calls/publish-calls.ts';
import { type RecordingCalls, recordingCalls } from './vault-calls/recording-calls.ts';
import { type PassphraseCalls, type SafetyCallName, safetyCalls } from './vault-calls/safety-calls.ts';

/** The calls of the contract that the vault answers; `FromMain` are some that only main makes. */
export type VaultCallName =
  | 'vault.lock'
  | 'vault.copies'
  | 'clock.confirm'
  | AuditCallName
  | ProjectCallName
  | AuthorityCallName
  | IntakeCallName
  | ExportCallName
  | ProofCallName
  | DoctorCallName
  | PasswordCallName
  | PublishCallName
  | CheckCallName
  | ConnectionCallName
  | SafetyCallName;

interface FromMain {
  /** Turns to another file and says what there is; closes the one that was open. `held`: as `keychain.held`. */
  readonly 'vault.use': (input: { file: string; held?: readonly string[] }) => VaultState | Promise<VaultState>;
  readonly 'vault.create': (input: CallInput<'vault.create'>) => Promise<VaultState>;
  readonly 'vault.unlock': (input: CallInput<'vault.unlock'>) => Promise<VaultState>;
  /** As `vault.unlock`, by what this computer's keychain gave. */
  readonly 'vault.unlockByKeychain': (input: KeychainSecret & { operator: string }) => Promise<VaultState>;
  readonly 'vault.restore': (input: ParsedInput<'vault.restore'>) => Promise<CallOutput<'vault.restore'>>;
  readonly 'backup.restore': (input: ParsedInput<'backup.restore'>) => Promise<CallOutput<'backup.restore'>>;
  readonly 'shares.recover': (input: ParsedInput<'shares.recover'>) => Promise<VaultState>;
  /** Writes what is open to another file, closes it and turns to that file. */
  readonly 'vault.saveCopyTo': (input: { file: string }) => Promise<VaultState>;
  readonly 'vault.close': () => void | Promise<void>;
  /** Writes entries of the audit log to the file that main asked for. */
  readonly 'audit.exportTo': (input: { filter: AuditFilter; file: string; format: AuditFormat }) => Promise<WrittenAudit>;
  readonly 'inventory.writeTo': (
    input: InventoryRequest & { readonly projectId: number; readonly file: string },
  ) => Promise<{ file: string; devices: number }>;
  /** Certificate and key for a test connection; never an answer to the page. */
  readonly 'identity.open': (input: IdentityRequest) => Promise<OpenedIdentity>;
  /** Closes what was open, makes a throw-away vault with its project, and opens that. */
  readonly 'practice.create': (input: { file: string; operator: string }) => Promise<PracticeMade>;
}

interface PracticeMade {
  readonly state: VaultState;
  /** Opens it again should this thread crash; stays in main. */
  readonly passphrase: string;
  readonly projectId: number;
}

export type VaultHandlers = VaultAnswers<VaultCallName> &
  ExportRun &
  FromMain &
  LocalBrokerCalls &
  KeychainCalls &
  RecordingCalls &
  PassphraseCalls &
  ProofSteps &
  DoctorSteps &
  SimulationSteps &
  CheckSteps &
  ConnectionSteps;

export interface VaultServiceOptions extends Pick<VaultOptions, 'now' | 'kdfCost'> {
  readonly tell?: TellVaultEvent;
  /** The ids of jobs that were cancelled and of which no call has told yet, see VaultJobs. */
  readonly cancelled?: () => readonly string[];
}

/**
 * What runs in the vault's thread: the one place of the window's program that has the database and the decrypted keys.
 * Knows nothing of threads or windows; whoever hosts it hands it calls.
 */
export function createVaultService(options: VaultServiceOptions = {}): VaultHandlers {
  const { tell, cancelled = () => [], now = Date.now, ...rest } = options;
  const vaultOptions: VaultOptions = { now, ...('kdfCost' in rest ? rest : {}) };
  let file = '';
  let lastOperator = '';
  /** Open only while it is unlocked: a locked window leaves the file to the command line, or lets the stick be pulled out. */
  let vault: Vault | null = null;
  /** The open one was made to practise with. */
  let practice = false;
  const slots = new HeldSlots();
  /** The check of a large vault goes on while it is in use. */
  let courtesy = new Courtesy();
  const jobs: VaultJobs = new VaultJobs(
    {
      progress: (jobId, progress) => tell?.('job.progress', { jobId, ...progress }),
      paused: (jobId) => tell?.('job.paused', { jobId }),
    },
    () => {
      for (const jobId of cancelled()) jobs.cancel(jobId);
    },
  );

  const state = (): VaultState => {
    if (vault) {
      const { operator, trouble } = vault.session;
      const readOnly = trouble !== null && trouble.kind !== 'clock';
      return { state: 'unlocked', file, operator, readOnly, trouble, practice };
    }
    return existsSync(file) ? { state: 'locked', file, lastOperator, keychain: slots.first !== null } : { state: 'none', file };
  };
  /** Raised by everything that closes the vault: whatever was being opened meanwhile must not stay open. */
  let epoch = 0;
  const close = () => {
    epoch++;
    const closing = vault;
    // forgotten first: should closing fail, nothing goes on with it
    vault = null;
    closing?.close();
  };
  /** Opening takes a second of scrypt; a lock, or the choice of another file, in that second wins. */
  const unlessClosed = async (begun: number, make: () => Promise<Vault>): Promise<Vault> => {
    const made = await make();
    if (begun === epoch) return made;
    made.close();
    throw new FieldkeyError('VAULT_LOCKED', {});
  };
  /** Closes the vault, if work is running after the unit that it does right now, and then does `next`. */
  const released = <T>(next: () => T): T | Promise<T> => {
    const closed = () => {
      close();
      return next();
    };
    return jobs.running ? within(jobs.pause(), lockPatience).then(closed) : closed();
  };
  const opened = (next: Vault, operator: string): VaultState => {
    vault = next;
    courtesy = new Courtesy();
    practice = next.practice;
    lastOperator = operator;
    slots.ofVault = next.keychainSlots;
    told = troubleOf(next);
    const { session: shown } = next;
    const known = shown.suspects;
    // of a damaged one too: which of what can still be read is not what was stored
    if (!next.checked && known.size === 0)
      void next.check(courtesy.rest).then(
        () => suspected(shown),
        () => undefined,
      );
    jobs.resume(file, shown);
    return state();
  };
  /** The kind of trouble that the window knows of. */
  let told = '';
  /** Views of what a check found wrong are old; where the vault was locked meanwhile there are none. */
  const suspected = (checked: VaultSession) => {
    noticed();
    if (checked.open && checked.suspects.size > 0) for (const { projectId } of listProjects(checked)) changed(projectId);
  };
  /** Tells the window when a vault turned out to be damaged, gone, or at odds with the clock. */
  const noticed = () => {
    if (!vault?.unlocked || troubleOf(vault) === told) return;
    told = troubleOf(vault);
    tell?.('vault.changed', state());
  };
  /** Opens the file and does what unlocks it; on failure it is closed again. */
  const unlockedBy = async (from: string, unlock: (locked: Vault) => Promise<unknown>): Promise<Vault> => {
    const locked = Vault.open(from, vaultOptions);
    try {
      await unlock(locked);
      return locked;
    } catch (error) {
      locked.close();
      throw error;
    }
  };
  const unlocked = (from: string, { passphrase, operator }: Secret): Promise<Vault> =>
    unlockedBy(from, (locked) => locked.unlock(passphrase, operator, { checkUpTo: checkedAtOnce }));
  const session = () => {
    if (!vault) throw new FieldkeyError(existsSync(file) ? 'VAULT_LOCKED' : 'VAULT_NOT_OPEN', {});
    return vault.session;
  };
  const changed = (projectId: number) => tell?.('project.changed', { projectId });
  const looking = <H extends object>(handlers: H): H => watched(handlers, { before: () => courtesy.asked(), after: noticed });
  const context: VaultContext = {
    now,
    session,
    changed,
    job: async ({ jobId, resumes, projectId }, work) => {
      let project = typeof projectId === 'number' ? projectId : undefined;
      try {
        return await jobs.run({ jobId, resumes, file }, session(), async (open, control) => {
          try {
            return await work(open, control);
          } finally {
            if (typeof projectId !== 'number' && open.open) project = projectId(open);
          }
        });
      } finally {
        if (project !== undefined) changed(project);
      }
    },
    cancel: (jobId) => jobs.cancel(jobId),
  };

  const handlers: VaultHandlers = {
    'vault.use': (input) =>
      released(() => {
        file = input.file;
        slots.held = input.held ?? [];
        const seen = existsSync(file) ? look(file) : { lastOperator: '', slots: [] };
        lastOperator = seen.lastOperator;
        slots.ofVault = seen.slots;
        return state();
      }),
    'vault.create': async (input) => {
      const begun = await released(() => epoch);
      return opened(await unlessClosed(begun, () => Vault.create(file, input, vaultOptions)), input.operator);
    },
    'vault.unlock': async (input) => {
      const wanted = file;
      const begun = await released(() => epoch);
      const next = await unlessClosed(begun, () => unlocked(wanted, input));
      return opened(next, input.operator);
    },
    'vault.unlockByKeychain': async ({ slot, key, operator }) => {
      const wanted = file;
      const begun = await released(() => epoch);
      // what came through the thread's message is a copy
      const secret = { slot, key: Buffer.from(key) };
      try {
        const next = await unlessClosed(begun, () =>
          unlockedBy(wanted, (locked) => locked.unlockWithKeychain(secret, operator, { checkUpTo: checkedAtOnce })),
        );
        return opened(next, operator);
      } finally {
        secret.key.fill(0);
        key.fill(0);
      }
    },
    'vault.copies': () => listCopies(file),
    'vault.restore': async ({ name, crls, ...secret }) => {
      const deployed = await readListFiles(crls);
      const wanted = file;
      const begun = await released(() => epoch);
      let kept: string | null = null;
      let own: CrlInfo[] = [];
      const judge = (copy: VaultSession) => {
        fitLists(copy, deployed);
        own = listsOfDamaged(copy, wanted);
      };
      const next = await unlessClosed(begun, async () => {
        kept = await restoreCopy(wanted, name, secret, vaultOptions, judge);
        return unlocked(wanted, secret);
      });
      const lists = await orClosed(next, () => publishAboveDeployed(next.session, [...deployed, ...own]));
      return { vault: opened(next, secret.operator), kept, own: own.length, ...lists, brought: deployed.length };
    },
    'backup.restore': async ({ file: from, crls, operator, ...secrets }) => {
      // read and judged first: a list that is none must not leave a vault behind that nobody wanted yet
      const deployed = await readListFiles(crls);
      const wanted = file;
      const begun = await released(() => epoch);
      let restored: Awaited<ReturnType<typeof restoreBackup>> | undefined;
      const next = await unlessClosed(begun, async () => {
        const judge = (backup: VaultSession) => void fitLists(backup, deployed);
        restored = await restoreBackup(from, wanted, { ...secrets, operator }, vaultOptions, judge);
        return unlocked(wanted, { passphrase: secrets.vaultPassphrase, operator });
      });
      const lists = await orClosed(next, () => publishAfterRestore(next.session, deployed));
      const { manifest, kept } = restored as NonNullable<typeof restored>;
      const plain = { ...manifest, authorities: [...manifest.authorities] };
      return { vault: opened(next, operator), manifest: plain, kept, ...lists };
    },
    'shares.recover': async ({ shares, ...secret }) => {
      const wanted = file;
      const begun = await released(() => epoch);
      const next = await unlessClosed(begun, () =>
        unlockedBy(wanted, (locked) => locked.unlockWithShares(shares, secret, { checkUpTo: checkedAtOnce })),
      );
      return opened(next, secret.operator);
    },
    'vault.saveCopyTo': async (input) => {
      session();
      vault?.saveCopy(input.file);
      await released(() => undefined);
      file = input.file;
      return state();
    },
    'clock.confirm': () => {
      session().confirmClock();
      noticed();
      return state();
    },
    'practice.create': async ({ operator, ...input }) => {
      const begun = await released(() => epoch);
      const made = await createPractice(input.file, operator, vaultOptions);
      await unlessClosed(begun, () => Promise.resolve(made.vault));
      file = input.file;
      return { state: opened(made.vault, operator), passphrase: made.passphrase, projectId: made.projectId };
    },
    'vault.lock': () => released(state),
    'vault.close': () => released(() => undefined),
    'identity.open': async (input) => {
      // nobody has to be reminded of what the program can renew by itself
      if (input.identity.kind === 'observer' && (await keepObserver(session(), input.projectId))) changed(input.projectId);
      return openTestIdentity(session(), input);
    },
    ...looking(projectCalls(context)),
    ...looking(authorityCalls(context)),
    ...looking(intakeCalls(context)),
    ...looking(exportCalls(context)),
    ...auditCalls(context),
    'audit.exportTo': ({ filter, file: target, format }) => writeAudit(session(), filter, { file: target, format }),
    'inventory.writeTo': ({ projectId, file: target, ...request }) => writeInventory(session(), projectId, request, target),
    ...localBrokerCalls(session),
    ...keychainCalls({ session }, () => file, slots),
    ...recordingCalls({ session }, () => file),
    ...looking(passwordCalls(context)),
    ...looking(proofCalls(context)),
    ...looking(doctorCalls(context)),
    ...looking(connectionCalls(context)),
    ...looking(safetyCalls(context, { file: () => file, options: vaultOptions })),
    ...looking(publishCalls(context)),
    ...looking(checkCalls(context)),
  };
  return explained(handlers, (error) => vaultError(file, vault?.unlocked ? vault.session.damage : null, error));
}

/** Does the first work on a vault that nobody has yet: where it fails, the vault is closed again. */
async function orClosed<T>(next: Vault, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    next.close();
    throw error;
  }
}

type Secret = { readonly passphrase: string; readonly operator: string };

/** Audit entries up to which a vault is checked before it is shown; beyond that (seconds) while it is in use already. */
const checkedAtOnce = 20_000;

function troubleOf({ session }: Vault): string {
  return session.trouble?.kind ?? '';
}

/** ms that a lock waits for running work to come to its end; a medium that hangs must not keep the keys in memory. */
const lockPatience = 10_000;

function within(work: Promise<void>, patience: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Who used the vault last, and its keychain slots. What is wrong with a file is told when somebody tries to unlock it, where they can act on it. */
function look(file: string): { readonly lastOperator: string; readonly slots: readonly string[] } {
  try {
    const vault = Vault.open(file);
    try {
      return { lastOperator: vault.lastOperator, slots: vault.keychainSlots };
    } finally {
      vault.close();
    }
  } catch {
    return { lastOperator: '', slots: [] };
  }
}
