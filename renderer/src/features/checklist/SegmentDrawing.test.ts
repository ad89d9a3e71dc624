import { expect, test } from 'vitest';
import { broken } from './SegmentDrawing.tsx';

test('a text is broken between words, and a word only when it is longer than a line', () => {
  expect(broken('niemand: es bleibt auf dem Broker', 30)).toEqual(['niemand: es bleibt auf dem', 'Broker']);
  expect(broken('2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff/64', 28)).toEqual(['2001:db8:aaaa:bbbb:cccc:dddd', ':eeee:ffff/64']);
  expect(broken('', 10)).toEqual(['']);
});
