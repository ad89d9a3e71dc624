import { isText, payloadShown, textOf } from './bytes.ts';
import { readCbor } from './cbor.ts';
import { readJson } from './json.ts';
import { readMsgpack } from './msgpack.ts';
import { isSparkplugTopic, readSparkplug } from './sparkplug.ts';
import type { AliasNames } from './sparkplug-births.ts';
import { Malformed, type Reading } from './value.ts';

/** Formats that are read, in words of their own; the others show the bytes themselves. */
export const structured = ['json', 'cbor', 'msgpack', 'sparkplug'] as const;
export type Structured = (typeof structured)[number];
export const payloadViews = ['text', 'json', 'hex', 'base64', 'cbor', 'msgpack', 'sparkplug'] as const;
export type PayloadView = (typeof payloadViews)[number];

const readers: Readonly<{ [view in Structured]: (bytes: Uint8Array, names?: AliasNames) => Reading }> = {
  json: readJson,
  cbor: readCbor,
  msgpack: readMsgpack,
  sparkplug: readSparkplug,
};

export function isStructured(view: PayloadView): view is Structured {
  return (structured as readonly string[]).includes(view);
}

/** What the bytes say in this format; null when they are not of it. Never throws, whatever the bytes are. `names`: of Sparkplug. */
export function read(view: Structured, bytes: Uint8Array, names?: AliasNames): Reading | null {
  try {
    return bytes.length === 0 && view !== 'sparkplug' ? null : readers[view](bytes, names);
  } catch (cause) {
    if (cause instanceof Malformed) return null;
    throw cause;
  }
}

/**
 * What a payload is best looked at as. The topic decides for Sparkplug B, text is text, and other bytes are CBOR or MessagePack
 * only when they are that from the first to the last and hold something with members: single bytes are valid in both.
 */
export function naturalView(topic: string, bytes: Uint8Array): PayloadView {
  if (isSparkplugTopic(topic) && read('sparkplug', bytes)) return 'sparkplug';
  if (isText(bytes.subarray(0, payloadShown))) {
    return /^\s*[[{]/.test(textOf(bytes.subarray(0, 64))) && read('json', bytes) ? 'json' : 'text';
  }
  // RFC 8949 §3.4.6: the tag that says nothing but "this is CBOR"
  if (bytes[0] === 0xd9 && bytes[1] === 0xd9 && bytes[2] === 0xf7 && read('cbor', bytes)) return 'cbor';
  const [cbor, msgpack] = [worthOf(read('cbor', bytes)), worthOf(read('msgpack', bytes))];
  if (cbor === msgpack) return 'hex';
  return cbor > msgpack ? 'cbor' : 'msgpack';
}

/** 2: members with names; 1: a list; 0: neither, or not of this format at all. */
function worthOf(reading: Reading | null): number {
  if (reading?.value.kind === 'list') return reading.value.items.length > 0 ? 1 : 0;
  if (reading?.value.kind !== 'record') return 0;
  const { entries } = reading.value;
  return entries.length > 0 && entries.every(([key]) => /^("|alias |…)/.test(key)) ? 2 : 0;
}
