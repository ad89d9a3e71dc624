import { z } from 'zod';
import { nothing, secret, time, vaultState } from './schemas.ts';
import { settingsChange, settingsSchema } from './settings.ts';

/** Whoever unlocks says who they are: the name stands in every audit entry. */
const operator = z.string().trim().min(1).max(64);

/** The program and its vault. */
export const vaultCalls = {
  /** Everything that the first paint needs, as one snapshot. */
  'app.start': {
    input: nothing,
    output: z.strictObject({
      vault: vaultState,
      settings: settingsSchema,
      systemLanguage: z.string(),
      /** The name of the system's account; empty when it has none. */
      systemUser: z.string(),
      platform: z.enum(['win32', 'darwin', 'linux', 'other']),
      version: z.string(),
    }),
  },
  'settings.change': {
    input: settingsChange,
    output: settingsSchema,
  },
  'vault.create': { input: z.strictObject({ passphrase: secret, operator }), output: vaultState },
  'vault.unlock': { input: z.strictObject({ passphrase: secret, operator }), output: vaultState },
  /** Opens it by what this computer's keychain keeps; the key never reaches the page. */
  'vault.unlockByKeychain': { input: z.strictObject({ operator }), output: vaultState },
  'vault.lock': { input: nothing, output: vaultState },
  /** Asks for an existing vault file with the system's dialog; null = the person cancelled. */
  'vault.choose': { input: nothing, output: vaultState.nullable() },
  /** Asks where a new vault shall lie (a USB drive for example); null = cancelled. */
  'vault.createAt': { input: nothing, output: vaultState.nullable() },
  /** The copies that Fieldkey keeps of this vault, the newest first. */
  'vault.copies': {
    input: nothing,
    output: z.array(z.strictObject({ name: z.string(), at: time, size: z.number(), kind: z.enum(['sound', 'migration']) })),
  },
  /** Saves the open vault, whose file is gone, to a place asked for, and turns to it; null = cancelled. */
  'vault.saveCopy': { input: nothing, output: vaultState.nullable() },
  /** A person looked at the computer's clock and found it right, whatever the vault knows. */
  'clock.confirm': { input: nothing, output: vaultState },
  /** The page has no clipboard permission: all permissions are denied. */
  'clipboard.write': { input: z.strictObject({ text: z.string().max(100_000) }), output: nothing },
  /** Saves a text that the page made to a place asked for; null = cancelled. */
  'text.save': {
    input: z.strictObject({ name: z.string().regex(/^[\w.-]{1,100}$/), text: z.string().max(64_000_000) }),
    output: z.strictObject({ file: z.string() }).nullable(),
  },
  /** The same for a picture (PNG). */
  'image.save': {
    input: z.strictObject({
      name: z.string().regex(/^[\w.-]{1,100}$/),
      png: z.instanceof(Uint8Array).refine((bytes) => bytes.byteLength <= 64_000_000 && bytes[0] === 0x89 && bytes[1] === 0x50),
    }),
    output: z.strictObject({ file: z.string() }).nullable(),
  },
  /** The person did something: restarts the auto-lock clock. At most one call every few seconds. */
  activity: { input: nothing, output: nothing },
} as const;
