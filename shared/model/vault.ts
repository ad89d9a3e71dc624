/** What the window knows of the vault. */
export type VaultState =
  | { readonly state: 'none'; readonly file: string }
  | { readonly state: 'locked'; readonly file: string; readonly lastOperator: string }
  | { readonly state: 'unlocked'; readonly file: string; readonly operator: string; readonly readOnly: boolean };

/** scrypt cost and passphrase floor are fixed by the vault, these are people's choices. */
export const autoLockMinutesChoices = [1, 5, 15, 30, 60] as const;
