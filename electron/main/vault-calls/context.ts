import type { EventPayload } from '../../../shared/contract.ts';
import type { JobControl } from '../../../shared/model/job.ts';
import type { VaultSession } from '../../vault/session.ts';

/** The events that come from the vault's thread. */
export type VaultEvent = 'vault.changed' | 'project.changed' | 'job.progress' | 'job.paused';
export type TellVaultEvent = <N extends VaultEvent>(name: N, payload: EventPayload<N>) => void;

type FindProject = (session: VaultSession) => number | undefined;

/** What the calls on an open vault need of whoever keeps it open. */
export interface VaultContext {
  readonly now: () => number;
  /** @throws VAULT_LOCKED, VAULT_NOT_OPEN */
  readonly session: () => VaultSession;
  /** Tells the window that views of a project are old. */
  readonly changed: (projectId: number) => void;
  /**
   * Runs long work that changes a project, and tells so when it ends, however it ends: what was committed stays. A
   * project that the work itself makes is looked up by the function given instead of its id.
   */
  readonly job: <T>(
    options: { readonly jobId: string; readonly resumes: boolean; readonly projectId: number | FindProject },
    work: (session: VaultSession, control: JobControl) => Promise<T>,
  ) => Promise<T>;
  readonly cancel: (jobId: string) => void;
}
