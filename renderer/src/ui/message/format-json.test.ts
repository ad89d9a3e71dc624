import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatJson } from './format-json.ts';

it('means the same afterwards, is indented as usual, and stays as it is when done again', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 7), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const formatted = formatJson(text);
      expect(formatted).toBe(JSON.stringify(value, null, 2));
      expect(formatJson(formatted)).toBe(formatted);
    }),
  );
});

it('keeps digits, escapes and variables as they were written', () => {
  expect(formatJson('{"a":1.50,"b":12345678901234567890,"c":"\\u00e4","d":{{random 0 100}},"e":"{{now}} {x}"}')).toBe(
    '{\n  "a": 1.50,\n  "b": 12345678901234567890,\n  "c": "\\u00e4",\n  "d": {{random 0 100}},\n  "e": "{{now}} {x}"\n}',
  );
});
