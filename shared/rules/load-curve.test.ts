import fc from 'fast-check';
import { expect, it } from 'vitest';
import { characterOf, energyAt, expectedPower, powerAt, readingAt } from './load-curve.ts';

const seed = fc.integer();
const time = fc.integer({ min: Date.UTC(2025, 0, 6), max: Date.UTC(2040, 0, 1) });

it('never counts backwards, whatever the step', () => {
  fc.assert(
    fc.property(seed, time, fc.integer({ min: 0, max: 40 * 86_400_000 }), (s, at, step) => {
      const character = characterOf(s);
      expect(energyAt(character, at + step)).toBeGreaterThanOrEqual(energyAt(character, at));
      expect(readingAt(character, at + step).energy).toBeGreaterThanOrEqual(readingAt(character, at).energy);
    }),
  );
});

it('counts what it shows: the register grows by the power', () => {
  fc.assert(
    fc.property(seed, time, (s, at) => {
      const character = characterOf(s);
      const start = Math.floor(at / 60_000) * 60_000;
      let summed = 0;
      for (let m = 0; m < 60; m++) summed += powerAt(character, start + m * 60_000 + 30_000) / 60_000;
      expect(energyAt(character, start + 3_600_000) - energyAt(character, start)).toBeCloseTo(summed, 6);
    }),
  );
});

it('shows voltage, current and power that belong together', () => {
  fc.assert(
    fc.property(seed, time, (s, at) => {
      const { power, voltage, current, powerFactor, frequency } = readingAt(characterOf(s), at);
      expect(Math.abs(voltage * current * powerFactor - power)).toBeLessThan(0.2);
      expect(voltage).toBeGreaterThan(220);
      expect(voltage).toBeLessThan(240);
      expect(power).toBeGreaterThan(0);
      expect(power).toBeLessThan(7_000);
      expect(Math.abs(frequency - 50)).toBeLessThan(0.04);
    }),
  );
});

it('has a night, a morning and an evening', () => {
  fc.assert(
    fc.property(seed, (s) => {
      const character = characterOf(s);
      const midnight = Date.UTC(2026, 5, 1);
      const at = (hours: number) => expectedPower(character, midnight + hours * 3_600_000);
      expect(at(character.morningAt)).toBeGreaterThan(at(3) + 200);
      expect(at(character.eveningAt)).toBeGreaterThan(at(3) + 400);
      // and tomorrow looks the same
      expect(at(27)).toBeCloseTo(at(3), 6);
    }),
  );
});

it('is the same for the same seed and time, and another meter for another seed', () => {
  fc.assert(
    fc.property(seed, time, (s, at) => {
      expect(readingAt(characterOf(s), at)).toEqual(readingAt(characterOf(s), at));
    }),
  );
  const at = Date.UTC(2026, 10, 22, 18);
  expect(new Set(Array.from({ length: 50 }, (_, s) => readingAt(characterOf(s), at).power)).size).toBeGreaterThan(40);
});
