import { z } from 'zod';
import { authorityStates, crlDeadlines, renewalModes, skipReasons } from '../model/authority.ts';
import { certificateKinds, revocationReasons } from '../model/certificate.ts';
import { keyAlgorithms } from '../model/key.ts';
import { answerFiles, answerReview } from './intake.ts';
import { broughtKey, certificateDetail, certificateSummary, jobId, nothing, rowId, secret, time } from './schemas.ts';

const mode = z.enum(renewalModes);

/** What is revoked, on hold or released now; and the lists in force, with what is not on them yet (`pending`). */
const revocation = z.strictObject({
  certificates: z.array(z.strictObject({ id: rowId, kind: z.string(), commonName: z.string(), serial: z.string() })),
  crls: z.array(z.strictObject({ authority: z.string(), number: z.number(), nextUpdate: time.nullable(), pending: z.number() })),
});

const renewed = z.strictObject({
  done: z.array(
    z.strictObject({
      deviceId: rowId,
      id: z.string(),
      certificateId: rowId,
      predecessorId: rowId.nullable(),
      serial: z.string(),
      notAfter: time,
    }),
  ),
  skipped: z.array(z.strictObject({ deviceId: rowId, id: z.string(), why: z.enum(skipReasons) })),
});

/** An authority that is replaced by another one. `moved`: certificate of the new one, exported since. */
const move = z.strictObject({
  moveId: rowId,
  oldAuthority: z.string(),
  newAuthority: z.string(),
  startedAt: time,
  finishedAt: time.nullable(),
  devices: z.number(),
  trusting: z.number(),
  reissued: z.number(),
  moved: z.number(),
});

const authority = z.strictObject({
  authorityId: rowId,
  name: z.string(),
  parentId: rowId.nullable(),
  state: z.enum(authorityStates),
  /** Its private key is in this vault. */
  keyHere: z.boolean(),
  /** It was made by somebody else, and imported. */
  imported: z.boolean(),
  /** It belongs to somebody else and vouches for one of ours: it signs nothing here. */
  outside: z.boolean(),
  issuesDevices: z.boolean(),
  issuesBroker: z.boolean(),
  /** Devices have certificates of it: revoking one of them needs its key. */
  issuedDevices: z.boolean(),
  /** Newest first; those before a renewal stay visible. */
  certificates: z.array(certificateSummary),
  /** `pending` = certificates that the list does not tell the truth about yet. */
  crl: z
    .strictObject({
      number: z.number(),
      thisUpdate: time,
      nextUpdate: time,
      entries: z.number(),
      deadline: z.enum(crlDeadlines),
      pending: z.number(),
    })
    .nullable(),
});

const years = z.number().int().min(1).max(20).optional();
const reissue = z.strictObject({
  authorityId: rowId,
  mode: mode.default('rekey'),
  /** Out of use at the end, without an overlap. */
  compromised: z.boolean().default(false),
  keyType: z.enum(keyAlgorithms).optional(),
  years,
  key: broughtKey.optional(),
});
const rotation = z.strictObject({ deviceDays: z.number(), brokerDays: z.number(), warnDays: z.number() });

const dueItem = z.strictObject({
  kind: z.enum([...certificateKinds, 'crl']),
  name: z.string(),
  deviceId: rowId.nullable(),
  certificateId: rowId.nullable(),
  notAfter: time,
  ended: z.boolean(),
  automatic: z.boolean(),
  offline: z.boolean(),
  /** Name of the authority of somebody else that issued it; null = one of ours. */
  outside: z.string().nullable(),
});

