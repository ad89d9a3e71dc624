import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TestMessage } from '../../../../../shared/model/connection.ts';
import { compareNames } from './compare-names.ts';
import { Rate } from './rate.ts';
import { lastBytes, mostLevels, type TopicNode, TopicTree } from './topic-tree.ts';
import { retainedOf, TreeRows } from './tree-rows.ts';

let seq = 0;
const message = (topic: string, more: Partial<TestMessage> = {}): TestMessage => ({
  seq: ++seq,
  at: 1_000,
  direction: 'in',
  topic,
  payload: new Uint8Array([1]),
  qos: 0,
  retain: false,
  reasonCode: null,
  ...more,
});
const shown = (rows: TreeRows) => rows.rows.map(({ node }) => node.topic);

describe('topic tree', () => {
  test('counts every message at its topic and at all above it, in any order', () => {
    const level = fc.constantFrom('', 'a', 'b', 'meter-2', 'meter-10');
    const topic = fc.array(level, { minLength: 1, maxLength: 5 }).map((levels) => levels.join('/'));
    fc.assert(
      fc.property(
        fc.array(
          topic.filter((each) => each !== ''),
          { maxLength: 60 },
        ),
        (topics) => {
          const tree = new TopicTree();
          tree.add(topics.slice(0, 20).map((each) => message(each)));
          tree.add(topics.slice(20).map((each) => message(each)));
          expect([tree.root.total, tree.root.topics, tree.unlisted]).toEqual([topics.length, new Set(topics).size, 0]);
          for (const each of new Set(topics)) {
            const node = tree.of(each) as TopicNode;
            expect([node.topic, node.own]).toEqual([each, topics.filter((other) => other === each).length]);
            const below = topics.filter((other) => other === each || other.startsWith(`${each}/`));
            expect([node.total, node.topics]).toEqual([below.length, new Set(below).size]);
          }
        },
      ),
    );
  });

  test('ends at its limits: what comes beyond is counted where it belongs, not listed', () => {
    const tree = new TopicTree({ nodes: 10, characters: 1_000_000 });
    for (let topic = 0; topic < 1_000; topic++) tree.add([message(`lab/${topic}`)]);
    tree.add([message('lab/3')]);
    expect([tree.nodes, tree.root.total, tree.root.children[0]?.total, tree.unlisted]).toEqual([10, 1_001, 1_001, 991]);
    expect(tree.of('lab/3')?.own).toBe(2);
    const long = new TopicTree({ nodes: 1_000, characters: 100_000 });
    for (let topic = 0; topic < 100; topic++) long.add([message(`${topic}${'x'.repeat(30_000)}`)]);
    expect([long.nodes, long.unlisted]).toEqual([3, 97]);
  });

  test('a topic of 65,535 slashes is one place below 31 others', () => {
    const tree = new TopicTree();
    const topic = '/'.repeat(65_535);
    tree.add([message(topic), message(topic)]);
    expect([tree.nodes, tree.of(topic)?.own, tree.of(topic)?.depth]).toEqual([mostLevels, 2, mostLevels - 1]);
    expect(new TreeRows(tree).rows.length).toBe(mostLevels);
  });

  test('a million topics in a second or two, and no more memory for the last of them', () => {
    const tree = new TopicTree();
    for (let first = 0; first < 1_000_000; first += 10_000)
      tree.add(Array.from({ length: 10_000 }, (_, at) => message(`lab/${((first + at) * 7_919) % 1_000_003}/power`)));
    expect([tree.root.total, tree.nodes]).toEqual([1_000_000, 50_000]);
    expect(tree.unlisted).toBeGreaterThan(900_000);
  });

  test('keeps the beginning of the last payload, as a copy', () => {
    const tree = new TopicTree();
    const batch = new Uint8Array(5_000).fill(7);
    tree.add([message('a'), message('a', { at: 2_000, payload: batch })]);
    const last = tree.of('a')?.last;
    expect([last?.at, last?.size, last?.payload.length, last?.payload.buffer.byteLength]).toEqual([
      2_000,
      5_000,
      lastBytes,
      lastBytes,
    ]);
  });

  test('the retained mark follows what was seen of the broker', () => {
    const tree = new TopicTree();
    const empty = new Uint8Array();
    tree.add([message('a/b', { retain: true }), message('a/c', { retain: true }), message('a/d')]);
    expect([tree.of('a/b')?.retained, tree.root.retainedTopics]).toEqual([true, 2]);
    expect(retainedOf(tree.root, 10)).toEqual(['a/b', 'a/c']);
    expect(retainedOf(tree.root, 1)).toEqual(['a/b']);
    tree.add([message('a/b')]);
    expect(tree.of('a/b')?.retained).toBe(true);
    // refused by the broker, then accepted
    tree.add([message('a/b', { direction: 'out', retain: true, payload: empty, reasonCode: 135 })]);
    expect(tree.of('a/b')?.retained).toBe(true);
    tree.add([message('a/b', { direction: 'out', retain: true, payload: empty, reasonCode: 0 })]);
    tree.add([message('a/c', { retain: true, payload: empty })]);
    expect([tree.of('a/b')?.retained, tree.root.retainedTopics, tree.of('a/b')?.own]).toEqual([false, 0, 2]);
  });
});

