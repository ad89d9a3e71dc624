/** What makes one household or shop different from the next. */
export interface MeterCharacter {
  /** Power that never goes away, in watts: refrigerator, router, standby. */
  readonly base: number;
  /** Height of the morning and evening peaks, in watts. */
  readonly morning: number;
  readonly evening: number;
  /** Hours of the day at which the peaks stand. */
  readonly morningAt: number;
  readonly eveningAt: number;
  /** Volts of the supply at this place. */
  readonly voltage: number;
  /** Kilowatt-hours that the meter had counted on 6 January 2025. */
  readonly counted: number;
  readonly seed: number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const week = 7 * day;
/** From here on energy is counted: a Monday. */
const epoch = Date.UTC(2025, 0, 6);
/** The register is kept for each quarter of an hour of a week. */
const quarter = 15 * minute;

/** A number from 0 to 1 that depends on nothing but its arguments (a 32-bit mix of MurmurHash3). */
export function randomAt(seed: number, index: number): number {
  let h =
    (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index | 0, 0x85ebca6b) ^ Math.imul(Math.floor(index / 2 ** 32), 0xc2b2ae35)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

export function characterOf(seed: number): MeterCharacter {
  const between = (index: number, from: number, to: number) => from + (to - from) * randomAt(seed, -index);
  return {
    base: between(1, 80, 260),
    morning: between(2, 300, 1_400),
    evening: between(3, 600, 2_800),
    morningAt: between(4, 6.2, 8.4),
    eveningAt: between(5, 18.3, 21.2),
    voltage: between(6, 227, 236),
    counted: between(7, 500, 40_000),
    seed,
  };
}

/** A hump of height 1 around an hour of the day, round the clock. */
function hump(hours: number, at: number, width: number): number {
  const apart = Math.abs(hours - at);
  const distance = Math.min(apart, 24 - apart);
  return Math.exp(-(distance * distance) / (2 * width * width));
}

/** The curve without noise, in watts, at a time (ms, UTC). */
export function expectedPower(character: MeterCharacter, time: number): number {
  const hours = ((((time % day) + day) % day) / hour) as number;
  const { base, morning, evening, morningAt, eveningAt } = character;
  return (
    base + morning * hump(hours, morningAt, 1.1) + 0.25 * evening * hump(hours, 13, 1.6) + evening * hump(hours, eveningAt, 1.9)
  );
}

/**
 * How appliances switch: a factor per quarter of an hour, and a finer one per minute; never below half of the curve. It
 * repeats after a week, so that the register of any time is known without going through all the years before.
 */
function noise(seed: number, time: number): number {
  const inWeek = (((time - epoch) % week) + week) % week;
  const coarse = randomAt(seed, Math.floor(inWeek / quarter));
  const fine = randomAt(seed ^ 0x5bd1e995, Math.floor(inWeek / minute));
  return 0.6 + 0.6 * coarse + 0.2 * (fine - 0.5);
}

/** Active power in watts. */
export function powerAt(character: MeterCharacter, time: number): number {
  return expectedPower(character, time) * noise(character.seed, time);
}

/** Watt-hours of the minute that begins at a time, by its power in its middle: what the register counts. */
function minuteEnergy(character: MeterCharacter, start: number): number {
  return powerAt(character, start + minute / 2) / 60;
}

const registers = new WeakMap<MeterCharacter, Float64Array>();

/** Watt-hours from the beginning of a week to each of its quarters of an hour, and of the whole week. */
function registerOfWeek(character: MeterCharacter): Float64Array {
  let sums = registers.get(character);
  if (!sums) {
    sums = new Float64Array(week / quarter + 1);
    for (let q = 0; q < week / quarter; q++) {
      let sum = sums[q] ?? 0;
      for (let m = 0; m < quarter / minute; m++) sum += minuteEnergy(character, epoch + q * quarter + m * minute);
      sums[q + 1] = sum;
    }
    registers.set(character, sums);
  }
  return sums;
}

/** The register in kilowatt-hours: the power summed up minute by minute, so it never falls. */
export function energyAt(character: MeterCharacter, time: number): number {
  const counted = Math.max(0, time - epoch);
  const sums = registerOfWeek(character);
  const inWeek = counted % week;
  const q = Math.floor(inWeek / quarter);
  let sum = Math.floor(counted / week) * (sums.at(-1) ?? 0) + (sums[q] ?? 0);
  let at = epoch + (counted - inWeek) + q * quarter;
  const end = epoch + counted;
  for (; at + minute <= end; at += minute) sum += minuteEnergy(character, at);
  sum += (minuteEnergy(character, at) * (end - at)) / minute;
  return character.counted + sum / 1000;
}

/** One reading as a meter sends it. `power` = voltage × current × power factor, within the last digit of each. */
export interface Reading {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** kWh, never falling. */
  readonly energy: number;
  /** W */
  readonly power: number;
  /** V */
  readonly voltage: number;
  /** A */
  readonly current: number;
  readonly powerFactor: number;
  /** Hz */
  readonly frequency: number;
}

/** The reading at a time (ms since 1970 UTC). Nothing but character and time goes in. */
export function readingAt(character: MeterCharacter, time: number): Reading {
  const power = Math.round(powerAt(character, time));
  const second = Math.floor(time / 1000);
  // voltage sags a little under load
  const voltage = rounded(character.voltage - power / 1500 + (randomAt(character.seed ^ 0x27d4eb2f, second) - 0.5) * 1.2, 1);
  const powerFactor = rounded(0.9 + 0.09 * Math.min(1, power / 2000), 2);
  return {
    time: new Date(time).toISOString(),
    energy: rounded(Math.floor(energyAt(character, time) * 1000) / 1000, 3),
    power,
    voltage,
    current: rounded(power / (voltage * powerFactor), 3),
    powerFactor,
    frequency: rounded(50 + (randomAt(0x50, second) - 0.5) * 0.06, 2),
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