/** What the authority does after issuing. Calls with a jobId report `job.progress` and can be cancelled. */
export const authorityCalls = {
  /** Same key or new key; the certificate before stays valid. Null = all devices, or all that end within so many days. */
  'certificate.renew': {
    input: z.strictObject({
      jobId,
      projectId: rowId,
      mode,
      deviceIds: z.array(rowId).min(1).max(100_000).nullable().default(null),
      withinDays: z.number().int().min(0).max(3650).nullable().default(null),
      days: z.number().int().min(90).max(3650).optional(),
      key: broughtKey.optional(),
    }),
    output: renewed,
  },
  /** With certificateHold it is put on hold. `at` = since when it is not to be trusted, now by default. */
  'certificate.revoke': {
    input: z.strictObject({
      certificateId: rowId,
      reason: z.enum(revocationReasons),
      at: time.optional(),
      publish: z.boolean().default(true),
      key: broughtKey.optional(),
    }),
    output: revocation,
  },
  /** Takes a hold back; nothing else can be taken back. */
  'certificate.release': {
    input: z.strictObject({ certificateId: rowId, publish: z.boolean().default(true), key: broughtKey.optional() }),
    output: revocation,
  },
  'broker.renew': {
    input: z.strictObject({ projectId: rowId, mode, key: broughtKey.optional() }),
    output: z.strictObject({ filesToCopy: z.array(z.string()) }),
  },
  'observer.renew': {
    input: z.strictObject({ projectId: rowId, mode, key: broughtKey.optional() }),
    output: certificateDetail,
  },
  /** All authorities of a project, also those out of use; moves newest first. */
  'authority.list': {
    input: z.strictObject({ projectId: rowId }),
    output: z.strictObject({
      authorities: z.array(authority),
      moves: z.array(move),
      /** A request for an authority of ours that waits for its answer; `authorityId` = the one that it renews. */
      request: z.strictObject({ at: time, name: z.string(), authorityId: rowId.nullable() }).nullable(),
    }),
  },
  /**
   * Our request for an authority below that of somebody else: a new one, or with `authorityId` a renewal. Its key stays in the
   * vault. `name` of the output = of the file.
   */
  'authority.request': {
    input: z.strictObject({
      projectId: rowId,
      name: z.string().max(64).optional(),
      authorityId: rowId.optional(),
      newKey: z.boolean().default(false),
      key: broughtKey.optional(),
    }),
    output: z.strictObject({ pem: z.string(), name: z.string() }),
  },
  /** What was sent back. Stores nothing. `missing`: names of the broker that the chain does not allow; `renews`: null = a new one. */
  'authority.reviewAnswer': {
    input: answerFiles,
    output: answerReview.extend({ constraints: z.array(z.string()), renews: z.string().nullable() }),
  },
  /** It issues for devices from then on; with `replaces` the fleet moves from that authority to it. */
  'authority.takeAnswer': {
    input: answerFiles.extend({ replaces: rowId.nullable().default(null) }),
    output: z.strictObject({ authorityId: rowId, moveId: rowId.nullable(), filesToCopy: z.array(z.string()) }),
  },
  /** A site authority below another one; it issues from then on. The broker needs the new kit first. */
  'authority.createSite': {
    input: z.strictObject({
      parentId: rowId,
      name: z.string().min(1).max(64).optional(),
      years: z.number().int().min(1).max(10).optional(),
      key: broughtKey.optional(),
    }),
    output: z.strictObject({ authorityId: rowId }),
  },
  /** Same name, key and key identifier, a new validity. `key` is that of whoever signs. */
  'authority.renew': {
    input: z.strictObject({ authorityId: rowId, years, key: broughtKey.optional() }),
    output: certificateDetail,
  },
  /** Writes the key, encrypted, to a new file in the directory, opens it from there, and removes it from the vault. */
  'authority.takeOffline': {
    input: z.strictObject({ authorityId: rowId, directory: z.string(), passphrase: secret }),
    output: z.strictObject({ file: z.string() }),
  },
  /** One that has ended goes out of use, with everything below it. */
  'authority.retire': { input: z.strictObject({ authorityId: rowId }), output: nothing },
  /** Who issues; null = the active one farthest from the root. */
  'authority.issuers': {
    input: z.strictObject({ projectId: rowId, devices: rowId.nullable(), broker: rowId.nullable() }),
    output: nothing,
  },
  /** What `authority.reissue` would do and how long it would take; changes nothing. */
  'authority.rehearse': {
    input: reissue,
    output: z.strictObject({
      newAuthorities: z.array(z.string()),
      devices: z.number(),
      skipped: renewed.shape.skipped,
      broker: z.boolean(),
      observer: z.boolean(),
      seconds: z.number(),
    }),
  },
  /** Starts a move: both are trusted, the new one issues for devices, the broker stays with the old one. */
  'authority.replace': { input: reissue.omit({ mode: true, compromised: true }).extend({ jobId }), output: move },
  /** Ends a move; refused while devices are left, unless forced. */
  'authority.finish': {
    input: z.strictObject({ jobId, moveId: rowId, force: z.boolean().default(false) }),
    output: move,
  },
  /** Everything below an authority anew; starts the move where it was not started. */
  'authority.reissue': { input: reissue.extend({ jobId }), output: renewed.extend({ move }) },
  /**
   * What ends within so many days, the project's own warning unless told; soonest first. Of the devices a page and their
   * total, of everything else (lists from 60 days on) all.
   */
  'due.list': {
    input: z.strictObject({
      projectId: rowId,
      withinDays: z.number().int().min(0).max(3650).optional(),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    output: z.strictObject({
      withinDays: z.number(),
      own: z.array(dueItem),
      devices: z.strictObject({ total: z.number(), items: z.array(dueItem) }),
      within: z.strictObject({ 30: z.number(), 60: z.number(), 90: z.number() }),
      weeks: z.array(z.strictObject({ weekStart: time, devices: z.number(), others: z.number() })),
    }),
  },
  'rotation.show': { input: z.strictObject({ projectId: rowId }), output: rotation },
  'rotation.change': { input: rotation.extend({ projectId: rowId }), output: nothing },
  /** Certificates of whomever, in a folder and below it. */
  'rotation.scan': {
    input: z.strictObject({ jobId, directory: z.string(), withinDays: z.number().int().min(0).max(3650).default(30) }),
    output: z.strictObject({
      directory: z.string(),
      withinDays: z.number(),
      files: z.number(),
      certificates: z.array(
        z.strictObject({
          file: z.string(),
          position: z.number(),
          subject: z.string(),
          issuer: z.string(),
          serial: z.string(),
          fingerprint: z.string(),
          notBefore: time,
          notAfter: time,
          state: z.enum(['expired', 'due', 'valid', 'not-yet-valid']),
        }),
      ),
      unreadable: z.array(z.strictObject({ file: z.string(), reason: z.string() })),
      incomplete: z.boolean(),
    }),
  },
} as const;
