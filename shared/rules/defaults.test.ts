import { expect, test } from 'vitest';
import { standardDefaults } from '../model/defaults.ts';
import { defaultsChange, defaultsSchema } from './defaults.ts';
import { checkPlan } from './plan.ts';

test('the standard is allowed, and is what a plan without these answers gets', () => {
  expect(defaultsSchema.parse({})).toEqual(standardDefaults);
  expect(defaultsChange.safeParse(standardDefaults).success).toBe(true);
  const checked = checkPlan({ project: 'lab', broker: { names: ['a.example'] } });
  if (!('plan' in checked)) throw new Error('refused');
  const { authority, broker, deviceDays } = checked.plan;
  expect({ key: authority.key, deviceDays, brokerDays: broker.days, port: broker.port, target: broker.target }).toEqual({
    key: standardDefaults.key,
    deviceDays: standardDefaults.deviceDays,
    brokerDays: standardDefaults.brokerDays,
    port: standardDefaults.port,
    target: standardDefaults.target,
  });
});

test.each([
  [{ deviceDays: 89 }],
  [{ deviceDays: 3651 }],
  [{ deviceDays: 365.5 }],
  [{ brokerDays: 0 }],
  [{ brokerDays: 826 }],
  [{ port: 0 }],
  [{ port: 65_536 }],
  [{ country: 'es' }],
  [{ country: 'ESP' }],
  [{ organisation: 'x'.repeat(65) }],
  [{ organisation: ' ' }],
  [{ organisation: 'a\nb' }],
  [{ operator: 'x'.repeat(65) }],
  [{ key: 'dsa' }],
  [{ target: 'emqx' }],
  [{ colour: 'pink' }],
])('%j is refused as a change, and read from a file as the standard', (change) => {
  expect(defaultsChange.safeParse(change).success).toBe(false);
  expect(defaultsSchema.parse({ ...change, port: 'port' in change ? change.port : 18_883 })).toEqual({
    ...standardDefaults,
    port: 'port' in change ? standardDefaults.port : 18_883,
  });
});
