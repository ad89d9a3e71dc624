import type { VaultContext } from './context.ts';

/** What main asks for when recordings are wanted; no answer to a page. */
export interface RecordingCalls {
  /** Where the recordings of the vault in use lie, and their key, which whoever gets it wipes. @throws VAULT_LOCKED */
  readonly 'recording.key': () => { readonly folder: string; readonly key: Uint8Array };
}

export function recordingCalls({ session }: Pick<VaultContext, 'session'>, file: () => string): RecordingCalls {
  return {
    'recording.key': () => {
      const key = session().recordingsKey();
      try {
        return { folder: `${file()}.recordings`, key: new Uint8Array(key) };
      } finally {
        key.fill(0);
      }
    },
  };
}
