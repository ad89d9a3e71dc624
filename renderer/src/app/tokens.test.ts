import { describe, expect, test } from 'vitest';
import { cssVariables, dark, darkContrast, light, lightContrast, type Tokens } from './tokens.ts';

/** WCAG 2.2 relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const text: readonly (readonly [keyof Tokens, readonly (keyof Tokens)[]])[] = [
  ['text', ['bg', 'panel', 'sunken', 'brandSoft']],
  ['muted', ['bg', 'panel', 'sunken', 'brandSoft']],
  ['faint', ['bg', 'panel', 'sunken']],
  ['brandStrong', ['bg', 'panel', 'sunken', 'brandSoft']],
  ['onBrand', ['brand', 'brandHover']],
  ['ok', ['panel', 'okSoft']],
  ['due', ['panel', 'dueSoft']],
  ['bad', ['panel', 'bg', 'badSoft']],
  ['held', ['panel', 'heldSoft']],
  ['gone', ['panel', 'goneSoft']],
  ['wait', ['panel', 'waitSoft']],
];

describe.each([
  ['light', light],
  ['dark', dark],
  ['light, high contrast', lightContrast],
  ['dark, high contrast', darkContrast],
] as const)('%s', (_name, tokens) => {
  test.each(text.flatMap(([front, grounds]) => grounds.map((ground) => [front, ground] as const)))(
    '%s on %s is 7:1',
    (front, ground) => {
      expect(contrast(tokens[front], tokens[ground])).toBeGreaterThanOrEqual(7);
    },
  );

  test.each(['bg', 'panel', 'sunken'] as const)('the border of a control stands out from %s', (ground) => {
    expect(contrast(tokens.control, tokens[ground])).toBeGreaterThanOrEqual(3);
  });
});

describe.each([
  ['light', lightContrast, light],
  ['dark', darkContrast, dark],
] as const)('high contrast, %s', (_name, high, usual) => {
  test.each(['bg', 'panel', 'sunken', 'brandSoft'] as const)('lines and borders on %s are as strong as text', (ground) => {
    for (const line of ['line', 'control', 'brand'] as const)
      expect(contrast(high[line], high[ground])).toBeGreaterThanOrEqual(7);
  });

  test.each(text.flatMap(([front, grounds]) => grounds.map((ground) => [front, ground] as const)))(
    '%s on %s is stronger than usual',
    (front, ground) => {
      expect(contrast(high[front], high[ground])).toBeGreaterThan(contrast(usual[front], usual[ground]));
    },
  );
});

test('token names become custom properties', () => {
  expect(cssVariables(light)['--fk-brand-soft']).toBe(light.brandSoft);
});
