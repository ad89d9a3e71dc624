import { expect, test } from 'vitest';
import { splitPath } from './file-name.ts';

test.each([
  ['/home/ana/fleet.fieldkey', 'fleet.fieldkey', '/home/ana'],
  ['C:\\Users\\Ana\\fleet.fieldkey', 'fleet.fieldkey', 'C:\\Users\\Ana'],
  ['/fleet.fieldkey', 'fleet.fieldkey', '/'],
  ['fleet.fieldkey', 'fleet.fieldkey', ''],
])('%s', (path, name, folder) => {
  expect(splitPath(path)).toEqual({ name, folder });
});