describe('lines of the tree', () => {
  test('open and close, and a search shows what it finds with all above it', () => {
    const tree = new TopicTree();
    tree.add(['lab/a/x/1', 'lab/a/x/2', 'lab/b', '$SYS/up'].map((topic) => message(topic)));
    const rows = new TreeRows(tree);
    expect(shown(rows)).toEqual(['$SYS', '$SYS/up', 'lab', 'lab/a', 'lab/a/x', 'lab/b']);
    const node = (topic: string) => rows.rows.find((row) => row.node.topic === topic)?.node as TopicNode;
    rows.toggle(node('lab/a/x'), true);
    rows.toggle(node('$SYS'), false);
    expect(shown(rows)).toEqual(['$SYS', 'lab', 'lab/a', 'lab/a/x', 'lab/a/x/1', 'lab/a/x/2', 'lab/b']);
    rows.setSearch('X/2');
    expect([shown(rows), rows.found]).toEqual([['lab', 'lab/a', 'lab/a/x', 'lab/a/x/2'], 1]);
    rows.setSearch('lab/+');
    expect(shown(rows)).toEqual(['lab', 'lab/b']);
    rows.setSearch('');
    rows.collapseAll();
    expect(shown(rows)).toEqual(['$SYS', 'lab']);
    tree.add([message('new')]);
    expect(shown(rows)).toEqual(['$SYS', 'lab', 'new']);
    rows.reveal(tree.of('lab/a/x/1') as TopicNode);
    expect(shown(rows)).toContain('lab/a/x/1');
  });
});

test('names stand in the order that a person expects', () => {
  expect(['b', 'meter-10', 'meter-2', 'meter-02', '', 'a', 'meter-2b', 'meter-1'].toSorted(compareNames)).toEqual([
    '',
    'a',
    'b',
    'meter-1',
    'meter-02',
    'meter-2',
    'meter-2b',
    'meter-10',
  ]);
  const name = fc.string({ unit: fc.constantFrom('a', '-', '0', '1', '9'), maxLength: 6 });
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(compareNames(a, b))).toBe(-Math.sign(compareNames(b, a)) + 0);
      expect(compareNames(a, b) === 0).toBe(a === b);
      if (compareNames(a, b) < 0 && compareNames(b, c) < 0) expect(compareNames(a, c)).toBeLessThan(0);
    }),
    { numRuns: 20_000 },
  );
});

test('a steady rate is told as it is, from its beginning to long after its end', () => {
  const rate = new Rate();
  for (let at = 0; at <= 60_000; at += 20) rate.add(at);
  expect(rate.at(60_000)).toBeCloseTo(50, 0);
  expect(rate.at(70_000)).toBeLessThan(25);
  expect(rate.at(200_000)).toBeLessThan(0.01);
  const young = new Rate();
  for (let at = 0; at <= 2_000; at += 100) young.add(at);
  expect(young.at(2_000)).toBeGreaterThan(9);
  expect(young.at(2_000)).toBeLessThan(12);
  expect(new Rate().at(5)).toBe(0);
});
