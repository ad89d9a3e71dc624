import { expect, test } from 'vitest';
import { hrefOf, parseRoute } from './route.ts';

test('a route survives the fragment', () => {
  expect(parseRoute(hrefOf('devices', { state: 'due' }))).toEqual({ page: 'devices', params: { state: 'due' } });
  expect(parseRoute(hrefOf('settings'))).toEqual({ page: 'settings', params: {} });
});

test('parameters without a value are left out', () => {
  expect(hrefOf('devices', { state: undefined })).toBe('#/devices');
});

test('what is not a page is the overview', () => {
  expect(parseRoute('').page).toBe('overview');
  expect(parseRoute('#/nowhere?x=1').page).toBe('overview');
});
