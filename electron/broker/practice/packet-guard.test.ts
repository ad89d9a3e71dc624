import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PacketGuard } from './packet-guard.ts';

/** A packet whose body has this many bytes (MQTT 3.1.1 §2.2.3). */
function packet(body: number): Buffer {
  const length: number[] = [];
  let rest = body;
  do {
    length.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from([0x30, ...length]), Buffer.alloc(body, 0xff)]);
}

it('takes packets up to the limit however the stream is cut, and refuses the first that is larger', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 400 })), fc.integer({ min: 1, max: 50 }), (bodies, cut) => {
      const maximum = 300;
      const packets = bodies.map(packet);
      const stream = Buffer.concat(packets);
      const guard = new PacketGuard(maximum);
      let taken = true;
      for (let at = 0; at < stream.length && taken; at += cut) taken = guard.takes(stream.subarray(at, at + cut));
      expect(taken).toBe(packets.every((one) => one.length <= maximum));
    }),
  );
});

it('refuses a length of five bytes', () => {
  expect(new PacketGuard(1_000_000_000).takes(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01]))).toBe(false);
});
