import { useSyncExternalStore } from 'react';
import { call } from '../../bridge/client.ts';
import { forgetLines } from '../../ui/useDeviceLines.ts';
import { type Draft, readDraft } from './draft.ts';

export interface WizardState {
  /** Null until the stored draft was asked for. */
  readonly draft: Draft | null;
  readonly saved: 'no' | 'saving' | 'yes' | 'failed';
  /** Restored from an earlier visit, which is said once. */
  readonly restored: boolean;
  /** The job that issues this draft. */
  readonly jobId: string | null;
}

/** After this pause in typing (ms) the draft is stored; long enough not to write at every letter. */
const saveDelay = 500;

const nothing: WizardState = { draft: null, saved: 'no', restored: false, jobId: null };
let state = nothing;
let timer: ReturnType<typeof setTimeout> | undefined;
let listening = false;
const listeners = new Set<() => void>();

function set(next: Partial<WizardState>): void {
  state = { ...state, ...next };
  for (const each of listeners) each();
}

async function save(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  const { draft } = state;
  if (!draft) return;
  set({ saved: 'saving' });
  try {
    await call('draft.save', { draft: JSON.stringify(draft) });
    if (state.saved === 'saving') set({ saved: 'yes' });
  } catch {
    set({ saved: 'failed' });
  }
}

/** Loads what was stored, once for each time the vault is open. `fresh` is what a new draft begins with. */
export async function openWizard(fresh: Draft): Promise<void> {
  if (!listening) {
    listening = true;
    window.fieldkey.on('vault.changed', (payload) => {
      if ((payload as { readonly state: string }).state === 'unlocked') return;
      // another vault may be opened next; this draft lies in the one that was closed
      clearTimeout(timer);
      forgetLines();
      set(nothing);
    });
    // a window that is closed or loaded again within the pause; at pagehide main may not know the page any more
    window.addEventListener('beforeunload', () => void (timer !== undefined && save()));
  }
  if (state.draft?.step === 'done') return startAnew(fresh);
  if (state.draft) return;
  const stored = await call('draft.load').then(
    (answer) => answer.draft,
    () => null,
  );
  if (state.draft) return;
  const found = readDraft(stored, fresh);
  if (found?.step === 'done') return startAnew(fresh);
  set({ ...nothing, draft: found ?? fresh, saved: found ? 'yes' : 'no', restored: found !== null });
}

/** Changes answers; they are stored after a short pause. */
export function changeDraft(change: Partial<Draft>): void {
  if (!state.draft) return;
  set({ draft: { ...state.draft, ...change }, saved: 'saving', restored: false });
  clearTimeout(timer);
  timer = setTimeout(() => void save(), saveDelay);
}

export function setIssueJob(jobId: string | null): void {
  set({ jobId });
}

/** Forgets the answers, also the stored ones. */
export function startAnew(fresh: Draft): void {
  clearTimeout(timer);
  timer = undefined;
  set({ ...nothing, draft: fresh });
  // a draft that could not be cleared is offered again next time, and can be left then
  void call('draft.save', { draft: null }).catch(() => {});
}

export function useWizard(): WizardState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}
