/** One measured figure beside what it is measured against, in the same run: absolute times say little about a machine, ratios do. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same thing done by the reference, in the same unit. */
  readonly reference: number;
  /** What the reference is. */
  readonly against: string;
}

/** Prints a figure: a line for people, or one JSON object per line. */
export function printFigure({ name, value, unit, reference, against }: Figure, json: boolean): void {
  const ratio = value / reference;
  if (json) console.log(JSON.stringify({ name, value: round(value), unit, reference: round(reference), ratio: round(ratio) }));
  else console.log(`${name}: ${round(value)} ${unit}, ${round(ratio)} × ${against} (${round(reference)} ${unit})`);
}

/** Three significant digits; more would be noise. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}

/** Seconds that something takes. */
export async function seconds(work: () => unknown): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** Of an even number the upper of the two in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
