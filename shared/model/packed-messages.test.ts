import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TestMessage } from './connection.ts';
import { packMessages, unpackMessages } from './packed-messages.ts';

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const text = fc.oneof(fc.constantFrom('', 'unit', 'site', '__proto__', '1'), fc.string({ unit: 'binary' }));
const properties = fc.record(
  {
    payloadFormat: fc.constantFrom(0 as const, 1 as const),
    messageExpiry: uint32,
    contentType: text,
    responseTopic: text,
    correlationData: fc.uint8Array({ maxLength: 300 }),
    userProperties: fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 8 }),
    topicAlias: fc.integer({ min: 1, max: 65_535 }),
    subscriptionIdentifiers: fc.array(fc.integer({ min: 1, max: 268_435_455 }), { minLength: 1, maxLength: 4 }),
  },
  { requiredKeys: [] },
);

const message = fc.record({
  at: fc.integer({ min: 0, max: 2 ** 45 }),
  direction: fc.constantFrom('in' as const, 'out' as const),
  topic: fc.oneof(fc.constantFrom('lab/energy/a', 'lab/energy/b'), fc.string({ unit: 'binary' })),
  payload: fc.uint8Array({ maxLength: 300 }),
  qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
  retain: fc.boolean(),
  reasonCode: fc.option(fc.integer({ min: 0, max: 255 })),
  properties: fc.option(properties, { nil: undefined }),
});

it('gives back what was packed, byte for byte, also out of the middle of another buffer', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), fc.integer({ min: 1, max: 2 ** 50 }), (list, first) => {
      const messages = list.map(({ properties, ...each }, index) => {
        const message = { seq: first + index, ...each };
        return properties ? { ...message, properties } : message;
      });
      const packed = packMessages(messages);
      expect(new Set(packed.topics).size).toBe(packed.topics.length);
      const around = new Uint8Array(packed.bytes.byteLength + 10);
      around.set(packed.bytes, 5);
      const moved = structuredClone({ ...packed, bytes: around.subarray(5, 5 + packed.bytes.byteLength) });
      for (const source of [packed, moved]) {
        expect(unpackMessages(source).map(withBytesOfItsOwn)).toEqual(messages);
      }
    }),
  );
});

/** Views of the packed bytes are compared by what they show. */
function withBytesOfItsOwn(message: TestMessage): TestMessage {
  const { properties } = message;
  const correlationData = properties?.correlationData && Uint8Array.from(properties.correlationData);
  return {
    ...message,
    payload: Uint8Array.from(message.payload),
    ...(correlationData && { properties: { ...properties, correlationData } }),
  };
}

it('spends nothing on messages without properties', () => {
  const plain = { seq: 1, at: 0, direction: 'in', topic: 't', payload: new Uint8Array(10), qos: 0, retain: false } as const;
  const packed = packMessages([{ ...plain, reasonCode: null }]);
  expect(packed.bytes.byteLength).toBe(24 + 10);
  expect(packed).not.toHaveProperty('texts');
  expect(unpackMessages(packed)[0]).not.toHaveProperty('properties');
});
