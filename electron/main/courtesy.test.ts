import { expect, it } from 'vitest';
import { Courtesy } from './courtesy.ts';

async function timed(work: Promise<void>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}

it('stands back while somebody asks, and goes on afterwards', async () => {
  const courtesy = new Courtesy({ likely: 60 });
  let rested = false;
  courtesy.asked();
  const resting = timed(courtesy.rest()).finally(() => {
    rested = true;
  });
  await timed(new Promise((resolve) => setTimeout(resolve, 40)));
  courtesy.asked();
  await timed(new Promise((resolve) => setTimeout(resolve, 40)));
  expect(rested).toBe(false);
  expect(await resting).toBeGreaterThanOrEqual(95);
});

it('gives away no more than its budget', async () => {
  const courtesy = new Courtesy({ likely: 1_000_000, budget: 30 });
  courtesy.asked();
  await courtesy.rest();
  courtesy.asked();
  // nothing left: this would take a quarter of an hour
  await courtesy.rest();
});

it('waits for nobody when nobody asked', async () => {
  const courtesy = new Courtesy({ likely: 1_000_000 });
  await courtesy.rest();
});
