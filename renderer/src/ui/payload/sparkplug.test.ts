import fc from 'fast-check';
import protobuf from 'protobufjs';
import { expect, test } from 'vitest';
import { isSparkplugTopic, readSparkplug } from './sparkplug.ts';
import { textOfValue } from './value.ts';
import { naturalView, read } from './views.ts';

/** Name, number and type of each field as Eclipse Tahu has them; `*` = repeated. protobufjs writes the payloads of these tests. */
const messages: Readonly<{ [name: string]: string }> = {
  Payload: 'timestamp 1 uint64, metrics 2 *Metric, seq 3 uint64, uuid 4 string, body 5 bytes, vendor 9 uint32',
  Metric:
    'name 1 string, alias 2 uint64, timestamp 3 uint64, datatype 4 uint32, is_historical 5 bool, is_transient 6 bool, is_null 7 bool, metadata 8 MetaData, properties 9 PropertySet, int_value 10 uint32, long_value 11 uint64, float_value 12 float, double_value 13 double, boolean_value 14 bool, string_value 15 string, bytes_value 16 bytes, dataset_value 17 DataSet, template_value 18 Template',
  MetaData: 'is_multi_part 1 bool, content_type 2 string, size 3 uint64, md5 7 string, description 8 string',
  PropertySet: 'keys 1 *string, values 2 *PropertyValue',
  PropertySetList: 'propertyset 1 *PropertySet',
  PropertyValue:
    'type 1 uint32, is_null 2 bool, int_value 3 uint32, double_value 6 double, string_value 8 string, propertyset_value 9 PropertySet, propertysets_value 10 PropertySetList',
  DataSet: 'num_of_columns 1 uint64, columns 2 *string, types 3 *uint32, rows 4 *Row',
  Row: 'elements 1 *DataSetValue',
  DataSetValue:
    'int_value 1 uint32, long_value 2 uint64, float_value 3 float, double_value 4 double, boolean_value 5 bool, string_value 6 string',
  Template: 'version 1 string, metrics 2 *Metric, parameters 3 *Parameter, template_ref 4 string, is_definition 5 bool',
  Parameter: 'name 1 string, type 2 uint32, int_value 3 uint32, string_value 8 string',
};

const root = new protobuf.Root();
for (const [name, fields] of Object.entries(messages)) {
  const type = new protobuf.Type(name);
  for (const field of fields.split(', ')) {
    const [id = '', number = '', kind = ''] = field.split(' ');
    const rule = kind.startsWith('*') ? 'repeated' : 'optional';
    type.add(new protobuf.Field(id, Number(number), kind.replace('*', ''), rule));
  }
  root.add(type);
}
const encode = (payload: object) => {
  const type = root.lookupType('Payload');
  return Uint8Array.from(type.encode(type.fromObject(payload)).finish());
};
const written = (payload: object) => textOfValue(readSparkplug(encode(payload)).value).replace(/\n\s*/g, ' ');
const metric = (value: object) => written({ metrics: [{ name: 'm', ...value }] });

test('a payload as a meter sends it', () => {
  expect(
    written({
      timestamp: 1_767_225_600_000,
      seq: 3,
      metrics: [
        { name: 'Voltage/L1', alias: 7, timestamp: 1_767_225_600_000, datatype: 9, float_value: 230.1 },
        { alias: 8, datatype: 8, long_value: '12345678901234567890' },
      ],
    }),
  ).toBe(
    '{ timestamp: 1767225600000 (2026-01-01T00:00:00.000Z), seq: 3, metrics: { ' +
      '"Voltage/L1": { value: 230.1, type: Float, alias: 7, timestamp: 1767225600000 (2026-01-01T00:00:00.000Z) }, ' +
      'alias 8: { value: 12345678901234567890, type: UInt64 } } }',
  );
});

