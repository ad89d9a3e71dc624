import { useEffect, useSyncExternalStore } from 'react';
import type { Check } from '../../../../shared/model/check.ts';
import { type CheckDraft, draftOf } from './check-draft.ts';

/** The check that is being written. It outlives the page: whoever looks something up elsewhere finds it as it was left. */
export interface OpenDraft {
  /** Another one each time that an editor is opened. */
  readonly key: number;
  readonly projectId: number;
  /** Null = a new one. */
  readonly checkId: number | null;
  /** As it was opened. */
  readonly first: Check;
  readonly draft: CheckDraft;
}

let open: OpenDraft | null = null;
let keys = 0;
const listeners = new Set<() => void>();
let listening = false;

function publish(next: OpenDraft | null): void {
  open = next;
  for (const each of listeners) each();
}

function listen(): void {
  if (listening) return;
  listening = true;
  window.fieldkey.on('vault.changed', (payload) => {
    if ((payload as { state: string }).state !== 'unlocked') publish(null);
  });
}

export function openDraft(projectId: number, checkId: number | null, first: Check): void {
  listen();
  publish({ key: ++keys, projectId, checkId, first, draft: draftOf(first) });
}

export function changeDraft(draft: CheckDraft): void {
  if (open) publish({ ...open, draft });
}

export function closeDraft(): void {
  publish(null);
}

/** The check that is being written for a project; null = none. */
export function useOpenDraft(projectId: number): OpenDraft | null {
  useEffect(listen, []);
  const present = useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => open,
  );
  return present?.projectId === projectId ? present : null;
}
