import { z } from 'zod';
import { keychainObstacles } from '../model/keychain.ts';
import { shareCountMaximum, thresholdRange } from '../model/recovery.ts';
import { jobId, nothing, secret, time, vaultState } from './schemas.ts';

const operator = z.string().trim().min(1).max(64);
/** A path that one of main's dialogs gave; main takes no other. */
const chosenPath = z.string().max(4096);

const manifest = z.strictObject({
  at: time,
  operator: z.string(),
  vaultId: z.string(),
  auditHead: z.string(),
  auditEntries: z.number(),
  projects: z.number(),
  devices: z.number(),
  certificates: z.number(),
  authorities: z.array(z.strictObject({ name: z.string(), fingerprint: z.string() })),
});

/** Revocation lists that a broker has: files that a dialog gave. */
export const chosenLists = z.array(chosenPath).max(20);

/** What became of the lists after a restore, or after a broker's were taken over. */
export const takenOver = {
  /** How many lists of the broker were brought. */
  brought: z.number(),
  /** Revocations that the vault did not have; among them those of certificates that it does not know. */
  takenOver: z.number(),
  unknown: z.number(),
  published: z.array(z.strictObject({ authority: z.string(), number: z.number() })),
  withheld: z.array(z.strictObject({ authority: z.string(), code: z.string() })),
};

/** Recovery shares as people typed them. */
const shares = z
  .array(z.string().max(512).meta({ secret: true }))
  .min(1)
  .max(shareCountMaximum);

/** Backup, recovery and the passphrase of the vault. */
export const safetyCalls = {
  'safety.show': {
    input: nothing,
    output: z.strictObject({
      /** When the last backup was written; null = never. */
      lastBackup: time.nullable(),
      shares: z.strictObject({ threshold: z.number(), count: z.number(), madeAt: time, lastDrill: time.nullable() }).nullable(),
    }),
  },
  /** Asks with the system's dialog where a backup shall be written; null = cancelled. */
  'backup.place': { input: nothing, output: z.string().nullable() },
  /** Asks for a backup file; null = cancelled. */
  'backup.choose': { input: nothing, output: z.string().nullable() },
  /** Asks for the files with the revocation lists that brokers have; null = cancelled. */
  'crl.choose': { input: nothing, output: z.array(z.string()).nullable() },
  /** Takes lists over that brokers have, and publishes new ones above them: after a restore without them. */
  'crl.takeOver': { input: z.strictObject({ crls: chosenLists.min(1) }), output: z.strictObject(takenOver) },
  'backup.write': { input: z.strictObject({ jobId, file: chosenPath, passphrase: secret }), output: manifest },
  /** Opens a backup in memory and checks all of it; changes nothing, and needs no open vault. */
  'backup.verify': {
    input: z.strictObject({ file: chosenPath, passphrase: secret, vaultPassphrase: secret }),
    output: manifest,
  },
  /**
   * Puts the vault of a backup in the place of the present file, which is kept, unlocks it, takes over the revocations of the
   * deployed lists (`crls`: their files) and publishes lists above them.
   */
  'backup.restore': {
    input: z.strictObject({
      file: chosenPath,
      passphrase: secret,
      vaultPassphrase: secret,
      operator,
      crls: chosenLists,
    }),
    output: z.strictObject({
      vault: vaultState,
      manifest,
      kept: z.string().nullable(),
      ...takenOver,
    }),
  },
  /**
   * Checks a copy with its passphrase, puts it in the vault's place and unlocks it; what was there is kept under another
   * name. Then as `backup.restore`. Closes the vault if it is open.
   */
  'vault.restore': {
    input: z.strictObject({ name: z.string().max(255), passphrase: secret, operator, crls: chosenLists }),
    output: z.strictObject({
      vault: vaultState,
      kept: z.string().nullable(),
      /** Lists of the damaged vault itself that could be read, and were taken over as well. */
      own: z.number(),
      ...takenOver,
    }),
  },
  /** The computers that open this vault without its passphrase, and whether this one can be added. */
  'keychain.show': {
    input: nothing,
    output: z.strictObject({
      /** Why this computer's keychain cannot be used; null = it can. */
      obstacle: z.enum(keychainObstacles).nullable(),
      computer: z.string(),
      slots: z.array(
        z.strictObject({
          slot: z.string(),
          computer: z.string(),
          madeAt: time,
          /** `lost`: made here, and the keychain has nothing for it any more; `unusable`: only for now. */
          here: z.enum(['yes', 'lost', 'unusable', 'no']),
        }),
      ),
    }),
  },
  'keychain.turnOn': { input: z.strictObject({ passphrase: secret }), output: nothing },
  'keychain.turnOff': { input: z.strictObject({ slot: z.string().regex(/^[0-9a-f]{32}$/) }), output: nothing },
  'passphrase.change': { input: z.strictObject({ old: secret, next: secret }), output: nothing },
  /** The one call whose answer is secret: the shares are shown and printed, and kept nowhere. */
  'shares.make': {
    input: z.strictObject({
      passphrase: secret,
      threshold: z.number().int().min(thresholdRange.minimum).max(thresholdRange.maximum),
      count: z.number().int().min(thresholdRange.minimum).max(shareCountMaximum),
    }),
    output: z.strictObject({
      vault: z.string(),
      set: z.string(),
      threshold: z.number(),
      cards: z.array(z.strictObject({ index: z.number(), text: z.string().meta({ secret: true }) })),
    }),
  },
  /** Proves that these shares open the vault; changes nothing but the audit log. Gives the numbers of the cards. */
  'shares.drill': { input: z.strictObject({ shares }), output: z.strictObject({ cards: z.array(z.number()) }) },
  /** Opens a locked vault by shares and gives it a new passphrase. */
  'shares.recover': { input: z.strictObject({ shares, passphrase: secret, operator }), output: vaultState },
  /** Prints what the page shows, with the system's dialog. False = it was not printed. */
  'page.print': { input: nothing, output: z.strictObject({ printed: z.boolean() }) },
  /** Asks where, and writes what the page would print as a PDF file; null = cancelled. */
  'page.pdf': {
    input: z.strictObject({ name: z.string().max(100), landscape: z.boolean().optional() }),
    output: z.string().nullable(),
  },
} as const;
