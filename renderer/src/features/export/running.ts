import type { Medium } from '../../../../shared/model/export.ts';

/** The export that was begun for a project, kept while other pages are shown. No passphrase is ever part of it. */
export interface Running {
  readonly jobId: string;
  readonly medium: Medium;
  readonly withBroker: boolean;
  readonly withReport: boolean;
  /** The device keys are being encrypted: to try again the passphrase is needed again. */
  readonly encrypted: boolean;
}

const byProject = new Map<number, Running>();

export function exportOf(projectId: number): Running | null {
  return byProject.get(projectId) ?? null;
}

export function rememberExport(projectId: number, running: Running): Running {
  byProject.set(projectId, running);
  return running;
}

export function forgetExport(projectId: number): void {
  byProject.delete(projectId);
}
