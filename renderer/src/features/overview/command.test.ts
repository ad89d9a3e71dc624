import { expect, test } from 'vitest';
import { planSchema } from '../../../../shared/rules/plan.ts';
import { provisionCommand, samplePlan } from './command.ts';

test('the sample on the page is a valid plan', () => {
  expect(planSchema.safeParse(JSON.parse(samplePlan)).success).toBe(true);
});

test.each([
  ['/home/ana/fleet.fieldkey', '/home/ana/fleet.fieldkey'],
  ['/home/ana/My vaults/fleet.fieldkey', '"/home/ana/My vaults/fleet.fieldkey"'],
  ['C:\\Users\\Ana\\fleet.fieldkey', '"C:\\Users\\Ana\\fleet.fieldkey"'],
  ['/tmp/a$b.fieldkey', '"/tmp/a\\$b.fieldkey"'],
])('%s survives the shell', (file, word) => {
  expect(provisionCommand(file)).toBe(`npm run -s cli -- provision plan.json --vault ${word} --out kit`);
});
