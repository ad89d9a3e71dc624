/** What the window knows of the vault. */
export type VaultState =
  | { readonly state: 'none'; readonly file: string }
  | { readonly state: 'locked'; readonly file: string; readonly lastOperator: string }
  | { readonly state: 'unlocked'; readonly file: string; readonly operator: string; readonly readOnly: boolean };

/** Shorter passphrases are refused: below this, guessing them costs less than breaking in. In characters (code points, NFKC). */
export const passphraseMinimum = 12;

/** After how many minutes without activity the vault may lock itself. */
export const autoLockMinutesChoices = [1, 5, 15, 30, 60] as const;
