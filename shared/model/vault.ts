/** What keeps a vault from being used as usual; all but a wrong clock mean that nothing is written. */
export type VaultTrouble =
  /** The file or its medium is protected; `reason` is the system's. */
  | { readonly kind: 'protected'; readonly reason: string }
  /** Not as it was written; what is still readable is shown. `detail`: the first finding, technical. */
  | { readonly kind: 'damaged'; readonly detail: string }
  /** Removed or replaced while it was open: what is shown lives in this process only. */
  | { readonly kind: 'gone' }
  /** Nothing is issued by a clock that contradicts the vault. Milliseconds since 1970. */
  | { readonly kind: 'clock'; readonly clock: number; readonly known: number };

/** What the window knows of the vault. */
export type VaultState =
  | { readonly state: 'none'; readonly file: string }
  | {
      readonly state: 'locked';
      readonly file: string;
      readonly lastOperator: string;
      /** This computer's keychain has something that opens it, as far as that can be told without asking it. */
      readonly keychain: boolean;
    }
  | {
      readonly state: 'unlocked';
      readonly file: string;
      readonly operator: string;
      readonly readOnly: boolean;
      readonly trouble: VaultTrouble | null;
      /** Made to practise with, and thrown away when practice ends. */
      readonly practice: boolean;
    };

/** A copy that Fieldkey made of a vault by itself, beside it. */
export interface VaultCopy {
  /** The file's name within the folder of copies, or beside the vault. */
  readonly name: string;
  /** When it was made, milliseconds since 1970. */
  readonly at: number;
  /** Bytes. */
  readonly size: number;
  /** `sound`: after a check without a finding; `migration`: before a newer Fieldkey changed the format. */
  readonly kind: 'sound' | 'migration';
}

/** Shorter passphrases are refused: below this, guessing them costs less than breaking in. In characters (code points, NFKC). */
export const passphraseMinimum = 12;

/** After how many minutes without activity the vault may lock itself. */
export const autoLockMinutesChoices = [1, 5, 15, 30, 60] as const;
