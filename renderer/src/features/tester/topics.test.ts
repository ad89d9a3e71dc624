import { expect, test } from 'vitest';
import { defaultAccess } from '../../../../shared/model/access.ts';
import { firstFilter, firstTopic } from './topics.ts';

const meter = { kind: 'device', deviceId: 1, id: 'meter-001' } as const;

test('topics are filled in by role', () => {
  expect(firstFilter({ kind: 'observer' }, 'lab', defaultAccess)).toBe('lab/#');
  expect(firstTopic({ kind: 'observer' }, 'lab', defaultAccess)).toBe('lab/commands/');
  expect(firstFilter(meter, 'lab', defaultAccess)).toBe('lab/commands/meter-001');
  expect(firstTopic(meter, 'lab', [{ role: 'device', write: ['x/{project}/{device}/v'], read: [] }])).toBe('x/lab/meter-001/v');
  expect(firstTopic(meter, 'lab', [])).toBe('lab/energy/meter-001');
});
