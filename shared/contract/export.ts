import { z } from 'zod';
import { revocationReasons } from '../model/certificate.ts';
import { printedDocument } from './audit.ts';
import { brokerSettings, broughtKey, jobId, nothing, rowId, secret, time } from './schemas.ts';

export const medium = z.strictObject({
  path: z.string(),
  label: z.string(),
  volumeId: z.string(),
  removable: z.boolean(),
  fileSystem: z.string(),
  size: z.number().nullable(),
  free: z.number().nullable(),
});

/** `told`: false where the system cannot tell its drives. */
export const mediaList = z.strictObject({ told: z.boolean(), media: z.array(medium).readonly() });

const exportRecord = z.strictObject({
  exportId: rowId,
  state: z.enum(['begun', 'finished', 'failed']),
  at: time,
  mediumLabel: z.string(),
  volumeId: z.string(),
  directory: z.string(),
  operator: z.string(),
  devices: z.number(),
  keysEncrypted: z.boolean(),
  withBroker: z.boolean(),
  devicesStillAtRisk: z.number(),
  brokerAtRisk: z.boolean(),
});

const previewFile = z.strictObject({
  path: z.string(),
  bytes: z.number(),
  secret: z.boolean(),
  content: z.string().nullable(),
  change: z.enum(['same', 'changed', 'new', 'never-exported']),
});

const kitFile = previewFile.extend({
  /** Of a changed file, or of one that is gone, its text in the last export; null where that is not known. */
  before: z.string().nullable(),
  change: z.enum(['same', 'changed', 'new', 'never-exported', 'gone']),
});

/** What is written: the broker's kit, and the bundles of some or all devices. */
const selection = z.strictObject({
  projectId: rowId,
  withBroker: z.boolean().default(true),
  /** Null = all devices that have a valid certificate. */
  deviceIds: z.array(rowId).nullable().default(null),
});

/** Exports: where to, what, and what is on which medium. */
export const exportCalls = {
  /** Starts looking for drives (`media.changed` follows while looking) and gives those that are there. */
  'media.watch': { input: nothing, output: mediaList },
  'media.unwatch': { input: nothing, output: nothing },
  /** The system's folder dialog; null = cancelled. */
  'media.choose': { input: nothing, output: medium.nullable() },
  /** Unmounts and, where the system can, powers off. `cause` is null and `reason`, a technical text, empty when it went well. */
  'media.eject': {
    input: z.strictObject({ path: z.string() }),
    output: z.strictObject({
      ejected: z.boolean(),
      cause: z.enum(['busy', 'gone', 'refused']).nullable(),
      reason: z.string(),
    }),
  },
  'export.measure': { input: selection, output: z.strictObject({ files: z.number(), bytes: z.number(), devices: z.number() }) },
  'export.run': {
    input: selection.extend({
      jobId,
      medium,
      keyPassphrase: secret.optional(),
      /** The report of a connection that was tried: it goes along as PDF and JSON, a device's into its bundle. */
      acceptance: z
        .strictObject({ deviceId: rowId.nullable(), json: z.string().min(2).max(4_000_000), document: printedDocument })
        .optional(),
    }),
    output: z.strictObject({
      exportId: rowId.nullable(),
      directory: z.string(),
      files: z.number(),
      bytes: z.number(),
      devices: z.number(),
      unchanged: z.boolean(),
      leftOut: z.array(z.string()),
      waiting: z.array(z.string()),
      auditHead: z.string(),
    }),
  },
  'export.state': {
    input: z.strictObject({ projectId: rowId }),
    output: z.strictObject({
      last: exportRecord.nullable(),
      changedKitFiles: z.array(z.string()),
      devicesToExport: z.number(),
      bundlesOutdated: z.number(),
      /** Newest first. */
      exports: z.array(exportRecord),
    }),
  },
  /** A stick is lost: new keys for every device whose present key is on it, the old certificates revoked. */
  'export.rekey': {
    input: z.strictObject({
      jobId,
      exportId: rowId,
      reason: z.enum(revocationReasons).default('keyCompromise'),
      key: broughtKey.optional(),
    }),
    /** `waiting`: as in `device.replace`. */
    output: z.strictObject({
      replaced: z.number(),
      brokerReissued: z.boolean(),
      crlNumber: z.number(),
      crlNextUpdate: time,
      waiting: z.array(z.string()),
    }),
  },
  /** With `settings`: as the kit would be with settings that are being tried. */
  'preview.broker': {
    input: z.strictObject({ projectId: rowId, settings: brokerSettings.optional() }),
    output: z.array(kitFile),
  },
  'preview.device': { input: z.strictObject({ deviceId: rowId }), output: z.array(previewFile) },
} as const;
