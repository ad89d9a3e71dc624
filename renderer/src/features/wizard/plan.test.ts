import { expect, test } from 'vitest';
import { type Draft, emptyDraft } from './draft.ts';
import { checkDraft, problemsAt, stepOf } from './plan.ts';
import { requestCommand } from './request-command.ts';

const good: Draft = { ...emptyDraft('ES'), project: 'lab', names: ['broker.local'] };
const found = (change: Partial<Draft>, taken: readonly string[] = []) =>
  checkDraft({ ...good, ...change }, taken).problems.map((each) => `${stepOf(each)} ${each.path} ${each.rule}`);

test.each([
  [{ project: '' }, 'project project missing'],
  [{ project: 'a b' }, 'project project project-name'],
  [{ subject: { ...good.subject, country: 'Spain' } }, 'project subject.country country-code'],
  [{ names: [] }, 'broker broker broker-unreachable'],
  // nobody has said where the broker is: asked before anything is issued, not on the way
  [{ names: null }, 'check broker.host missing'],
  [{ names: ['10.0.0.1'] }, 'broker broker.names[0] host-is-address'],
  [{ addresses: ['10.0.1.256'] }, 'broker broker.addresses[0] ip-address'],
  [{ port: 'mqtt' }, 'broker broker.port number-range'],
  [{ port: '' }, 'broker broker.port number-range'],
  [{ port: '70000' }, 'broker broker.port number-range'],
  [{ brokerDays: '900' }, 'broker broker.days number-range'],
  [{ directory: 'etc' }, 'broker broker.directory path-absolute'],
  [{ devices: 'a\nb/c' }, 'devices devices.line2 device-id-characters'],
  [{ access: [{ role: 'device', write: ['a/#/b'], read: [] } as const] }, 'access access[0].write[0] topic-hash'],
  [{ access: [{ role: 'device', write: [], read: [] } as const] }, 'access devices[0].role access-none'],
])('%j', (change, expected) => {
  expect(found(change)).toContain(expected);
});

test('an example name of the program is no answer, one given by hand is', () => {
  expect(found({ names: null })).toEqual(['check broker.host missing']);
  expect(found({ names: null, project: '___' })).toEqual(['check broker.host missing']);
  expect(found({ names: ['mqtt.lab.example'] })).toEqual([]);
  expect(found({ names: null, addresses: ['10.0.1.5'] })).toEqual([]);
});

test('another project of this name is in the way, whatever the letters', () => {
  expect(found({}, ['LAB'])).toEqual(['project project duplicate']);
});

test('the first page with a problem is where one is led', () => {
  expect(checkDraft({ ...good, port: 'x', devices: '/' }, []).firstWrong).toBe('broker');
  expect(checkDraft(good, []).firstWrong).toBeNull();
});

test.each(['own', 'request', 'given'] as const)(
  'who makes the broker’s certificate stands in the plan: %s',
  (brokerCertificate) => {
    expect(checkDraft({ ...good, brokerCertificate }, []).plan()).toMatchObject({ brokerCertificate });
  },
);

test('the line for whoever runs the broker asks for the project’s key type, names and addresses', () => {
  expect(requestCommand({ ...good, names: ['*.lab.local', 'b.local'], addresses: ['10.0.1.5'], key: 'rsa2048' })).toBe(
    'openssl req -new -newkey rsa:2048 -nodes -keyout server.key -out broker.csr -subj "/CN=b.local" -addext "subjectAltName=DNS:*.lab.local,DNS:b.local,IP:10.0.1.5"',
  );
});

test('no devices yet is a project too', () => {
  expect(found({ devices: '\n' })).toEqual([]);
});

test('problems of a field include those of its entries', () => {
  const { problems } = checkDraft({ ...good, names: ['ok.example', '-'] }, []);
  expect(problemsAt(problems, 'broker.names')).toHaveLength(1);
  expect(problemsAt(problems, 'broker')).toHaveLength(1);
});
