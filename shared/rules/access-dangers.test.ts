import { describe, expect, it } from 'vitest';
import { type AccessException, type AccessRule, defaultAccess } from '../model/access.ts';
import { accessDangers } from './access-dangers.ts';

const device = (write: string[], read: string[] = [], deny: string[] = []): AccessRule => ({ role: 'device', write, read, deny });
const found = (access: readonly AccessRule[], exceptions: readonly AccessException[] = []) =>
  accessDangers('lab', access, exceptions).map(({ kind, verb, topic, other, device: id }) =>
    [kind, verb, topic, other, id].filter((part) => part !== '').join(' '),
  );

describe('accessDangers', () => {
  it('has nothing against what a project gets by itself', () => {
    expect(found(defaultAccess)).toEqual([]);
  });

  it.each<[string, AccessRule[], string[]]>([
    ['writing everything', [{ role: 'gateway', write: ['#'], read: [] }], ['writes-everything write #']],
    ['everything by another name', [{ role: 'gateway', write: ['+/#'], read: [] }], ['writes-everything write +/#']],
    ['reading everything', [{ role: 'own', write: [], read: ['#'] }], ['reads-everything read #', 'hash-without-sys read #']],
    ['an admin whose # ends before $SYS', [{ role: 'admin', write: [], read: ['#'] }], ['hash-without-sys read #']],
    ['a topic that every device writes', [device(['{project}/energy'])], ['write-without-device write {project}/energy']],
    [
      'a wildcard before the last level',
      [device(['{project}/+/{device}'], ['{project}/commands/{device}'])],
      ['wildcard-middle write {project}/+/{device} {project}/commands/{device}'],
    ],
    [
      'a device called like a branch',
      [device(['{project}/{device}/#', '{project}/energy/{device}'])],
      ['write-of-others write {project}/{device}/# {project}/energy/{device} energy'],
    ],
    [
      'a wildcard that takes in the others',
      [device(['{project}/energy/{device}', '{project}/{device}/+', '{project}/+/x/{device}'])],
      [
        'write-of-others write {project}/{device}/+ {project}/energy/{device} energy',
        'wildcard-middle write {project}/+/x/{device}',
      ],
    ],
    [
      'listening to the others',
      [device([], ['{project}/commands/#', '{project}/commands/{device}'])],
      ['read-of-others read {project}/commands/# {project}/commands/{device}'],
    ],
    ['a topic for all is none', [device([], ['{project}/all'])], []],
    [
      'commanding oneself',
      [device(['{project}/{device}/#'], ['{project}/{device}/commands'])],
      ['commands-itself write {project}/{device}/# {project}/{device}/commands'],
    ],
    [
      'what only the broker writes',
      [{ role: 'own', write: ['$SYS/x'], read: ['$share/g/lab/#'] }],
      ['broker-topic write $SYS/x', 'broker-topic read $share/g/lab/#'],
    ],
    [
      'allowed and denied',
      [device(['{project}/{device}'], [], ['{project}/+', 'other/#'])],
      ['denied-anyway write {project}/{device} {project}/+', 'denies-nothing deny other/#'],
    ],
    ['the topics of somebody else', [{ role: 'gateway', write: ['plant/#'], read: [] }], ['outside-project write plant/#']],
  ])('points out %s', (_, access, expected) => {
    expect(found(access)).toEqual(expected);
  });

  it('knows what an exception does not change', () => {
    const exceptions = [
      { device: 'm-1', write: ['{project}/energy/m-1', '{project}/#'], read: ['{project}/secret'], deny: ['elsewhere'] },
    ];
    expect(found([device(['{project}/energy/{device}'], [], ['{project}/secret'])], exceptions)).toEqual([
      'denies-nothing deny {project}/secret',
      'denied-anyway read {project}/secret {project}/secret',
      'denies-nothing deny elsewhere',
      'allowed-already write {project}/energy/m-1',
    ]);
  });
});
