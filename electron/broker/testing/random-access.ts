import fc from 'fast-check';
import { roles } from '../../../shared/model/access.ts';
import type { AccessLine, AccessList, AccessWord } from '../../../shared/rules/access-list.ts';
import { compileAcl } from '../../../shared/rules/access-mosquitto.ts';

/** Whom the lists are asked about; null = without a user name. Two of them would be wildcards in a pattern, one two levels. */
export const askedUsers = ['m-1', 'g-1', 'dash-1', 'observer', 'a+b', 'a/b', '#x', null] as const;

const levels = ['lab', 'energy', 'commands', 'm-1', 'g-1', 'x y', 'a', ''];
const endings = ['energy/m-1', 'energy/g-1', 'commands/m-1', 'commands/g-1', 'energy', 'm-1/energy', 'a'];

/** Topics of messages: near what the lists speak of, so that both answers are frequent. */
export const askedTopics: readonly string[] = [
  ...endings.map((end) => `lab/${end}`),
  ...['lab', 'lab/', '/lab', 'lab//m-1', 'lab/x y', 'lab/energy/m-1/deep', 'energy', 'energy/m-1', 'a/b', 'a', '/'],
  ...['$foo', '$foo/bar', '$foo/energy/m-1', '$SYS/broker/version', '$sys/x'],
  ...levels.filter((level) => level !== '').flatMap((one) => levels.map((two) => `${one}/${two}`)),
];

const word = fc.constantFrom<AccessWord>('read', 'write', 'readwrite', 'deny');
const level = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...levels) }, { weight: 2, arbitrary: fc.constant('+') });
const filter = (placeholders: readonly string[]) =>
  fc
    .tuple(
      fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom('lab', 'energy', '+', 'a', '') },
        { weight: 1, arbitrary: fc.constantFrom('$foo', '$SYS') },
        ...(placeholders.length > 0 ? [{ weight: 2, arbitrary: fc.constantFrom(...placeholders, 'c', 'dev-%u') }] : []),
      ),
      fc.array(placeholders.length > 0 ? fc.oneof(level, fc.constantFrom(...placeholders)) : level, { maxLength: 2 }),
      fc.boolean(),
    )
    .map(([first, rest, all]) => [first, ...rest, ...(all ? ['#'] : [])].join('/'))
    // a line with nothing after its word is no line
    .map((topic) => (topic === '' || topic === '/' ? '#' : topic));
const topicLine = fc.record({ kind: fc.constant('topic' as const), access: word, topic: filter([]) });
const patternLine = fc.record({ kind: fc.constant('pattern' as const), access: word, topic: filter(['%u', '%c']) });
const userLine = fc.constantFrom(...askedUsers.filter((user) => user !== null)).map((user) => ({ kind: 'user' as const, user }));

/** Lines in any order, as somebody may write them by hand: blocks twice, patterns inside of blocks, lines for nobody. */
const anyList: fc.Arbitrary<AccessList> = fc.array<AccessLine>(
  fc.oneof({ weight: 5, arbitrary: topicLine }, { weight: 3, arbitrary: patternLine }, { weight: 4, arbitrary: userLine }),
  { maxLength: 12 },
);

const template = fc.constantFrom(
  '{project}/energy/{device}',
  '{project}/commands/{device}',
  '{project}/#',
  '{project}/+/{device}',
  'energy/#',
  '#',
  '$SYS/#',
  '{project}/{device}/#',
  'a/b',
);
/** What our own writer makes of a project's rules. */
const compiledList: fc.Arbitrary<AccessList> = fc
  .record({
    access: fc.array(
      fc.record({
        role: fc.constantFrom(...roles, 'own'),
        write: fc.array(template, { maxLength: 2 }),
        read: fc.array(template, { maxLength: 2 }),
        deny: fc.array(template, { maxLength: 1 }),
      }),
      { maxLength: 5 },
    ),
    dashboard: fc.constantFrom('gateway', 'dashboard', 'admin', 'own'),
    gateway: fc.boolean(),
    exceptions: fc.uniqueArray(
      fc.record({
        device: fc.constantFrom('m-1', 'g-1', 'dash-1'),
        write: fc.array(template, { maxLength: 1 }),
        read: fc.array(template, { maxLength: 1 }),
        deny: fc.array(template, { maxLength: 1 }),
      }),
      { maxLength: 2, selector: ({ device }) => device },
    ),
    deviceIs: fc.constantFrom('user' as const, 'client' as const),
  })
  .map(({ access, dashboard, gateway, exceptions, deviceIs }) => {
    const members = [{ id: 'dash-1', role: dashboard }, ...(gateway ? [{ id: 'g-1', role: 'gateway' as const }] : [])] as const;
    return compileAcl({ project: 'lab', access, exceptions, members, observer: 'observer', deviceIs }).list;
  });

/** As many lists as wanted, the same for the same seed: half as our writer makes them, half as anybody may. */
export function randomAccessLists(count: number, seed: number): AccessList[] {
  return fc.sample(fc.oneof(anyList, compiledList), { numRuns: count, seed });
}
