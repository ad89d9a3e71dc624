import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PacketGuard } from './packet-guard.ts';

const packet = (length: number) => {
  const header = [0x30];
  let rest = length;
  do {
    header.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from(header), Buffer.alloc(length, 0xff)]);
};

test('finds the packet that is too large by its header, however the stream is cut', () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 12 });
  fc.assert(
    fc.property(lengths, fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 20 }), (sizes, cuts) => {
      const stream = Buffer.concat(sizes.map(packet));
      const guard = new PacketGuard(20_000);
      let fine = true;
      for (let at = 0, turn = 0; at < stream.length && fine; turn++) {
        const end = at + (cuts[turn % cuts.length] ?? 1);
        fine = guard.take(stream.subarray(at, end));
        at = end;
      }
      const large = sizes.find((size) => size > 20_000) ?? 0;
      expect([fine, guard.announced]).toEqual([large === 0, large]);
    }),
  );
});

test('says so before the body is there', () => {
  const guard = new PacketGuard();
  expect(guard.take(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]))).toBe(false);
  expect(guard.announced).toBe(268_435_455);
});
