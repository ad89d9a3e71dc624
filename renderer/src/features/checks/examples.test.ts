import { expect, it } from 'vitest';
import { defaultAccess } from '../../../../shared/model/access.ts';
import { checkSchema } from '../../../../shared/rules/check.ts';
import { takesOver } from '../../../../shared/rules/check-scope.ts';
import { exampleKinds, examplesOf } from './examples.ts';

const names = { sends: 'sends', commands: 'commands', foreign: 'foreign', foreignWrite: 'foreign write' };

it('makes sound checks of the access rules that a project begins with', () => {
  const made = examplesOf(defaultAccess, names);
  expect(made.map(({ kind }) => kind)).toEqual(exampleKinds);
  for (const { check } of made) {
    expect(checkSchema.safeParse(check).error?.issues).toBeUndefined();
    expect(takesOver(check)).toBe(true);
  }
  const [sends, commands, foreignWrite, foreign] = made.map(({ check }) => check);
  expect(sends?.publish).toMatchObject({ by: 'device', topic: '{project}/energy/{device}' });
  expect(sends?.expect).toMatchObject({ at: 'observer', topic: '{project}/energy/{device}', arrives: true });
  expect(commands?.publish).toMatchObject({ by: 'observer', topic: '{project}/commands/{device}' });
  expect(commands?.expect.at).toBe('device');
  // what must not arrive is meant for nobody real
  expect(foreignWrite?.expect).toMatchObject({ arrives: false, at: 'observer', topic: '{project}/energy/somebody-else' });
  expect(foreign?.expect).toMatchObject({ arrives: false, at: 'device', topic: '{project}/commands/somebody-else' });
});

it('offers only what the rules give', () => {
  const kinds = (write: string[], read: string[]) => examplesOf([{ role: 'device', write, read }], names).map(({ kind }) => kind);
  expect(kinds(['{project}/{device}/up'], [])).toEqual(['sends', 'foreignWrite']);
  expect(kinds(['{project}/#'], ['{project}/all', 'to/{device}'])).toEqual(['commands', 'foreign']);
  expect(kinds(['#'], ['#'])).toEqual([]);
  expect(examplesOf([{ role: 'gateway', write: ['{device}'], read: [] }], names)).toEqual([]);
});
