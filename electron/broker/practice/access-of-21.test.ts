import { expect, it } from 'vitest';
import { accessDialects } from '../../../shared/rules/access-dialect.ts';
import { type AccessLine, type AccessList, type AccessQuery, accessEvaluator } from '../../../shared/rules/access-list.ts';
import { askedTopics, askedUsers, randomAccessLists } from '../testing/random-access.ts';

/**
 * What Mosquitto 2.1 does differently with an access list: `%u` and `%c` stand for somebody only where they are a whole level. The 2,000
 * lists that a real broker judges (access-as-mosquitto.test.ts) are judged by 2.0; here 2.1 is held to it wherever the two are one.
 */
const placeholder = /%[uc]/;
const part = (topic: string) => topic.split('/').some((level) => placeholder.test(level) && level !== '%u' && level !== '%c');
const pattern = (access: 'read' | 'write' | 'readwrite' | 'deny', topic: string): AccessLine => ({
  kind: 'pattern',
  access,
  topic,
});
const both = (list: AccessList, query: AccessQuery) =>
  [false, true].map((wholeLevelsOnly) => accessEvaluator(list, { wholeLevelsOnly })(query).allowed);
const meter = { user: 'm-1', clientId: 'm-1' } as const;

it('a name that is a part of a level stands for nobody in 2.1, and denies nobody', () => {
  const list = [pattern('write', 'lab/dev-%u'), pattern('readwrite', 'lab/%u/%c')];
  expect(both(list, { ...meter, topic: 'lab/dev-m-1', verb: 'write' })).toEqual([true, false]);
  expect(both(list, { ...meter, topic: 'lab/m-1/m-1', verb: 'read' })).toEqual([true, true]);
  // it stays as it is written, and that is a topic of its own
  expect(both(list, { ...meter, topic: 'lab/dev-%u', verb: 'write' })).toEqual([false, true]);
  for (const topic of ['lab/%u%c', 'lab/%u-', 'lab/-%c', 'lab/%uu'])
    expect([topic, both([pattern('read', topic)], { ...meter, topic: topic.replace(/%[uc]/g, 'm-1'), verb: 'read' })]).toEqual([
      topic,
      [true, false],
    ]);
  const denied = [pattern('deny', 'lab/x-%u'), pattern('write', 'lab/+')];
  expect(both(denied, { ...meter, topic: 'lab/x-m-1', verb: 'write' })).toEqual([false, true]);
});

it('is one with 2.0 for every list without such a pattern, and otherwise with 2.0 on the list without it', () => {
  let parts = 0;
  const wrong: string[] = [];
  const topics = [...askedTopics, 'dev-m-1', 'dev-m-1/m-1', 'dev-a/b', 'dev-m-1/energy'];
  for (const list of randomAccessLists(2_000, 20261122)) {
    const here = list.map((line): AccessLine => (line.kind === 'pattern' && part(line.topic) ? { kind: 'blank' } : line));
    const has = here.some((line, index) => line !== list[index]);
    if (has) parts++;
    const [of21, of20] = [accessEvaluator(list, { wholeLevelsOnly: true }), accessEvaluator(here)];
    // a list in turn, or this would take as long as the broker itself
    for (const user of has ? askedUsers : askedUsers.slice(0, 2))
      for (const topic of topics)
        for (const verb of ['read', 'write'] as const) {
          const query = { user, clientId: 'm-1', topic, verb };
          if (of21(query).allowed !== of20(query).allowed) wrong.push(`${user} ${verb} ${topic}`);
        }
  }
  expect(wrong).toEqual([]);
  // both kinds are there
  expect(parts).toBeGreaterThan(25);
  expect(parts).toBeLessThan(1_900);
});

it('is what the simulator decides by, as soon as the project’s broker is 2.1', () => {
  const input = {
    project: 'lab',
    access: [{ role: 'device' as const, write: ['{project}/energy/dev-{device}', '{project}/{device}'], read: [] }],
    members: [],
    observer: 'observer',
  };
  const allowed = (target: 'mosquitto-2.0' | 'mosquitto-2.1', topic: string) =>
    accessDialects[target](input).decide({ ...meter, topic, verb: 'write' }).allowed;
  expect(allowed('mosquitto-2.0', 'lab/energy/dev-m-1')).toBe(true);
  expect(allowed('mosquitto-2.1', 'lab/energy/dev-m-1')).toBe(false);
  for (const target of ['mosquitto-2.0', 'mosquitto-2.1'] as const) expect(allowed(target, 'lab/m-1')).toBe(true);
});
