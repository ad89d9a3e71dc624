import { z } from 'zod';
import { auditGroups, contradictionKinds } from '../model/audit.ts';
import { nothing, rowId, time } from './schemas.ts';

const filterFields = {
  since: time.optional(),
  until: time.optional(),
  operator: z.string().max(200).optional(),
  group: z.enum(auditGroups).optional(),
  projectId: rowId.optional(),
  text: z.string().max(200).optional(),
};
const filter = z.strictObject(filterFields);

const entry = z.strictObject({
  seq: z.number(),
  at: time,
  operator: z.string(),
  action: z.string(),
  projectId: z.number().nullable(),
  subject: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

const verified = z.strictObject({
  sound: z.boolean(),
  entries: z.number(),
  /** Hexadecimal; printed on exports, so that a rolled back vault can be recognised. */
  head: z.string(),
  count: z.number(),
  chain: z
    .strictObject({
      kind: z.enum(['entry', 'missing', 'tail', 'head', 'head-older']),
      seq: z.number(),
      until: z.number(),
      at: time.nullable(),
    })
    .nullable(),
  rows: z.array(z.strictObject({ kind: z.enum(contradictionKinds), table: z.string(), row: z.string() })),
  findings: z.array(z.string()),
  stoodAt: z.number().nullable(),
});

const section = z.strictObject({ total: z.number(), entries: z.array(entry) });

/** Long enough for a few thousand lines; what is printed is cut before. */
const text = z.string().max(20_000);
const printedBlock = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['heading', 'text', 'code', 'signature']), text }),
  z.strictObject({ kind: z.literal('verdict'), good: z.boolean(), title: text, lines: z.array(text).max(500).readonly() }),
  z.strictObject({
    kind: z.literal('facts'),
    facts: z
      .array(z.tuple([text, text]).readonly())
      .max(100)
      .readonly(),
  }),
  z.strictObject({
    kind: z.literal('table'),
    columns: z.array(text).max(10).readonly(),
    mono: z.array(z.number()).max(10).readonly(),
    rows: z.array(z.array(text).max(10).readonly()).max(5_000).readonly(),
  }),
]);

export const printedDocument = z.strictObject({
  language: z.string().regex(/^[a-z]{2}$/),
  title: text,
  foot: text,
  pageNumber: text,
  blocks: z.array(printedBlock).max(200).readonly(),
});

/** The record of all acts. */
export const auditCalls = {
  /** Newest first. */
  'audit.list': {
    input: filter.extend({ offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }),
    output: z.strictObject({ total: z.number(), rows: z.array(entry) }),
  },
  /** Who is in the record. */
  'audit.operators': { input: nothing, output: z.array(z.string()) },
  /** `head`: a checksum from an export or a report; the answer says when the record stood there. */
  'audit.verify': {
    input: z
      .strictObject({
        head: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .optional(),
      })
      .optional(),
    output: verified,
  },
  /** Asks for a place and writes the entries there; null = the person cancelled. */
  'audit.export': {
    input: z.strictObject({ ...filterFields, format: z.enum(['csv', 'json']) }),
    output: z.strictObject({ file: z.string(), entries: z.number(), head: z.string() }).nullable(),
  },
  /** What the evidence report of a period says. */
  'audit.report': {
    input: z.strictObject({ since: time.nullable(), until: time.nullable(), projectId: rowId.optional() }),
    output: z.strictObject({
      madeAt: time,
      operator: z.string(),
      since: time.nullable(),
      until: time.nullable(),
      authorities: z.array(
        z.strictObject({
          project: z.string(),
          name: z.string(),
          state: z.string(),
          fingerprint: z.string(),
          notAfter: time,
        }),
      ),
      counts: z.array(z.strictObject({ action: z.string(), count: z.number() })),
      operators: z.array(z.strictObject({ operator: z.string(), acts: z.number() })),
      sections: z.strictObject({ issued: section, revoked: section, lists: section, exported: section, other: section }),
      verification: verified,
    }),
  },
  /** Asks for a place and writes a document there as PDF; null = cancelled. */
  'document.print': {
    input: z.strictObject({
      /** Proposed to the person, without its ending. */
      name: z
        .string()
        .min(1)
        .max(100)
        .regex(/^[\p{L}\p{N} ._-]+$/u),
      document: printedDocument,
    }),
    output: z.strictObject({ file: z.string() }).nullable(),
  },
} as const;
