import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimulationState } from '../../../shared/model/simulation.ts';
import { type SimulationLab, simulationLab } from '../testing/simulation-lab.ts';
import { RoundTrips } from './round-trip.ts';
import { Samples } from './samples.ts';

const patient = { timeout: 60_000, interval: 50 };

describe('figures', () => {
  it('gives median and p95 within two per cent, and the true maximum', () => {
    const trips = new RoundTrips();
    expect(trips.figures).toEqual({ received: 0, missing: 0, median: null, p95: null, maximum: null });
    for (let i = 1; i <= 1_000; i++) {
      trips.sent('t', `${i}`, 0);
      trips.received('t', `${i}`, i);
    }
    const { received, median, p95, maximum } = trips.figures;
    expect([received, maximum]).toEqual([1_000, 1_000]);
    expect(Math.abs((median ?? 0) - 500)).toBeLessThan(12);
    expect(Math.abs((p95 ?? 0) - 950)).toBeLessThan(20);
  });

  it('counts what never arrives once it was confirmed, and knows its own messages from those of others', () => {
    const trips = new RoundTrips();
    trips.sent('t', 'confirmed', 0);
    trips.acknowledged('t', 'confirmed');
    trips.sent('t', 'refused', 0);
    trips.sent('t', 'late', 20_000);
    trips.received('t', 'of a real meter', 5);
    trips.expire(31_000);
    expect(trips.figures).toMatchObject({ received: 0, missing: 1 });
    trips.received('t', 'late', 31_500);
    expect(trips.figures).toMatchObject({ received: 1, maximum: 11_500 });
  });

  it('keeps a bounded number of samples over the whole run', () => {
    const samples = new Samples(60);
    for (let second = 0; second < 7_200; second++)
      samples.add({ at: second * 1_000, connected: 1, sent: second, acknowledged: 0, received: 0 });
    const { list } = samples;
    expect(list.length).toBeLessThan(61);
    expect(list.length).toBeGreaterThan(25);
    expect(list[0]?.at).toBe(0);
    expect(list.at(-1)?.at).toBeGreaterThan(6_900_000);
  });
});

describe('200 devices of the vault, on the broker of the exported kit', () => {
  let lab: SimulationLab;
  beforeAll(async () => {
    // eight of them are revoked by the time that they connect
    lab = await simulationLab(200, 8);
  }, 180_000);
  afterAll(() => lab?.close());

  it('connects each with its own certificate, publishes readings that the observer sees, groups what is refused, and leaves nothing', async () => {
    const states: SimulationState[] = [];
    const run = await lab.run({ interval: 1, ramp: 60, observe: true }, states);
    const last = () => states.at(-1) as SimulationState;
    await expect.poll(() => last().phase, patient).toBe('steady');
    expect(last()).toMatchObject({ planned: 200, connected: 192, refused: 8, lost: 0, connecting: 0, peak: 192 });
    expect(last().causes).toHaveLength(1);
    expect(last().causes[0]).toMatchObject({ cause: 'client-certificate-revoked', lost: false, count: 8 });
    expect(last().causes[0]?.device).toMatch(/^meter-/);
    const before = last().sent;
    await expect.poll(() => last().sent - before, patient).toBeGreaterThan(500);
    expect(last().rate).toBeGreaterThan(100);
    expect(last().acknowledged).toBeGreaterThan(400);
    expect(last()).toMatchObject({ failed: 0, skipped: 0 });
    const { received, missing, median, p95 } = last().roundTrip ?? { received: 0, missing: 0, median: 0, p95: 0 };
    expect(received).toBeGreaterThan(400);
    expect(missing).toBe(0);
    expect(median).toBeGreaterThan(0);
    expect(p95).toBeGreaterThanOrEqual(median ?? 0);
    // every name once: nobody shared a certificate
    const names = new Set((await lab.brokerLog()).match(/ as meter-\d+ /g));
    expect(names.size).toBe(192);
    await run.stop();
    expect(last()).toMatchObject({ phase: 'ended', end: 'stopped', connected: 0, connecting: 0 });
    await expect.poll(() => lab.connections(), patient).toBe(0);
    expect(run.keysLeft()).toBe(0);
    // and nobody comes back by itself
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await lab.connections()).toBe(0);
  }, 150_000);

  it('stops in the middle of the ramp', async () => {
    const states: SimulationState[] = [];
    const run = await lab.run({ interval: 5, ramp: 30, observe: false }, states);
    await expect.poll(() => states.at(-1)?.connected, patient).toBeGreaterThan(20);
    await run.stop();
    expect(states.at(-1)).toMatchObject({ phase: 'ended', end: 'stopped', connected: 0, roundTrip: null });
    expect(states.at(-1)?.peak).toBeLessThan(190);
    await expect.poll(() => lab.connections(), patient).toBe(0);
    expect(run.keysLeft()).toBe(0);
  });

  it('ends by itself when the broker is gone, and does not try again', async () => {
    const states: SimulationState[] = [];
    const run = await lab.run({ interval: 1, ramp: 100, observe: true, search: 'meter-00' }, states);
    await expect.poll(() => states.at(-1)?.phase, patient).toBe('steady');
    await lab.lab.stop();
    await expect.poll(() => states.at(-1), patient).toMatchObject({ phase: 'ended', end: 'nobody', connected: 0 });
    const { lost, peak, causes } = states.at(-1) as SimulationState;
    expect(lost).toBe(peak);
    expect(causes.every((cause) => cause.lost || cause.cause === 'client-certificate-revoked')).toBe(true);
    await run.stop();
    // without a broker the observer is the first to know
    const again: SimulationState[] = [];
    await lab.run({ interval: 1, ramp: 100, observe: true }, again);
    expect(again.at(-1)).toMatchObject({ phase: 'ended', end: 'observer', sent: 0 });
    expect(again.at(-1)?.causes[0]).toMatchObject({ cause: 'refused', count: 1 });
  });
});
