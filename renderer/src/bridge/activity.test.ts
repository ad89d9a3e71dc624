import { expect, test } from 'vitest';
import { throttled } from './activity.ts';

test('reports the first sign of life at once and then at most once per interval', () => {
  let time = 0;
  let reports = 0;
  const report = throttled(
    () => reports++,
    5_000,
    () => time,
  );
  report();
  expect(reports).toBe(1);
  time = 4_999;
  report();
  expect(reports).toBe(1);
  time = 5_000;
  report();
  expect(reports).toBe(2);
});
