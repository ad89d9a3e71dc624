import { z } from 'zod';

/** MQTT 5 §1.5.4: at most 65,535 bytes of UTF-8, without U+0000 and without half of a surrogate pair. */
const text = z
  .string()
  .max(65_535)
  .refine((value) => !value.includes('\0') && value.isWellFormed());
const uint32 = z.number().int().min(0).max(0xffff_ffff);

/** What a message is sent with (MQTT 5 §3.3.2.3). Subscription identifiers are the broker's word only. */
export const publishProperties = z.strictObject({
  payloadFormat: z.literal([0, 1]).optional(),
  messageExpiry: uint32.optional(),
  contentType: text.optional(),
  responseTopic: text
    .min(1)
    .refine((topic) => !/[+#]/.test(topic))
    .optional(),
  correlationData: z
    .instanceof(Uint8Array)
    .refine((bytes) => bytes.byteLength <= 65_535)
    .optional(),
  userProperties: z
    .array(z.tuple([text, text]))
    .max(1_000)
    .optional(),
  topicAlias: z.number().int().min(1).max(65_535).optional(),
});
