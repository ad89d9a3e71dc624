import { z } from 'zod';
import { inventoryFormats, inventorySecrets } from '../model/inventory.ts';
import { identityModes } from '../model/kit.ts';
import { broughtKey, roleName, rowId, secret, time } from './schemas.ts';

const inProject = z.strictObject({ projectId: rowId });
const named = z.strictObject({ deviceId: rowId, id: z.string() });

/** Passwords of devices, certificates that several devices share, and the inventory for other tools. */
export const passwordCalls = {
  /** How the devices stand with their passwords; never a password. */
  'password.show': {
    input: inProject,
    output: z.strictObject({
      identity: z.enum(identityModes),
      /** Devices in use that have no password, one, or two because it is being changed. */
      none: z.number(),
      one: z.number(),
      /** Of those the new password was made at `since`; `exported`: it is in a bundle on a medium. */
      changing: z.array(named.extend({ user: z.string(), before: z.string(), since: time, exported: z.boolean() })),
      observer: z.boolean(),
    }),
  },
  /** The one call whose answer has passwords, and that only where `show` asks for them: each is shown this once. */
  'password.make': {
    input: inProject.extend({
      /** Null = all devices in use. */
      deviceIds: z.array(rowId).max(100_000).nullable(),
      observer: z.boolean().default(false),
      typed: secret.optional(),
      overlap: z.boolean(),
      show: z.boolean(),
    }),
    output: z.strictObject({
      made: z.number(),
      shown: z.array(z.strictObject({ id: z.string(), user: z.string(), password: z.string().meta({ secret: true }) })),
      filesToCopy: z.array(z.string()),
    }),
  },
  /** Ends a change: the old password is over, or the new one is taken back. */
  'password.finish': {
    input: inProject.extend({ deviceIds: z.array(rowId).max(100_000), keep: z.enum(['new', 'old']) }),
    output: z.strictObject({ finished: z.array(z.string()), filesToCopy: z.array(z.string()) }),
  },
  /** Every certificate that several devices use. */
  'certificate.shared': {
    input: inProject,
    output: z.array(
      z.strictObject({
        holderId: rowId,
        holder: z.string(),
        /** Of the holder. */
        role: roleName,
        devices: z.array(named.extend({ role: roleName })),
      }),
    ),
  },
  'certificate.share': {
    input: inProject.extend({ holderId: rowId, deviceIds: z.array(rowId).min(1).max(100_000) }),
    output: z.strictObject({ shared: z.array(z.string()), filesToCopy: z.array(z.string()) }),
  },
  /** Certificates of their own again. */
  'certificate.unshare': {
    input: inProject.extend({ deviceIds: z.array(rowId).min(1).max(100_000), key: broughtKey.optional() }),
    output: z.strictObject({ unshared: z.array(z.string()), filesToCopy: z.array(z.string()) }),
  },
  /** Asks where, and writes the devices for Ansible or Terraform; null = cancelled. */
  'inventory.write': {
    input: inProject.extend({
      format: z.enum(inventoryFormats),
      secrets: z.enum(inventorySecrets),
      passphrase: secret.optional(),
    }),
    output: z.strictObject({ file: z.string(), devices: z.number() }).nullable(),
  },
} as const;
