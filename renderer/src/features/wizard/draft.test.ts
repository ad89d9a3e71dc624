import { describe, expect, test } from 'vitest';
import { defaultAccess } from '../../../../shared/model/access.ts';
import { standardDefaults } from '../../../../shared/model/defaults.ts';
import {
  changedNames,
  countryOf,
  emptyDraft,
  hostsIn,
  isBrokerUnknown,
  namesOf,
  readDraft,
  suggestedNames,
  withHost,
} from './draft.ts';
import { checkDraft } from './plan.ts';

describe('defaults', () => {
  test('with a name typed and the broker told, everything else works as it is', () => {
    const { problems, plan } = checkDraft({ ...emptyDraft('ES'), project: 'lab', ...hostsIn('10.0.1.5') }, []);
    expect(problems).toEqual([]);
    expect(plan()).toMatchObject({
      project: 'lab',
      subject: { country: 'ES' },
      broker: { names: [], addresses: ['10.0.1.5'], port: 8883, days: 397 },
      devices: [{ pattern: 'meter-{001..003}', role: 'device' }],
      access: defaultAccess,
    });
  });

  test('what this computer starts with comes first', () => {
    const defaults = { ...standardDefaults, organisation: 'Stadtwerke', country: 'DE', key: 'rsa2048', deviceDays: 500 } as const;
    const { problems, plan } = checkDraft(
      { ...emptyDraft('ES', { ...defaults, brokerDays: 90, port: 18_883 }), project: 'lab', names: ['broker.local'] },
      [],
    );
    expect(problems).toEqual([]);
    expect(plan()).toMatchObject({
      subject: { country: 'DE', organisation: 'Stadtwerke' },
      authority: { key: 'rsa2048' },
      broker: { port: 18_883, days: 90 },
      deviceDays: 500,
    });
  });

  test.each([
    ['lab', ['mqtt.lab.example']],
    ['Lab_Badajoz.2', ['mqtt.lab-badajoz-2.example']],
    ['-x-', ['mqtt.x.example']],
    ['___', []],
    ['', []],
  ])('the broker of %s', (project, names) => {
    expect(suggestedNames(project)).toEqual(names);
  });

  test('a name that was typed stays when the project is renamed', () => {
    const draft = { ...emptyDraft(''), project: 'a', names: ['broker.local'] };
    expect(namesOf({ ...draft, project: 'b' })).toEqual(['broker.local']);
  });

  test.each([
    ['broker.local', ['broker.local'], []],
    ['broker.local, 10.0.1.5  fd00::5', ['broker.local'], ['10.0.1.5', 'fd00::5']],
    ['a.local a.local', ['a.local'], []],
    // half typed, it is an address already
    ['10.0.1', [], ['10.0.1']],
    [' ', null, []],
  ])('typed as the place of the broker: %j', (text, names, addresses) => {
    expect(hostsIn(text)).toEqual({ names, addresses });
  });

  test('the example of the program goes as soon as there is something real, and stays where it was meant', () => {
    const draft = { ...emptyDraft(''), project: 'lab' };
    expect(isBrokerUnknown(draft)).toBe(true);
    expect(withHost(draft, 'broker.local')).toEqual({ names: ['broker.local'] });
    expect(withHost(draft, '10.0.1.5')).toEqual({ names: [], addresses: ['10.0.1.5'] });
    expect(changedNames(draft, ['mqtt.lab.example', 'broker.local'])).toEqual({ names: ['broker.local'] });
    const meant = { ...draft, names: ['mqtt.lab.example'] };
    expect(isBrokerUnknown(meant)).toBe(false);
    expect(withHost(meant, 'broker.local')).toEqual({ names: ['mqtt.lab.example', 'broker.local'] });
    expect(withHost(meant, '10.0.1.5')).toEqual({ names: ['mqtt.lab.example'], addresses: ['10.0.1.5'] });
    // taken away by hand, nothing comes back by itself
    expect(changedNames(draft, [])).toEqual({ names: [] });
  });

  test.each([
    ['es-ES', 'ES'],
    ['de_AT.UTF-8', 'AT'],
    ['en', ''],
    ['nonsense!', ''],
  ])('%s is %s', (language, country) => {
    expect(countryOf(language)).toBe(country);
  });
});

describe('a stored draft', () => {
  test('comes back as it was', () => {
    const draft = { ...emptyDraft('DE'), step: 'devices' as const, project: 'lab', names: ['x.example'], devices: 'a\nb/c' };
    expect(readDraft(JSON.stringify(draft), emptyDraft(''))).toEqual(draft);
  });

  test('what is missing or of another kind gets its default', () => {
    const read = readDraft(
      JSON.stringify({ version: 1, project: 'lab', years: 'ten', key: 'dsa', access: [{ role: 'boss' }] }),
      emptyDraft('ES'),
    );
    expect(read).toEqual({ ...emptyDraft('ES'), project: 'lab', devices: '' });
  });

  test('who runs the broker is kept; a draft of before that question is one of our own broker', () => {
    const draft = { ...emptyDraft('DE'), brokerCertificate: 'given' as const };
    expect(readDraft(JSON.stringify(draft), emptyDraft(''))?.brokerCertificate).toBe('given');
    const { brokerCertificate: _, ...before } = draft;
    expect(readDraft(JSON.stringify(before), emptyDraft(''))?.brokerCertificate).toBe('own');
  });

  test('what cannot be a draft is none', () => {
    for (const stored of [null, '', '{', '[]', 'null', '{"version":2}']) expect(readDraft(stored, emptyDraft(''))).toBeNull();
  });

  test('interrupted work is checked before it goes on', () => {
    expect(readDraft(JSON.stringify({ ...emptyDraft(''), step: 'issue' }), emptyDraft(''))?.step).toBe('check');
    expect(readDraft(JSON.stringify({ ...emptyDraft(''), step: 'export' }), emptyDraft(''))?.step).toBe('check');
    expect(readDraft(JSON.stringify({ ...emptyDraft(''), step: 'export', projectId: 3 }), emptyDraft(''))?.step).toBe('export');
  });
});
