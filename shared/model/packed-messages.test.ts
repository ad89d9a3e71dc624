import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packMessages, unpackMessages } from './packed-messages.ts';

const message = fc.record({
  at: fc.integer({ min: 0, max: 2 ** 45 }),
  direction: fc.constantFrom('in' as const, 'out' as const),
  topic: fc.oneof(fc.constantFrom('lab/energy/a', 'lab/energy/b'), fc.string({ unit: 'binary' })),
  payload: fc.uint8Array({ maxLength: 300 }),
  qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
  retain: fc.boolean(),
  reasonCode: fc.option(fc.integer({ min: 0, max: 255 })),
});

it('gives back what was packed, byte for byte, also out of the middle of another buffer', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), fc.integer({ min: 1, max: 2 ** 50 }), (list, first) => {
      const messages = list.map((each, index) => ({ seq: first + index, ...each }));
      const packed = packMessages(messages);
      expect(new Set(packed.topics).size).toBe(packed.topics.length);
      const around = new Uint8Array(packed.bytes.byteLength + 10);
      around.set(packed.bytes, 5);
      const moved = structuredClone({ ...packed, bytes: around.subarray(5, 5 + packed.bytes.byteLength) });
      for (const source of [packed, moved]) {
        const again = unpackMessages(source).map((each) => ({ ...each, payload: Uint8Array.from(each.payload) }));
        expect(again).toEqual(messages);
      }
    }),
  );
});
