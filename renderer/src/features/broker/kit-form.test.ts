import { expect, test } from 'vitest';
import { earlierKit, standardKit } from '../../../../shared/model/kit.ts';
import { cipherChoice, ciphersFor, kitDraftOf, kitOf, kitProblemsOf } from './kit-form.ts';

const draft = kitDraftOf(standardKit);

test('what was read is what would be saved, also the answers that are none', () => {
  for (const kit of [
    standardKit,
    earlierKit,
    { ...standardKit, maxConnections: 7, connectionRate: 20, networks: ['10.0.0.0/8'] },
  ])
    expect(kitOf(kitDraftOf(kit), 'mosquitto-2.0')).toEqual(kit);
  expect(kitOf({ ...draft, connectionRate: ' 12 ' }, 'mosquitto-2.0')).toMatchObject({ connectionRate: 12 });
});

test.each([
  [{ maxQueuedMessages: '' }],
  [{ maxQueuedMessages: '0' }],
  [{ maxPacketSize: '1 MB' }],
  [{ connectionRate: '-1' }],
  [{ logWeeks: '1.5' }],
  [{ ciphers: 'a b' }],
  [{ ciphersTls13: 'ECDHE' }],
  [{ networks: ['10.0.0.1/8'] }],
  [{ shipping: 'loki', shippingTarget: 'here' }],
  [{ shipping: 'syslog', shippingTarget: '' }],
] as const)('%j is not saved', (change) => {
  expect(kitOf({ ...draft, ...change }, 'mosquitto-2.0')).toBeNull();
});

test('a problem stands at its number', () => {
  expect(kitProblemsOf({ ...draft, logWeeks: 'x', maxConnections: '0' }, 'mosquitto-2.0').numbers.toSorted()).toEqual([
    'logWeeks',
    'maxConnections',
  ]);
});

test('each choice of ciphers leads to itself', () => {
  for (const choice of ['recommended', 'library', 'own'] as const) expect(cipherChoice(ciphersFor(choice))).toBe(choice);
});