test('every type of value', () => {
  const value = (each: object) => /value: (.*?)(?:, type: \w+)? \} \} \}$/.exec(metric(each))?.[1];
  expect(value({ datatype: 1, int_value: 0xff })).toBe('-1');
  expect(value({ datatype: 2, int_value: 0xffff })).toBe('-1');
  expect(value({ datatype: 3, int_value: 0xffff_fffe })).toBe('-2');
  expect(value({ datatype: 4, long_value: '18446744073709551615' })).toBe('-1');
  expect(value({ datatype: 7, int_value: 0xffff_ffff })).toBe('4294967295');
  expect(value({ datatype: 10, double_value: 1.1 })).toBe('1.1');
  expect(value({ datatype: 11, boolean_value: false })).toBe('false');
  expect(value({ datatype: 12, string_value: 'Größe' })).toBe('"Größe"');
  expect(value({ datatype: 13, long_value: 0 })).toBe('0 (1970-01-01T00:00:00.000Z)');
  expect(value({ datatype: 17, bytes_value: Uint8Array.of(1, 2) })).toBe("h'0102'");
  expect(value({ datatype: 3, is_null: true })).toBe('null');
});

test('data sets, templates, properties, and fields that nobody knows', () => {
  const rows = [{ elements: [{ int_value: 0xff }, { string_value: 'a' }] }];
  expect(metric({ datatype: 16, dataset_value: { num_of_columns: 2, columns: ['n', 's'], types: [1, 12], rows } })).toContain(
    'value: [ { "n": -1, "s": "a" } ]',
  );
  const template = { version: '1', template_ref: 'T', metrics: [{ name: 'inner', datatype: 11, boolean_value: true }] };
  expect(metric({ datatype: 19, template_value: { ...template, parameters: [{ name: 'p', type: 3, int_value: 5 }] } })).toContain(
    '{ version: "1", template_ref: "T", metrics: { "inner": { value: true, type: Boolean } }, parameters: { "p": 5 } }',
  );
  const inner = { propertyset: [{ keys: ['d'], values: [{ type: 10, double_value: 2.5 }] }] };
  const properties = {
    keys: ['unit', 'list'],
    values: [
      { type: 12, string_value: 'V' },
      { type: 21, propertysets_value: inner },
    ],
  };
  expect(metric({ properties })).toContain('properties: { "unit": "V", "list": [ { "d": 2.5 } ] }');
  expect(metric({ metadata: { size: 5, md5: 'x' } })).toContain('metadata: { size: 5, md5: "x" }');
  expect(written({ seq: 1, vendor: 6 })).toBe('{ seq: 1, field 9: 6 }');
});

test('the topic says that it is Sparkplug, unless the bytes are not', () => {
  const payload = encode({ seq: 1, metrics: [{ name: 'a', int_value: 1 }] });
  expect(naturalView('spBv1.0/Plant/DDATA/edge/meter', payload)).toBe('sparkplug');
  expect(naturalView('lab/energy', payload)).not.toBe('sparkplug');
  expect(naturalView('spBv1.0/STATE/scada', new TextEncoder().encode('{"online":true}'))).toBe('json');
  expect(isSparkplugTopic('spBv1.0/STATE/scada')).toBe(false);
  expect(naturalView('spBv1.0/Plant/NDATA/edge', Uint8Array.of(0xff, 0xff))).toBe('hex');
});

test('no bytes throw, and hostile ones end soon', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void read('sparkplug', bytes)),
    { numRuns: 20_000 },
  );
  // a payload cut and changed anywhere
  const good = encode({ seq: 1, metrics: [{ name: 'a', properties: { keys: ['k'], values: [{ type: 3, int_value: 1 }] } }] });
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, end) => {
      const bad = good.slice(0, end);
      bad[at] = byte;
      read('sparkplug', bad);
    }),
    { numRuns: 5_000 },
  );
  let nested: object = { name: 'x', int_value: 1 };
  for (let depth = 0; depth < 30; depth++) nested = { name: 'x', template_value: { metrics: [nested] } };
  expect(readSparkplug(encode({ metrics: [nested] })).cut).toBe('depth');
  expect(readSparkplug(encode({ metrics: new Array(20_000).fill({ alias: 1, int_value: 1 }) })).cut).toBe('values');
});
