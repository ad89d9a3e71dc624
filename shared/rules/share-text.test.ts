import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type RecoveryShare, readShare, shareCharacters, shareText } from './share-text.ts';

const hex = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const byte = fc.integer({ min: 0, max: 255 });
const share: fc.Arbitrary<RecoveryShare> = fc.record({
  vault: hex,
  set: hex,
  threshold: byte,
  count: byte,
  index: byte,
  bytes: fc.uint8Array({ minLength: 33, maxLength: 33 }),
});
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

it('is read back as it was written, however it is typed', () => {
  fc.assert(
    fc.property(share, (made) => {
      const text = shareText(made);
      expect(text).toMatch(/^([0-9A-HJKMNP-TV-Z]{6}-){12}[0-9A-HJKMNP-TV-Z]{6}$/);
      expect(readShare(text)).toEqual(made);
      const typed = text.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l').replaceAll('-', ' \n\u2013');
      expect(readShare(typed)).toEqual(made);
    }),
  );
});

it('finds each single changed character and names its group', () => {
  const place = fc.integer({ min: 0, max: shareCharacters - 1 });
  fc.assert(
    fc.property(share, place, fc.integer({ min: 1, max: 31 }), (made, at, by) => {
      const characters = [...shareText(made).replaceAll('-', '')];
      characters[at] = alphabet[(alphabet.indexOf(characters[at] ?? '') + by) % 32] ?? '';
      expect(readShare(characters.join(''))).toEqual({ mistake: 'checksum', group: Math.floor(at / 6) + 1 });
    }),
    { numRuns: 500 },
  );
});

it('finds up to four changed characters, and swapped ones', () => {
  const changes = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: shareCharacters - 1 }), fc.integer({ min: 1, max: 31 })), {
    minLength: 2,
    maxLength: 4,
    selector: ([at]) => at,
  });
  fc.assert(
    fc.property(share, changes, (made, hurt) => {
      const characters = [...shareText(made).replaceAll('-', '')];
      for (const [at, by] of hurt) characters[at] = alphabet[(alphabet.indexOf(characters[at] ?? '') + by) % 32] ?? '';
      expect(readShare(characters.join(''))).toMatchObject({ mistake: 'checksum' });
    }),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(share, fc.integer({ min: 0, max: shareCharacters - 2 }), (made, at) => {
      const characters = [...shareText(made).replaceAll('-', '')];
      const [a = '', b = ''] = [characters[at], characters[at + 1]];
      fc.pre(a !== b);
      [characters[at], characters[at + 1]] = [b, a];
      expect(readShare(characters.join(''))).toMatchObject({ mistake: 'checksum' });
    }),
  );
});

it('says what else is wrong', () => {
  const text = shareText({ vault: '00112233', set: '44556677', threshold: 2, count: 3, index: 1, bytes: new Uint8Array(33) });
  expect(readShare(' \n')).toEqual({ mistake: 'empty', group: null });
  expect(readShare(text.slice(1))).toEqual({ mistake: 'length', group: null });
  expect(readShare(`${text.slice(0, 8)}#${text.slice(9)}`)).toEqual({ mistake: 'character', group: 2 });
});
