import { expect, test } from 'vitest';
import { readSparkplug } from './sparkplug.ts';
import { SparkplugBirths } from './sparkplug-births.ts';
import { textOfValue } from './value.ts';

const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)]);
const field = (number: number, body: number[]) => [(number << 3) | 2, ...varint(body.length), ...body];
/** A payload with metrics: each with a name or none, an alias, and a value of `int_value`. */
const payload = (...metrics: readonly { name?: string; alias: number; value: number }[]) =>
  Uint8Array.from(
    metrics.flatMap(({ name, alias, value }) =>
      field(2, [
        ...(name === undefined ? [] : field(1, [...Buffer.from(name)])),
        ...[2 << 3, ...varint(alias), 4 << 3, 7, 10 << 3, ...varint(value)],
      ]),
    ),
  );
const written = (births: SparkplugBirths, topic: string, bytes: Uint8Array) =>
  textOfValue(readSparkplug(bytes, births.of(topic)).value).replace(/\n\s*/g, ' ');

test('aliases go by the names of the birth certificate of their device, then of its edge node', () => {
  const births = new SparkplugBirths();
  const data = payload({ alias: 1, value: 230 }, { alias: 300, value: 5 }, { alias: 9, value: 1 });
  births.note(
    'spBv1.0/Plant/NBIRTH/edge',
    payload({ name: 'Uptime', alias: 300, value: 0 }, { name: 'Other', alias: 1, value: 0 }),
  );
  births.note('spBv1.0/Plant/DBIRTH/edge/meter', payload({ name: 'Voltage/L1', alias: 1, value: 0 }));
  expect(written(births, 'spBv1.0/Plant/DDATA/edge/meter', data)).toBe(
    '{ metrics: { "Voltage/L1": { value: 230, type: UInt32, alias: 1 }, "Uptime": { value: 5, type: UInt32, alias: 300 }, ' +
      'alias 9: { value: 1, type: UInt32 } } }',
  );
  // of another edge node nothing is known
  expect(written(births, 'spBv1.0/Plant/DDATA/edge-2/meter', data)).toContain('alias 1: { value: 230');
  // born anew: what its devices said before does not hold any more
  births.note('spBv1.0/Plant/NBIRTH/edge', payload({ name: 'Uptime', alias: 300, value: 0 }));
  expect(written(births, 'spBv1.0/Plant/DDATA/edge/meter', data)).toContain('alias 1: { value: 230');
});

test('a stranger cannot fill the memory with births, nor break it with what is none', () => {
  const births = new SparkplugBirths();
  const large = new Uint8Array(1_900_000);
  for (let node = 0; node < 2_000; node++) births.note(`spBv1.0/Plant/NBIRTH/${node}`, large);
  births.note('spBv1.0/Plant/NBIRTH/0', Uint8Array.of(0xff, 0xff));
  expect(births.of('spBv1.0/Plant/NDATA/0')?.(1n)).toBeUndefined();
  expect(births.of('spBv1.0/Plant/NDATA/1999')).toBeUndefined();
  expect(births.of('lab/energy')).toBeUndefined();
});
