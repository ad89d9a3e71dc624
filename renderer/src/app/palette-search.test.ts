import { expect, test } from 'vitest';
import { matching } from './palette-search.ts';

const entries = ['Probar el bróker', 'Bróker', 'Dispositivos'].map((label) => ({ label }));
const labels = (query: string) => matching(entries, query).map(({ label }) => label);

test('finds words in any order, without accents and capitals', () => {
  expect(labels('')).toEqual(['Probar el bróker', 'Bróker', 'Dispositivos']);
  expect(labels('broker')).toEqual(['Bróker', 'Probar el bróker']);
  expect(labels('BROKER probar')).toEqual(['Probar el bróker']);
  expect(labels('x')).toEqual([]);
});
